"""The hospital's bad days, switched on and off from the rig."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Literal, get_args

from kiosk.sync.fhir.systems import RECONCILIATION
from provisioning.rig.site.problem import Refused

Mode = Literal[
    "up",
    "slow",
    "away",
    "error_500",
    "busy",
    "html",
    "lost_reply",
    "token_refused",
    "several_match",
    "refuses_data",
]
MODES: tuple[Mode, ...] = get_args(Mode)
NOT_AT_THE_DOOR = ("up", "away", "slow", "several_match", "refuses_data")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_HTML = b"<!doctype html><title>Wi-Fi</title><p>Please sign in to the hospital's guest network."


class Faults:
    """How the hospital is doing.

    up; slow: works `slow_s` on each request; away: refuses connections; error_500, busy (503 with
    Retry-After), html (a captive portal's page); lost_reply: commits a transaction, then drops the
    connection; token_refused: no token is good; several_match (412) and refuses_data (422): what it says to a
    transaction. R4 §3.1.0.8.1.
    """

    def __init__(self, go_away: Callable[[], None], come_back: Callable[[], None]) -> None:
        self._go_away, self._come_back = go_away, come_back
        self._changed = threading.Condition()
        self._mode: Mode = "up"
        self._deliveries: int | None = None
        self._watchers: list[Callable[[Mode], None]] = []
        self._as_new()

    def watch(self, told: Callable[[Mode], None]) -> None:
        """Tell of each new mode that is set, once it is in force."""
        self._watchers.append(told)

    @property
    def mode(self) -> Mode:
        """The present mode."""
        return self._mode

    def reset(self) -> None:
        """All is well again, and everything as it was at first."""
        self.set("up")
        self._as_new()

    def _as_new(self) -> None:
        self.slow_s = 10.0
        self.retry_after_s = 1
        self.portal_down = False

    def set(self, mode: Mode, *, deliveries: int | None = None) -> None:
        """Switch; with `deliveries` the fault meets only that many transactions, then all is well again."""
        if mode not in MODES:
            raise ValueError(f"no such fault: {mode}")
        was_away = self._mode == "away"
        with self._changed:
            self._mode, self._deliveries = mode, deliveries
            self._changed.notify_all()
        if mode == "away" and not was_away:
            self._go_away()
        if was_away and mode != "away":
            self._come_back()
        for told in self._watchers:
            told(mode)

    def hurry(self) -> None:
        """Whoever is being slow, be done."""
        with self._changed:
            if self._mode == "slow":
                self._mode = "up"
            self._changed.notify_all()

    def dwell(self, *, delivery: bool = False) -> None:
        """Work slowly where the hospital is slow; a change of mode hurries it."""
        with self._changed:
            if self._mode == "slow" and self._meets(delivery):
                mode = self._mode
                self._changed.wait_for(lambda: self._mode != mode, self.slow_s)

    def refuse(self, entries: list[Any]) -> None:
        """Refuse a transaction for what its entries say, as the fault that is on has it.

        Several records match the number on the card, so a Patient that does not hang on it is taken.
        Raises: Refused.
        """
        with self._changed:
            if self._mode == "several_match" and _hangs_on_the_number(entries) and self._meets(delivery=True):
                raise Refused(412, "multiple-matches", "2 Patient resources match")
            if self._mode == "refuses_data" and self._meets(delivery=True):
                raise Refused(422, "business-rule", "this is not taken here")

    def meets(self, delivery: bool) -> Mode:
        """The fault that a request which just came in meets at the door."""
        with self._changed:
            if self._mode in NOT_AT_THE_DOOR or not self._meets(delivery):
                return "up"
            return self._mode

    def _meets(self, delivery: bool) -> bool:
        if self._deliveries is None:
            return True
        if not delivery or self._deliveries == 0:
            return False
        self._deliveries -= 1
        return True


def _hangs_on_the_number(entries: list[Any]) -> bool:
    """Whether a transaction has a Patient that is no new one flagged for reconciliation."""
    patients = (entry["resource"] for entry in entries if entry["request"]["url"] == "Patient")
    tags = (patient.get("meta", {}).get("tag", []) for patient in patients)
    return any(all(tag["system"] != RECONCILIATION for tag in found) for found in tags)


class FaultyDoor:
    """The ASGI middleware every request comes through."""

    def __init__(self, app: App, faults: Faults, drop: Callable[[Any], None]) -> None:
        self._app, self._faults, self._drop = app, faults, drop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request in, or let it meet the fault that is on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        fhir = scope["path"].startswith("/fhir")
        delivery = scope["method"] == "POST" and scope["path"].rstrip("/") == "/fhir"
        mode = self._faults.meets(delivery)
        if mode == "html":
            await _answer(send, 200, b"text/html", _HTML)
        elif mode == "lost_reply" and delivery:
            await self._lose_reply(scope, receive)
        elif mode == "error_500" and fhir:
            await _answer(send, 500, b"text/plain", b"Internal Server Error")
        elif mode == "busy" and fhir:
            retry_after = (b"retry-after", str(self._faults.retry_after_s).encode())
            await _answer(send, 503, b"text/plain", b"Service Unavailable", retry_after)
        elif mode == "token_refused" and (fhir or scope["path"].startswith("/auth")):
            await _answer(send, 401, b"application/json", b'{"error": "invalid_client"}')
        else:
            await self._app(scope, receive, send)

    async def _lose_reply(self, scope: Scope, receive: Receive) -> None:
        async def nowhere(message: Scope) -> None:
            """The answer is never sent."""

        await self._app(scope, receive, nowhere)
        self._drop(scope["client"])
        while (await receive())["type"] != "http.disconnect":
            pass


async def _answer(send: Send, status: int, kind: bytes, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [(b"content-type", kind), length, *headers],
        }
    )
    await send({"type": "http.response.body", "body": body})
