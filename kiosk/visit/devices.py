"""Turns what the reader and the panel tell into events of the visit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from kiosk.flows.events import CardPlaced, CardTakenAway, Event, ReaderFound, ReaderLost, StaffChosen
from kiosk.ports import ReaderEvent

Post = Callable[[Event], None]


def reader_listener(post: Post, reader_changed: Callable[[ReaderEvent], None]) -> Callable[[ReaderEvent], None]:
    """Cards and the reader itself go to the visit, the reader's state to `reader_changed` too.

    A card goes with its reader; that is told first, so that nobody is asked to put back what they did not take.
    """
    told: Mapping[str, tuple[Event, ...]] = {
        "card_placed": (CardPlaced(),),
        "card_removed": (CardTakenAway(),),
        "reader_lost": (ReaderLost(), CardTakenAway()),
        "reader_found": (ReaderFound(),),
    }

    def listen(event: ReaderEvent) -> None:
        reader_changed(event)
        for happened in told[event.kind]:
            post(happened)

    return listen


def panel_listener(
    post: Post, approached: Callable[[], None]
) -> Callable[[Literal["presence", "absence", "call_staff"]], None]:
    """The button asks for staff; somebody who steps up may be the visitor, who is looking for the card."""

    def listen(what: Literal["presence", "absence", "call_staff"]) -> None:
        if what == "call_staff":
            post(StaffChosen())
        elif what == "presence":
            approached()

    return listen
