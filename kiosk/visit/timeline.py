"""A visit's steps with their times, as JSON lines, for rehearsals and the benchmark; rig profile only.

It names steps, reasons and what the face check asked for, and nothing personal.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from kiosk.flows.engine import Outcome, Step
from kiosk.flows.views import View
from kiosk.session import Session

Kind = Literal["arrived", "shown", "prompted"]
CHALLENGES = frozenset({"coach", "look_straight", "turn_left", "turn_right", "flash"})


@dataclass(frozen=True)
class Moment:
    """One thing that happened at a time (CLOCK_MONOTONIC)."""

    at_s: float
    kind: Kind
    session: str
    step: str
    waits_for: str = ""
    outcome: str | None = None
    reason: str | None = None
    prompt: str | None = None


class TimelineWriter:
    """The observer of a rig's visit loop; also told what came onto the glass."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")
        self._session = ""

    def arrived(self, step: type[Step], session: Session, outcome: Outcome | None) -> None:
        """A visit arrived at a step."""
        self._session = str(session.id)
        self._write("arrived", step.__name__, waits_for=step.waits_for, outcome=outcome, reason=session.reason)

    def changed(self, step: type[Step], session: Session) -> None:
        """Only the face check's prompts matter here."""
        if session.face_prompt is not None:
            self._write("prompted", step.__name__, prompt=session.face_prompt.kind)

    def shown(self, view: View) -> None:
        """A view was drawn."""
        self._write("shown", view.step)

    def _write(self, kind: Kind, step: str, **more: Any) -> None:
        moment = {"at_s": time.monotonic(), "kind": kind, "session": self._session, "step": step, **more}
        self._file.write(json.dumps(moment) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def read(path: Path) -> list[Moment]:
    """All moments written so far; a line still being written is left for the next time."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").split("\n")
    return [Moment(**json.loads(line)) for line in lines[:-1]]


@dataclass(frozen=True)
class StepTime:
    """How long a step took, and how much of that the machine took."""

    name: str
    seconds: float
    machine_seconds: float


def step_times(moments: Iterable[Moment]) -> list[StepTime]:
    """The steps of one visit. The machine's time excludes waiting for touch or card, and challenge motion."""
    return [_step_time(step, moments) for step, moments in _by_step(moments)]


def _by_step(moments: Iterable[Moment]) -> Iterator[tuple[Moment, list[Moment]]]:
    """Each arrival with all moments up to and including the next arrival."""
    group: list[Moment] = []
    for moment in moments:
        if moment.kind == "arrived" and group:
            yield group[0], [*group, moment]
            group = []
        group.append(moment)


def _step_time(arrival: Moment, moments: list[Moment]) -> StepTime:
    total = moments[-1].at_s - arrival.at_s
    if arrival.waits_for == "device":
        machine = sum(
            after.at_s - before.at_s for before, after in _asking(moments) if before.prompt not in CHALLENGES
        )
    else:
        shown = next((m.at_s for m in moments if m.kind == "shown" and m.step == arrival.step), moments[-1].at_s)
        machine = min(shown, moments[-1].at_s) - arrival.at_s
    return StepTime(arrival.step, round(total, 3), round(machine, 3))


def _asking(moments: list[Moment]) -> Iterator[tuple[Moment, Moment]]:
    return pairwise([moment for moment in moments if moment.kind != "shown"])
