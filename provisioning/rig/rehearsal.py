"""One scripted visit through the real stack, and its report: a table for people, JSON for machines, pictures."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kiosk import messages as m
from kiosk.visit.timeline import Moment, StepTime, step_times
from provisioning.rig import people, scenes
from provisioning.rig.choices import CardChoice, Choices, SiteChoice
from provisioning.rig.rig import Rig
from provisioning.rig.visitor import Visitor
from screens import pilot_service as p

EXIT_CODES = {"registered": 0, "pending": 3, "refused": 4, "staff": 5, "abandoned": 6}
FAULT = 1
SITE_MODES = {SiteChoice.ERROR_500: "error_500", SiteChoice.LOST_REPLY: "lost_reply"}


@dataclass(frozen=True)
class Report:
    """How a visit went; `reason` is a stable code."""

    flow: str
    outcome: str
    reason: str | None
    machine_seconds: float
    steps: list[StepTime] = field(default_factory=list)

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


class PilotedGlass:
    """The kiosk's screen as the visitor has it, with a picture of every screen kept where wanted."""

    def __init__(self, rig: Rig, pictures: Path | None) -> None:
        self._rig, self._pictures, self._count = rig, pictures, 0

    def view(self) -> dict[str, Any]:
        """What it shows."""
        self._rig.kiosk.watch_once()
        return self._rig.view()

    def tap(self, touchable: str) -> None:
        """Touch something."""
        self._rig.pilot.tap(p.Tap(id=touchable))

    def picture(self, view: dict[str, Any]) -> None:
        """Keep a picture; a screen that has gone by meanwhile leaves none."""
        if self._pictures is None:
            return
        prompt = (view.get("prompt") or {}).get("key", "").rpartition(".")[2]
        name = f"{self._count + 1:02d}-{view['step']}{'-' + prompt if prompt else ''}.png"
        path = self._pictures / name
        self._rig.pilot.screenshot(p.Screenshot(path=str(path)))
        if self._rig.view()["step"] == view["step"]:
            self._count += 1
        else:
            path.unlink()


def set_the_scene(rig: Rig, choices: Choices) -> None:
    """Who stands where, in which light, and how the hospital is."""
    rig.world.write(scenes.world(choices.camera, choices.persona, choices.light_lux))
    mode = SITE_MODES.get(choices.site, str(choices.site))
    once = 1 if choices.site is SiteChoice.LOST_REPLY else None
    rig.site.faults.set(mode, deliveries=once)  # type: ignore[arg-type]


def rehearse(rig: Rig, choices: Choices, pictures: Path | None = None) -> Report:
    """Go through one visit on a running rig. Raises: TimeoutError if the kiosk gets nowhere."""
    rig.moments()
    set_the_scene(rig, choices)
    variant = CardChoice.GENUINE if choices.card is CardChoice.WRONG_DIGITS else choices.card
    visitor = Visitor(
        choices,
        PilotedGlass(rig, pictures),
        digits=people.load(choices.persona).card.can,
        lay_down=lambda: rig.lay_down(choices.persona, variant),
        take_off=rig.take_off,
    )
    visitor.visit()
    return report(_one_visit(rig))


def _one_visit(rig: Rig) -> list[Moment]:
    """The visit's moments up to its ending."""
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


def report(moments: list[Moment]) -> Report:
    """What a visit's moments tell."""
    steps = [step for step in step_times(moments) if step.name != "Welcome"]
    end = moments[-1]
    return Report(
        flow="clinic_check_in",
        outcome=end.outcome or "fault",
        reason=end.reason,
        machine_seconds=round(sum(step.machine_seconds for step in steps), 3),
        steps=steps,
    )


def keep_artefacts(rig: Rig, out: Path, result: Report) -> None:
    """The FHIR transaction as the hospital got it, and the report."""
    if transaction := rig.site.last_transaction_json():
        (out / "fhir-transaction.json").write_text(transaction, encoding="utf-8")
    (out / "rehearsal.json").write_text(result.as_json() + "\n", encoding="utf-8")


def ready_again(rig: Rig) -> None:
    """Tap the last screen away and wait for the next visitor's welcome."""
    rig.pilot.tap(p.Tap(id="done"))
    deadline = time.monotonic() + 30
    while rig.step() != "Welcome":
        if time.monotonic() > deadline:
            raise TimeoutError("no welcome screen came")
        time.sleep(0.05)
    rig.link.health(m.Nothing())
