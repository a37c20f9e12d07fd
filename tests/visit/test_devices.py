"""What reader and panel tell, as events of the visit."""

from __future__ import annotations

from typing import Literal

import pytest

from kiosk.flows import events as e
from kiosk.ports import ReaderEvent
from kiosk.visit.devices import reader_listener


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("reader_found", [e.ReaderFound()]),
        ("card_placed", [e.CardPlaced()]),
        ("card_removed", [e.CardTakenAway()]),
        ("reader_lost", [e.ReaderLost(), e.CardTakenAway()]),
    ],
)
def test_the_visit_hears_of_cards_and_of_the_reader_and_a_card_goes_with_its_reader(
    kind: Literal["card_placed", "card_removed", "reader_lost", "reader_found"], told: list[e.Event]
) -> None:
    heard: list[e.Event] = []
    changed: list[ReaderEvent] = []
    reader_listener(heard.append, changed.append)(ReaderEvent(kind))
    assert heard == told
    assert changed == [ReaderEvent(kind)]
