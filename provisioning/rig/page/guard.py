"""Who may use the control page: a browser on this machine, and of the pages it shows only our own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
"""Any port: through a tunnel (ssh -L, adb reverse) the page has another one in the browser than here."""
MAX_BODY_BYTES = 4096
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class Guard:
    """ASGI middleware in front of the page.

    Listening on loopback alone does not keep other web sites out, for the technician's browser is on loopback
    too. A name that a stranger lets point to 127.0.0.1 (DNS rebinding) betrays itself in Host; a form or script
    of another site in Origin, and a JSON body is none that a site may send unasked (Fetch, 2.2.2).
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request in, or answer why not."""
        refusal = why_not(scope)

        async def send_guarded(message: Scope) -> None:
            if message["type"] == "http.response.start":
                guarding = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                message = {**message, "headers": [*message["headers"], *guarding]}
            await send(message)

        if refusal is None:
            await self._app(scope, receive, send_guarded)
            return
        status, reason = refusal
        headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(reason)).encode())]
        await send_guarded({"type": "http.response.start", "status": status, "headers": headers})
        await send_guarded({"type": "http.response.body", "body": reason.encode()})


def why_not(scope: Scope) -> tuple[int, str] | None:
    """The status and reason for which a request is refused; None for one that may come in."""
    hosts, origins = _header(scope, b"host"), _header(scope, b"origin")
    if len(hosts) != 1 or _without_port(hosts[0]) not in LOOPBACK:
        return 421, "this page is for a browser on this machine"
    if scope["method"] in ("GET", "HEAD"):
        return None
    if origins != [f"http://{hosts[0]}"]:
        return 403, "changes are made from the page itself"
    if _header(scope, b"content-type") != ["application/json"]:
        return 415, "a change is JSON"
    lengths = _header(scope, b"content-length")
    if len(lengths) != 1 or not lengths[0].isdecimal() or int(lengths[0]) > MAX_BODY_BYTES:
        return 413, "a change is small"
    return None


def _header(scope: Scope, wanted: bytes) -> list[str]:
    return [value.decode("latin-1") for name, value in scope["headers"] if name == wanted]


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() else host
