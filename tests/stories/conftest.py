"""A whole kiosk for the stories: pcscd, three processes, printer, hospital; each story is one visitor's visit."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from provisioning.rig import hall as surroundings
from provisioning.rig import rehearsal
from provisioning.rig.choices import Choices
from provisioning.rig.prepare import prepare
from provisioning.rig.rig import Rig

PATIENCE = {
    "face": {"coach_s": 4.0, "challenge_s": 4.0, "total_s": 16.0, "tries_per_visit": 2},
    "screen": {"width_px": 540, "height_px": 960, "pixels_per_mm": 2.79},
}
"""Less than in a hall: whoever fails the check fails it by what they are, not by how long they may.

And the same glass with a quarter of the pixels, all of which are drawn by the processor here.
"""


class Hall:
    """The rig with a visitor to send to it."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig

    def visit(self, **choices: object) -> rehearsal.Report:
        """One visit; afterwards the kiosk is at its welcome screen again."""
        report = rehearsal.rehearse(self.rig, Choices.model_validate(choices))
        rehearsal.ready_again(self.rig)
        return report

    def encounters_once_delivered(self) -> int:
        """How many visits the hospital has, when nothing waits to be told to it any more."""
        self.until(lambda: self.rig.link_health().outbox_waiting == 0)
        return len(self.rig.site.encounters())

    def slips(self) -> int:
        return len(self.rig.printer.slips)

    def until(self, true: Callable[[], bool], seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < deadline, "it did not come about"
            time.sleep(0.05)


@pytest.fixture(scope="session")
def rig(worker_id: str) -> Iterator[Rig]:
    prepare()
    log = Path(f"out/stories-{worker_id}.log")
    log.parent.mkdir(exist_ok=True)
    with log.open("wb") as file, Rig(log=file, overrides=PATIENCE) as rig:
        yield rig


@pytest.fixture
def hall(rig: Rig) -> Iterator[Hall]:
    yield Hall(rig)
    surroundings.Hall(rig).as_new()
