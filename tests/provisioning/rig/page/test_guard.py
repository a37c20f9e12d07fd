"""Who may use the control page, told from a request's headers alone."""

from __future__ import annotations

from typing import Any

import pytest

from provisioning.rig.page.guard import why_not

HERE = "127.0.0.1:8765"


def request(method: str = "POST", **headers: str | None) -> dict[str, Any]:
    """A change as the page itself sends it, or with some headers otherwise."""
    sent: dict[str, str | None] = {"host": HERE}
    if method == "POST":
        sent |= {"origin": f"http://{HERE}", "content-type": "application/json", "content-length": "20"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return {
        "type": "http",
        "method": method,
        "headers": [(name.encode(), value.encode()) for name, value in sent.items() if value is not None],
    }


def status(scope: dict[str, Any]) -> int | None:
    refusal = why_not(scope)
    return refusal[0] if refusal else None


@pytest.mark.parametrize("host", [HERE, "localhost:8765", "[::1]:8765", "127.0.0.1", "localhost:40001"])
def test_a_browser_on_this_machine_may_look_and_change_also_through_a_tunnel(host: str) -> None:
    assert status(request("GET", host=host)) is None
    assert status(request(host=host, origin=f"http://{host}")) is None


@pytest.mark.parametrize(
    "host",
    ["evil.example:8765", "127.0.0.1.evil.example", "evil.example", "localhost.evil:80", "10.0.0.5:8765", None],
)
def test_a_strangers_name_that_points_here_may_not_even_look(host: str | None) -> None:
    assert status(request("GET", host=host)) == 421


def test_two_hosts_in_one_request_are_none() -> None:
    scope = request("GET")
    scope["headers"].append((b"host", b"evil.example"))
    assert status(scope) == 421


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1:8765", "http://127.0.0.1:9999", None]
)
def test_another_sites_script_or_form_changes_nothing(origin: str | None) -> None:
    assert status(request(origin=origin)) == 403


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
def test_only_json_is_a_change(kind: str | None) -> None:
    assert status(request(content_type=kind)) == 415


@pytest.mark.parametrize("length", ["5000", "-1", "1e3", None])
def test_a_change_is_small_and_says_how_long_it_is(length: str | None) -> None:
    assert status(request(content_length=length)) == 413


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH"])
def test_every_method_that_is_no_look_is_guarded_as_a_change(method: str) -> None:
    assert status(request(method)) == 403
