"""The vision process dies under a visitor's eyes; a document is locked, and a place is not."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk import messages as m
from kiosk import ports, rpc
from kiosk.errors import KioskError
from kiosk.visit import restarts
from kiosk.visit.timeline import read
from provisioning.rig import failures, scenes
from provisioning.rig import hall as surroundings
from provisioning.rig.choices import AccessChoice
from provisioning.rig.incidents import Incidents
from provisioning.rig.rig import Rig

from .conftest import Hall

BACK_AFTER_S = 3.0


def dying_at(rig: Rig, *places: str, then: Callable[[], object] = lambda: None) -> Incidents:
    """`kill -9` of the vision process at each of these steps or prompts."""

    def die() -> None:
        rig.kill("vision")
        then()

    return Incidents(rig.files.timeline, dict.fromkeys(places, die))


def prompts_of_the_last_visit(rig: Rig) -> list[str]:
    moments = read(rig.files.timeline)
    session = [moment.session for moment in moments if moment.outcome][-1]
    return [moment.prompt for moment in moments if moment.session == session and moment.prompt]


@pytest.mark.parametrize(
    ("access", "places"),
    [
        (AccessChoice.QR, ("ScanQr", "CheckingFace.look_straight")),
        (AccessChoice.DIGITS, ("CheckingFace.turn_left", "CheckingFace.flash")),
    ],
)
def test_a_vision_process_that_dies_twice_costs_the_holder_time_and_nothing_else(
    hall: Hall, access: AccessChoice, places: tuple[str, str]
) -> None:
    before = hall.encounters_once_delivered()
    with dying_at(hall.rig, *places) as deaths:
        report = hall.visit(persona="minh", access=access)
    assert (report.outcome, report.reason, deaths.still_waiting) == ("registered", None, ())
    steps = [step.name for step in report.steps]
    assert steps.count("CheckingFace") == 1, "the visitor was asked nothing"
    assert "ScanQr" not in steps or "EnterDigits" not in steps
    assert hall.encounters_once_delivered() == before + 1
    # the check that passed was a whole one: nothing is carried over from one that died
    prompts = prompts_of_the_last_visit(hall.rig)
    assert prompts.count("compare") == 1
    assert {"turn_left", "turn_right", "flash"} <= set(prompts[prompts.index(places[-1].partition(".")[2]) + 1 :])


def test_whoever_takes_the_holders_place_while_the_camera_starts_again_is_not_let_in(hall: Hall) -> None:
    before, around = hall.encounters_once_delivered(), surroundings.Hall(hall.rig)
    with dying_at(
        hall.rig,
        "CheckingFace.compare",
        then=lambda: around.change(persona="tu", camera="another-person"),
    ) as deaths:
        report = hall.visit(persona="tu", access=AccessChoice.DIGITS)
    assert (report.outcome, report.reason, deaths.still_waiting) == ("staff", "face_other_person", ())
    assert hall.encounters_once_delivered() == before


def test_the_camera_is_back_after_three_seconds_of_work(rig: Rig) -> None:
    """Work, not time: the other core may well be busy with something else."""
    vision = rpc.client(ports.Vision, rig.files.vision)
    rig.kill("vision")
    rig.kiosk.children["vision"].wait(5)
    deadline = time.monotonic() + restarts.BACK_WITHIN_S
    health = ""
    while health != "ready":
        assert time.monotonic() < deadline, "nobody would wait so long"
        rig.kiosk.watch_once()
        with contextlib.suppress(KioskError):
            health = vision.health(m.Nothing()).camera
        time.sleep(0.02)
    fields = Path(f"/proc/{rig.kiosk.children['vision'].pid}/stat").read_text().rpartition(")")[2].split()
    assert (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") <= BACK_AFTER_S


def test_every_scene_but_the_holders_own_is_a_row_of_the_table() -> None:
    assert set(scenes.names()) - {"person"} == {row.choices.camera for row in failures.rows()} - {"person"}
