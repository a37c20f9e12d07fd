"""Card and reader on the real stack: what the rows of the table cannot show by how a visit ends."""

from __future__ import annotations

import json
import time
from pathlib import Path

from kiosk import messages as m
from kiosk.visit.timeline import read
from provisioning.rig import hall as surroundings
from provisioning.rig.choices import CardChoice, PullChoice, ReaderChoice, VisitorChoice
from provisioning.rig.glass import PilotedGlass
from provisioning.rig.rig import Rig

from .conftest import Hall

NAMED_WITHIN_S = 2.0
GROUPS = {PullChoice.DG1: 0x0101, PullChoice.DG13: 0x010D, PullChoice.DG14: 0x010E, PullChoice.DG2: 0x0102}


def test_a_card_pulled_at_once_is_never_called_wrong_digits(hall: Hall) -> None:
    report = hall.visit(
        card=CardChoice.PULLED,
        pull_at=PullChoice.ACCESS,
        access="digits",
        visitor=VisitorChoice.ASKS_FOR_STAFF,
    )
    steps = [step.name for step in report.steps]
    assert (report.outcome, report.reason) == ("staff", "staff_asked_for")
    assert steps.count("EnterDigits") == 1
    assert steps[steps.index("PutCardBack") + 1 :][:2] == ["ReadingChip", "ExplainFaceCheck"]


def test_a_card_pulled_at_the_photo_gives_nothing_but_the_photo_when_it_is_back(hall: Hall) -> None:
    report = hall.visit(card=CardChoice.PULLED, access="digits", visitor=VisitorChoice.ASKS_FOR_STAFF)
    assert "PutCardBack" in [step.name for step in report.steps]
    given = hall.rig.given_by_card()
    assert {group for group, file in GROUPS.items() if given.get(file)} == {PullChoice.DG2}


def test_a_forgery_is_recorded_at_the_hospital_by_what_gave_it_away(hall: Hall) -> None:
    known = len(hall.rig.site.security_events())
    assert hall.visit(card=CardChoice.ALTERED_DG1, access="digits").outcome == "refused"
    hall.until(lambda: len(hall.rig.site.security_events()) > known)
    (event,) = hall.rig.site.security_events()[known:]
    assert "dg1_hash_wrong" in json.dumps(event)


def test_a_reader_that_goes_is_named_in_two_seconds_with_a_red_lamp_and_heals_by_itself_over_and_over(
    hall: Hall,
) -> None:
    rig, around = hall.rig, surroundings.Hall(hall.rig)
    held = []
    for _ in range(4):
        gone_s = time.monotonic()
        around.change(reader=ReaderChoice.UNPLUGGED)
        hall.until(lambda: rig.step() == "OutOfOrder")
        named_s = next(at.at_s for at in read(rig.files.timeline) if at.at_s > gone_s and at.step == "OutOfOrder")
        assert named_s - gone_s < NAMED_WITHIN_S
        hall.until(lambda: rig.panel.state(m.Nothing()).lamp == "out_of_order")
        around.change(reader=ReaderChoice.PLUGGED_IN)
        hall.until(lambda: rig.step() == "Welcome")
        hall.until(lambda: rig.panel.state(m.Nothing()).lamp == "free")
        held.append(held_by_screen(rig))
    # the first round sets up what stays, on the rig's side of the process too
    hall.until(lambda: held_by_screen(rig) <= held[0])
    assert hall.visit(access="digits", visitor=VisitorChoice.ASKS_FOR_STAFF).reason == "staff_asked_for"


def held_by_screen(rig: Rig) -> tuple[int, int]:
    """Threads and open descriptors of the process that speaks to the reader."""
    process = Path(f"/proc/{rig.kiosk.children['screen'].pid}")
    return len(list((process / "task").iterdir())), len(list((process / "fd").iterdir()))


def test_a_card_left_lying_is_read_in_the_next_visit_without_being_asked_for(hall: Hall) -> None:
    """A card begins a visit by itself; here its visitor gives up, and the card stays where it is."""
    glass = PilotedGlass(hall.rig)
    hall.rig.lay_down("lan")
    for step, touched in (("AskConsent", "cancel"), ("Abandoned", "done")):
        hall.until(lambda step=step: hall.rig.step() == step)  # type: ignore[misc]
        glass.tap(touched)
    hall.until(lambda: hall.rig.step() == "Welcome")
    assert hall.rig.holds_card
    report = hall.visit(access="digits", visitor=VisitorChoice.ASKS_FOR_STAFF)
    assert report.reason == "staff_asked_for"
    assert "LayCard" not in [step.name for step in report.steps]
