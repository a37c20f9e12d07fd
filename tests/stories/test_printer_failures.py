"""What a rehearsal's report cannot tell of paper trouble: lamps, sounds, words, and what stands on the slip."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import zxingcpp
from PIL import Image, ImageChops

from kiosk.messages import Nothing
from printer import gallery, layout, slips
from printer.document import Document
from provisioning.rig import hall as surroundings
from provisioning.rig import people, rehearsal
from provisioning.rig.choices import Choices
from provisioning.rig.glass import PilotedGlass
from provisioning.rig.rig import Rig
from screens.pilot_service import Tap, TypeDigits

from .conftest import PATIENCE, Hall

MARK_ROWS = 60
"""Well inside the bar with a copy's number at the top of a slip."""


@pytest.fixture
def around(hall: Hall) -> Iterator[surroundings.Hall]:
    around = surroundings.Hall(hall.rig)
    yield around
    around.as_new()
    leave(hall)


def leave(hall: Hall) -> None:
    """Whatever shows, go back to the welcome screen."""
    glass = PilotedGlass(hall.rig)
    view = glass.view()
    if view.get("cancel"):
        glass.tap("cancel")
    if view["kind"] != "welcome":
        glass.tap("done")
    hall.until(lambda: hall.rig.step() == "Welcome")


def at(hall: Hall, step: str) -> dict[str, Any]:
    hall.until(lambda: hall.rig.step() == step)
    return hall.rig.view()


def said(view: dict[str, Any]) -> str:
    """The line's keys, and what fills them in the second language."""
    return json.dumps(view["lines"], ensure_ascii=False)


def lamp(hall: Hall) -> str | None:
    return hall.rig.panel.state(Nothing()).lamp


def tap(hall: Hall, *names: str) -> None:
    for name in names:
        hall.rig.pilot.tap(Tap(id=name))


def registered_with(hall: Hall, printer: str) -> dict[str, Any]:
    """The last screen of a visit whose slip goes wrong."""
    choices = Choices.model_validate({"printer": printer, "access": "digits"})
    report = rehearsal.rehearse(hall.rig, choices)
    assert report.outcome == "registered", report.table()
    return at(hall, "Registered")


def test_without_paper_the_red_lamp_is_lit_before_anyone_starts_and_goes_out_by_itself(
    hall: Hall, around: surroundings.Hall
) -> None:
    hall.until(lambda: lamp(hall) == "free")
    around.change(printer="out")
    view = at(hall, "OutOfOrder")
    assert lamp(hall) == "out_of_order"
    assert "put in a new roll" in said(view).replace("please ", "")
    around.change(printer="cover-open")
    hall.until(lambda: "close it until it clicks" in said(hall.rig.view()))
    around.change(printer="full")
    at(hall, "Welcome")
    hall.until(lambda: lamp(hall) == "free")


def test_paper_that_runs_low_is_the_technicians_alarm(hall: Hall, around: surroundings.Hall) -> None:
    around.change(printer="low")
    hall.until(lambda: "printer_paper_low" in hall.rig.link_health().alarms)
    assert hall.rig.link_health().printer == "ready"
    assert hall.rig.step() == "Welcome"
    around.change(printer="full")
    hall.until(lambda: "printer_paper_low" not in hall.rig.link_health().alarms)


def test_paper_that_ends_in_the_slip_is_told_and_closes_the_kiosk_only_after_the_visitor(
    hall: Hall, around: surroundings.Hall
) -> None:
    sounds = hall.rig.panel.state(Nothing()).sounds_played
    view = registered_with(hall, "runs-out")
    number = view["big"]
    assert number
    assert "perhaps_slip" in said(view)
    assert "run out of paper" in said(view)
    panel = hall.rig.panel.state(Nothing())
    assert (panel.lamp, panel.last_sound) == ("busy", "attention")
    assert panel.sounds_played > sounds
    assert [button["id"] for button in view["buttons"]] == ["done"], "the printer has no paper"
    around.change(printer="full")
    hall.until(lambda: [button["id"] for button in hall.rig.view()["buttons"]] == ["print", "done"])
    around.change(printer="out")
    hall.until(lambda: [button["id"] for button in hall.rig.view()["buttons"]] == ["done"])
    assert hall.rig.view()["big"] == number
    tap(hall, "done")
    at(hall, "OutOfOrder")
    hall.until(lambda: lamp(hall) == "out_of_order")
    around.change(printer="full")
    at(hall, "Welcome")


