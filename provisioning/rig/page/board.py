"""The page's inside: what it shows of a rig, and what it does to it."""

from __future__ import annotations

import contextlib
import io
import threading
from typing import Any

from drivers.panel.panel_service import Presence
from kiosk import messages as m
from kiosk.errors import KioskError
from provisioning.rig import failures, people
from provisioning.rig.choices import (
    CARDS,
    CameraChoice,
    NetworkChoice,
    PowerChoice,
    PrinterChoice,
    ReaderChoice,
    SiteChoice,
)
from provisioning.rig.hall import Hall
from provisioning.rig.page.state import State
from provisioning.rig.page.watch import Watch
from provisioning.rig.rig import Rig

LIGHTS_LUX = (300.0, 2000.0, 20.0)


class NoSuchThing(LookupError):
    """The page was asked for a slip, a row or a knob that there is not."""


class Board:
    """Everything the page can show and do; safe to use from any thread."""

    def __init__(self, rig: Rig, hall: Hall, watch: Watch) -> None:
        self._rig, self._hall, self._watch = rig, hall, watch
        self._tried: dict[str, None] = {}
        self._turn = threading.Lock()

    # to look at ------------------------------------------------------------------------------------------------

    def options(self) -> dict[str, Any]:
        """What can be chosen, and the table of failures; the same as long as the rig runs."""
        return {
            "people": [
                {"id": person.id, "name": person.card.name, "digits": person.card.can}
                for person in people.everybody()
            ],
            "knobs": knobs(),
            "failures": [
                {"id": row.id, "part": row.part, "what": row.what, "must": row.must, "by_hand": row.by_hand}
                for row in failures.rows()
            ],
        }

    def state(self) -> State:
        """Everything that changes."""
        return State(hall=self._hall.state, seen=self._watch.seen(), tried=tuple(self._tried))

    def screen_png(self) -> bytes:
        """The kiosk's screen, last seen; empty before it was first seen."""
        return self._watch.glass.png

    def slip_png(self, number: int) -> bytes:
        """A slip as it was printed, the first is 1. Raises: NoSuchThing."""
        slips = self._rig.printer.slips
        if not 1 <= number <= len(slips):
            raise NoSuchThing(f"slip {number}")
        png = io.BytesIO()
        slips[number - 1].save(png, "PNG")
        return png.getvalue()

    # to do -----------------------------------------------------------------------------------------------------

    def change(self, knob: str, value: str | float | bool) -> State:
        """Turn a knob. Raises: NoSuchThing."""
        if value not in knobs().get(knob, ()):
            raise NoSuchThing(knob)
        self._hall.change(**{knob: value})
        return self.state()

    def all_well(self) -> State:
        """Put everything around the kiosk right."""
        self._hall.as_new()
        with contextlib.suppress(KioskError):  # a panel that is starting knows of nobody anyway
            self._rig.panel.stand_before(Presence(there=False))
        return self.state()

    def touch(self, x: float, y: float) -> State:
        """Touch the kiosk's screen. Raises: KioskError."""
        self._watch.glass.touch(x, y)
        return self.state()

    def call_staff(self) -> State:
        """Press the button by the screen. Raises: KioskError."""
        self._rig.panel.press_call_staff(m.Nothing())
        return self.state()

    def stand_before(self, there: bool) -> State:
        """Step up to the kiosk, or walk away. Raises: KioskError."""
        self._rig.panel.stand_before(Presence(there=there))
        return self.state()

    def tick(self, failure: str, done: bool) -> State:
        """Tick a row of the table off, or not. Raises: NoSuchThing."""
        if failure not in {row.id for row in failures.rows()}:
            raise NoSuchThing(failure)
        with self._turn:
            if done:
                self._tried[failure] = None
            else:
                self._tried.pop(failure, None)
        return self.state()


def knobs() -> dict[str, list[str | float | bool]]:
    """The values of each knob."""
    return {
        "persona": [person.id for person in people.everybody()],
        "card": list(CARDS),
        "card_on_reader": [False, True],
        "camera": [str(choice) for choice in CameraChoice],
        "light_lux": list(LIGHTS_LUX),
        "printer": list(PrinterChoice),
        "site": list(SiteChoice),
        "network": list(NetworkChoice),
        "reader": list(ReaderChoice),
        "power": list(PowerChoice),
    }
