"""Everything around the kiosk that can be changed, by the names the control page and `kiosk rehearse` use."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from printer.simulated.state import Mishap, State
from provisioning.rig import scenes
from provisioning.rig.choices import (
    HANDLED,
    CardChoice,
    NetworkChoice,
    PowerChoice,
    PrinterChoice,
    ReaderChoice,
    SiteChoice,
)
from provisioning.rig.rig import Rig
from provisioning.rig.site.faults import Mode

SITE_MODES: Mapping[SiteChoice, Mode] = {
    SiteChoice.UP: "up",
    SiteChoice.SLOW: "slow",
    SiteChoice.AWAY: "away",
    SiteChoice.ERROR_500: "error_500",
    SiteChoice.HTML: "html",
    SiteChoice.LOST_REPLY: "lost_reply",
    SiteChoice.TOKEN_REFUSED: "token_refused",
    SiteChoice.SEVERAL_MATCH: "several_match",
    SiteChoice.REFUSES_DATA: "refuses_data",
    SiteChoice.PORTAL_DOWN: "up",
}
PRINTER_STATES: Mapping[PrinterChoice, State] = {
    PrinterChoice.FULL: State.OK,
    PrinterChoice.LOW: State.PAPER_LOW,
    PrinterChoice.OUT: State.PAPER_OUT,
    PrinterChoice.COVER_OPEN: State.COVER_OPEN,
    PrinterChoice.CUTTER_JAM: State.CUTTER_ERROR,
    PrinterChoice.SILENT: State.SILENT,
}
MID_SLIP: Mapping[PrinterChoice, State | Mishap] = {
    PrinterChoice.STALLS: Mishap.STALLS,
    PrinterChoice.CUT_OFF: Mishap.BREAKS,
    PrinterChoice.RUNS_OUT: State.PAPER_OUT,
    PrinterChoice.COVER_OPENED: State.COVER_OPEN,
    PrinterChoice.JAMS: State.CUTTER_ERROR,
}
MID_SLIP_ROWS = 150
"""Well inside every slip."""


class HallState(BaseModel):
    """Who and what is around the kiosk."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    persona: str = "lan"
    card: CardChoice = CardChoice.GENUINE
    card_on_reader: bool = False
    camera: str = "person"
    light_lux: float = 300.0
    printer: PrinterChoice = PrinterChoice.FULL
    site: SiteChoice = SiteChoice.UP
    network: NetworkChoice = NetworkChoice.CONNECTED
    reader: ReaderChoice = ReaderChoice.PLUGGED_IN
    power: PowerChoice = PowerChoice.ON


class Hall:
    """The hands that change a rig's surroundings; safe to use from any thread."""

    def __init__(self, rig: Rig, state: HallState | None = None) -> None:
        self._rig, self._lock = rig, threading.RLock()
        self._state = state or HallState()
        self._apply_person(self._state)

    @property
    def state(self) -> HallState:
        """How things are now; what went over by itself, such as one lost reply, included."""
        rig = self._rig
        with self._lock:
            return self._state.model_copy(
                update={
                    "card_on_reader": rig.holds_card,
                    "printer": self._printer(),
                    "site": self._site(),
                    "network": NetworkChoice(rig.network.mode),
                    "reader": ReaderChoice.PLUGGED_IN if rig.has_reader else ReaderChoice.UNPLUGGED,
                    "power": PowerChoice.ON if rig.has_power else PowerChoice.CUT,
                }
            )

    def change(self, **changes: Any) -> HallState:
        """Change some of it. Raises: pydantic.ValidationError for what there is not."""
        with self._lock:
            before = self.state
            after = HallState.model_validate({**before.model_dump(), **changes})
            for names, apply in self._hands():
                if any(getattr(before, name) != getattr(after, name) for name in names):
                    apply(after)
            self._state = after
            return self.state

    def lay_card(self) -> HallState:
        """Lay the chosen card on the reader."""
        return self.change(card_on_reader=True)

    def take_card(self) -> HallState:
        """Take the card off the reader."""
        return self.change(card_on_reader=False)

    def as_new(self) -> HallState:
        """All is well again, and nobody there."""
        return self.change(**HallState(camera="nobody").model_dump())

    def _hands(self) -> tuple[tuple[tuple[str, ...], Callable[[HallState], None]], ...]:
        """Power first: what has none shows nothing."""
        return (
            (("power",), self._apply_power),
            (("reader",), self._apply_reader),
            (("network",), self._apply_network),
            (("persona", "camera", "light_lux"), self._apply_person),
            (("site",), self._apply_site),
            (("printer",), self._apply_printer),
            (("persona", "card", "card_on_reader"), self._apply_card),
        )

    def _apply_power(self, state: HallState) -> None:
        if state.power is PowerChoice.CUT:
            self._rig.cut_power()
        else:
            self._rig.restore_power()

    def _apply_reader(self, state: HallState) -> None:
        if state.reader is not ReaderChoice.PLUGGED_IN:
            self._rig.unplug_reader()
        if state.reader is not ReaderChoice.UNPLUGGED:
            self._rig.plug_in_reader()

    def _apply_network(self, state: HallState) -> None:
        self._rig.network.mode = state.network.value

    def _apply_person(self, state: HallState) -> None:
        self._rig.world.write(scenes.world(state.camera, state.persona, state.light_lux))

    def _apply_site(self, state: HallState) -> None:
        once = 1 if state.site is SiteChoice.LOST_REPLY else None
        self._rig.site.faults.portal_down = state.site is SiteChoice.PORTAL_DOWN
        self._rig.site.faults.set(SITE_MODES[state.site], deliveries=once)

    def _apply_printer(self, state: HallState) -> None:
        printer, choice = self._rig.printer, state.printer
        printer.stall_after_bytes = printer.befalls = None
        if choice in MID_SLIP:
            printer.befall_in(MID_SLIP_ROWS, MID_SLIP[choice])
        printer.state = PRINTER_STATES.get(choice, State.OK)

    def _apply_card(self, state: HallState) -> None:
        if not state.card_on_reader:
            self._rig.take_off()
        else:
            self._rig.lay_down(state.persona, CardChoice.GENUINE if state.card in HANDLED else state.card)

    def _site(self) -> SiteChoice:
        mode = self._rig.site.faults.mode
        if mode == "up" and self._rig.site.faults.portal_down:
            return SiteChoice.PORTAL_DOWN
        return next(choice for choice, its_mode in SITE_MODES.items() if its_mode == mode)

    def _printer(self) -> PrinterChoice:
        """What has happened in the middle of a slip is as it is now: paper that ran out is out."""
        printer = self._rig.printer
        if (befalls := printer.befalls) is not None:
            return next(choice for choice, what in MID_SLIP.items() if what is befalls[1])
        if printer.stall_after_bytes is not None:
            return PrinterChoice.STALLS
        return next(choice for choice, state in PRINTER_STATES.items() if state is printer.state)