def marked_as(number: int) -> Image.Image:
    """The top of a Vietnamese slip that is marked as this copy."""
    (page,) = layout.draw(slips.mark_as_copy(Document(()), number, "vi"), 576, gallery.default_fonts())
    return page.crop((0, 0, 576, MARK_ROWS))


def same(left: Image.Image, right: Image.Image) -> bool:
    return ImageChops.logical_xor(left.convert("1"), right.convert("1")).getbbox() is None


def test_slip_asked_for_again_is_a_numbered_copy_though_the_link_has_started_again(
    hall: Hall, around: surroundings.Hall
) -> None:
    printed = hall.slips()
    registered_with(hall, "cut-off")
    assert hall.slips() == printed, "half a slip is no slip, and none is printed by itself"
    hall.rig.kill("link")
    hall.until(lambda: [button["id"] for button in PilotedGlass(hall.rig).view()["buttons"]] == ["print", "done"])
    tap(hall, "print")
    hall.until(lambda: "registered.slip" in said(hall.rig.view()))
    slip = hall.rig.printer.slips[-1]
    assert hall.slips() == printed + 2, "the half one, cut off, and the copy"
    assert same(slip.crop((0, 0, 576, MARK_ROWS)), marked_as(2))
    assert not same(slip.crop((0, 0, 576, MARK_ROWS)), marked_as(3))
    (code,) = zxingcpp.read_barcodes(slip.convert("L"))
    assert code.text == hall.rig.site.encounters()[-1]["visit_id"]
    outcomes = [moment.outcome for moment in hall.rig.moments() if moment.outcome]
    assert outcomes == [], "the visit had its outcome before"


def test_without_a_slip_the_screen_says_the_code_for_staff(hall: Hall, around: surroundings.Hall) -> None:
    tap(hall, "start")
    at(hall, "AskConsent")
    around.change(printer="cover-open")
    tap(hall, "decline")
    view = at(hall, "AskStaff")
    (line,) = [line for line in view["lines"] if line["key"] == "identify.staff.no_slip"]
    assert line["values"]["code"] == "consent_declined"


def test_lamps_follow_a_visit_and_the_call_button_brings_staff(hall: Hall, around: surroundings.Hall) -> None:
    assert lamp(hall) == "free"
    tap(hall, "start")
    at(hall, "AskConsent")
    assert lamp(hall) == "busy"
    tap(hall, "accept", "digits")
    hall.rig.pilot.type_digits(TypeDigits(digits=people.load("lan").card.can))
    tap(hall, "submit")
    at(hall, "LayCard")
    assert hall.rig.panel.state(Nothing()).reader_light
    hall.rig.panel.press_call_staff(Nothing())
    at(hall, "AskStaff")
    assert hall.rig.panel.state(Nothing()).last_sound == "attention"
    tap(hall, "done")
    at(hall, "Welcome")
    hall.until(lambda: lamp(hall) == "free")


def test_idle_visitor_is_warned_by_three_tones_and_a_touch_keeps_the_visit() -> None:
    with Rig(overrides={**PATIENCE, "timers": {"idle_s": 10, "idle_warning_s": 20}}) as rig:
        hall = Hall(rig)
        tap(hall, "start")
        at(hall, "AskConsent")
        hall.until(lambda: rig.view()["idle_warning_s"] is not None)
        hall.until(lambda: rig.panel.state(Nothing()).tones == 3)
        heard = rig.panel.state(Nothing())
        assert (heard.last_sound, heard.sounds_played, heard.lamp) == ("warning", 1, "busy")
        tap(hall, "still_here")
        hall.until(lambda: rig.view()["idle_warning_s"] is None)
        assert rig.step() == "AskConsent"
