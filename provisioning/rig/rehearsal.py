"""One scripted visit through the real stack, and its report: a table for people, JSON for machines, pictures."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kiosk.supervisor import PROCESSES
from kiosk.visit.timeline import Moment, StepTime, step_times
from provisioning.rig.card_play import ScriptedCard, first_card
from provisioning.rig.choices import (
    Choices,
    ClockChoice,
    NumbersChoice,
    PrinterChoice,
    ProcessChoice,
    ReaderChoice,
    VisitorChoice,
)
from provisioning.rig.glass import PilotedGlass
from provisioning.rig.hall import Hall
from provisioning.rig.incidents import Incident, Incidents
from provisioning.rig.rig import Rig
from provisioning.rig.visitor import Ending, Visitor

EXIT_CODES = {
    "registered": 0,
    "pending": 3,
    "refused": 4,
    "staff": 5,
    "abandoned": 6,
    "restarted": 7,
    "out_of_order": 8,
}
FAULT = 1
WAIT_S = 30.0
CLOSED_FOR = (PrinterChoice.OUT, PrinterChoice.COVER_OPEN, PrinterChoice.CUTTER_JAM, PrinterChoice.SILENT)
"""With these the kiosk is out of order before anyone starts."""


@dataclass(frozen=True)
class Report:
    """How a visit went; `reason` is a stable code."""

    flow: str
    outcome: str
    reason: str | None
    machine_seconds: float
    steps: list[StepTime] = field(default_factory=list)
    restart_seconds: float | None = None
    """From the killing of the screen's process until the glass shows where a visit begins."""

    def as_json(self) -> str:
        """One line."""
        return json.dumps(asdict(self), ensure_ascii=False)

    def table(self) -> str:
        """Step, seconds, what it led to."""
        rows = [f"{'step':<20} {'seconds':>8} {'machine':>8}"]
        rows += [f"{step.name:<20} {step.seconds:>8.2f} {step.machine_seconds:>8.2f}" for step in self.steps]
        reason = f" ({self.reason})" if self.reason else ""
        return "\n".join(
            [*rows, f"{'outcome':<20} {self.outcome}{reason}, {self.machine_seconds:.2f} s of machine time"]
        )


def overrides(choices: Choices) -> dict[str, Any]:
    """The settings in which a rehearsal's kiosk differs from the rig's own."""
    differing: dict[str, Any] = {}
    if choices.visitor is VisitorChoice.WALKS_AWAY:
        differing["timers"] = {"idle_s": 10, "idle_warning_s": 20}
    if choices.clock is ClockChoice.LOST:
        differing["trust"] = {"clock": "none"}
    if choices.numbers is NumbersChoice.USED_UP:
        differing["site"] = {"leased_numbers": 0}
    return differing


def rehearse(rig: Rig, choices: Choices, glass: PilotedGlass | None = None) -> Report:
    """Go through one visit on a running rig; its surroundings stay as they are at the end.

    Raises: TimeoutError if the kiosk gets nowhere, or a step is not reached at which something was to happen.
    """
    rig.moments()
    hall = Hall(rig)
    around = {name: getattr(choices, name) for name in ("reader", "printer", "site", "network")}
    hall.change(**first_card(choices), camera=choices.camera, light_lux=choices.light_lux)
    if choices.when is None:
        hall.change(**around)
    glass = glass or PilotedGlass(rig)
    _wait_for(glass, "OutOfOrder" if _is_closed(choices) else "Welcome")
    with Incidents(rig.files.timeline, _incidents(rig, hall, choices, around)) as incidents:
        ending = Visitor(choices, glass, ScriptedCard(rig, hall, choices)).visit()
    if incidents.still_waiting:
        raise TimeoutError(f"the visit never came to {', '.join(incidents.still_waiting)}")
    restart_seconds = None
    if ending == "restarted" and incidents.last_at_s is not None:
        restart_seconds = round(time.monotonic() - incidents.last_at_s, 3)
    return report(_one_visit(rig, ending), ending, restart_seconds)


def _incidents(rig: Rig, hall: Hall, choices: Choices, around: dict[str, Any]) -> dict[str, Incident]:
    incidents: dict[str, Incident] = {}
    if choices.when is not None:
        incidents[choices.when] = lambda: hall.change(**around)
    if choices.kill is not None:
        incidents[choices.kill] = lambda: _kill(rig, choices.process)
    return incidents


def _kill(rig: Rig, process: ProcessChoice) -> None:
    if process is ProcessChoice.ALL:
        rig.cut_power()
        rig.restore_power()
    else:
        rig.kill(next(name for name in PROCESSES if name == process.value))


def _is_closed(choices: Choices) -> bool:
    return choices.when is None and (choices.reader is ReaderChoice.UNPLUGGED or choices.printer in CLOSED_FOR)


def _wait_for(glass: PilotedGlass, step: str) -> None:
    deadline = time.monotonic() + WAIT_S
    while glass.view()["step"] != step:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{step} did not come")
        time.sleep(0.05)


def _one_visit(rig: Rig, ending: Ending) -> list[Moment]:
    """The visit's moments up to its ending; all of them where it has none of its own."""
    if ending != "ended":
        return rig.moments()
    moments: list[Moment] = []
    deadline = time.monotonic() + 10
    while not any(moment.outcome for moment in moments):
        if time.monotonic() > deadline:
            raise TimeoutError("the visit's end was not recorded")
        moments += rig.moments()
        time.sleep(0.05)
    end = next(index for index, moment in enumerate(moments) if moment.outcome)
    session = moments[end].session
    return [moment for moment in moments[: end + 1] if moment.session == session]


def report(moments: list[Moment], ending: Ending, restart_seconds: float | None = None) -> Report:
    """What a visit's moments and its end tell."""
    steps = [step for step in step_times(moments) if step.name != "Welcome"]
    end = next((moment for moment in reversed(moments) if moment.kind == "arrived"), moments[-1])
    return Report(
        flow="clinic_check_in",
        outcome=(end.outcome or "fault") if ending == "ended" else ending,
        reason=end.reason,
        machine_seconds=round(sum(step.machine_seconds for step in steps), 3),
        steps=steps,
        restart_seconds=restart_seconds,
    )


def keep_artefacts(rig: Rig, out: Path, result: Report) -> None:
    """The FHIR transaction as the hospital got it, and the report."""
    if transaction := rig.site.last_transaction_json():
        (out / "fhir-transaction.json").write_text(transaction, encoding="utf-8")
    (out / "rehearsal.json").write_text(result.as_json() + "\n", encoding="utf-8")


def ready_again(rig: Rig) -> None:
    """Tap the last screen away, put all around the kiosk right, and wait for the next visitor's welcome."""
    Hall(rig).as_new()
    glass = PilotedGlass(rig)
    deadline = time.monotonic() + WAIT_S
    while (view := glass.view())["step"] != "Welcome":
        if time.monotonic() > deadline:
            raise TimeoutError(f"Welcome did not come after {view['step']}")
        if view.get("cancel"):
            glass.tap("cancel")
        elif any(button["id"] == "done" for button in view.get("buttons", ())):
            glass.tap("done")
        time.sleep(0.1)
