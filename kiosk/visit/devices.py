"""Turns what the reader and the panel tell into events of the visit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from kiosk.flows.events import CardPlaced, CardTakenAway, Event, StaffChosen
from kiosk.ports import ReaderEvent

Post = Callable[[Event], None]


def reader_listener(post: Post, reader_changed: Callable[[ReaderEvent], None]) -> Callable[[ReaderEvent], None]:
    """Cards go to the visit, the reader's own state to `reader_changed`."""

    def listen(event: ReaderEvent) -> None:
        reader_changed(event)
        if event.kind == "card_placed":
            post(CardPlaced())
        elif event.kind in ("card_removed", "reader_lost"):
            post(CardTakenAway())

    return listen


def panel_listener(
    post: Post, stay: Callable[[], None]
) -> Callable[[Literal["presence", "absence", "call_staff"]], None]:
    """The button asks for staff; somebody before the kiosk keeps the visit from going idle."""

    def listen(what: Literal["presence", "absence", "call_staff"]) -> None:
        if what == "call_staff":
            post(StaffChosen())
        elif what == "presence":
            stay()

    return listen
