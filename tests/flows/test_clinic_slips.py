"""The visitor's side of a slip that did not come: told, the number kept, the slip again only when asked for."""

from __future__ import annotations

from uuid import UUID

import pytest

from kiosk import messages as m
from kiosk import strings
from kiosk.errors import CallError, CameraError, KioskError, PrinterError
from kiosk.flows import clinic_check_in as c
from kiosk.flows import effects, views
from kiosk.flows import events as e
from kiosk.flows.engine import Ended, Step, is_over, outcome_of, targets
from kiosk.flows.identify.endings import AskStaff, PrintStaffSlip
from kiosk.flows.out_of_order import OutOfOrder

from .conftest import Story
from .test_clinic_check_in import SLIP, confirming, identified, stored


def slip(state: str, code: str | None = None) -> e.SlipDone:
    printed = {"slip_id": UUID(int=2), "state": state, "code": code}
    return e.SlipDone(printed=m.SlipPrinted.model_validate(printed))


def at_the_number(story: Story, printed: e.Event, state: str = "registered") -> views.Outcome:
    confirming(story).when(e.Confirmed(), stored(state), printed)
    return shown(story)


def shown(story: Story) -> views.Outcome:
    view = story.state.step.view(story.session)
    assert isinstance(view, views.Outcome)
    return view


def buttons(view: views.View) -> list[str]:
    return [button.id for button in view.buttons]


def said(view: views.View, language: str = "en") -> str:
    return " ".join(strings.translate(language, line) for line in view.lines)


def printed_slips(story: Story) -> list[effects.PrintSlip]:
    return [order for order in story.ordered(effects.PrintSlip) if isinstance(order, effects.PrintSlip)]


def timer_s(story: Story) -> float:
    (*_, last) = story.ordered(effects.StartTimer)
    assert isinstance(last, effects.StartTimer)
    return last.seconds


FAULTS = [
    slip("failed", "printer_paper_out"),
    slip("unknown", "printer_cutter_error"),
    slip("unknown", "printer_connection_lost"),
    e.ServiceFailed(reason="process_away"),
    e.TimeUp(),
]


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
@pytest.mark.parametrize("state", ["registered", "pending"])
def test_whatever_befalls_the_slip_the_number_is_told_with_a_reason_and_time_to_write_it_down(
    story: Story, fault: e.Event, state: str
) -> None:
    view = at_the_number(story, fault, state)
    assert view.big == "A027"
    assert "write down or photograph this number" in said(view)
    assert timer_s(story) == story.session.place.result_without_slip_s > story.session.place.result_s
    assert effects.Play("attention") in story.effects
    assert effects.Play("good") not in story.effects


def test_the_number_is_on_the_screen_while_the_slip_still_prints(story: Story) -> None:
    confirming(story).when(e.Confirmed(), stored("registered")).at(c.PrintTicket)
    greeting = c.PrintTicket.view(story.session).greeting  # type: ignore[attr-defined]
    assert "A027" in strings.translate("vi", greeting)


def test_a_slip_in_hand_is_not_offered_again(story: Story) -> None:
    at_the_number(story, SLIP)
    story.when(e.DevicesReady())
    assert buttons(shown(story)) == ["done"]
    assert timer_s(story) == story.session.place.result_s


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
def test_the_slip_is_offered_only_while_the_printer_works_and_never_printed_by_itself(
    story: Story, fault: e.Event
) -> None:
    assert buttons(at_the_number(story, fault)) == ["done"]
    story.when(e.DeviceTrouble(reason="printer_paper_out"))
    assert buttons(shown(story)) == ["done"]
    story.when(e.DevicesReady(), e.DevicesReady())
    assert buttons(shown(story)) == ["print", "done"]
    story.when(e.DeviceTrouble(reason="printer_cover_open"))
    assert buttons(shown(story)) == ["done"]
    assert len(printed_slips(story)) == 1


def test_the_slip_asked_for_is_the_same_slip_counted_as_a_copy_and_holds_nobody(story: Story) -> None:
    at_the_number(story, slip("unknown", "printer_connection_lost"))
    story.when(e.DevicesReady(), e.SlipWanted()).at(c.PrintAgain)
    first, copy = printed_slips(story)
    assert (first.sheets_before, copy.sheets_before) == (0, 1)
    assert first.slip_id == copy.slip_id
    assert first.values == copy.values
    assert story.session.verified_holder is None
    story.when(SLIP).at(c.Registered)
    assert buttons(shown(story)) == ["done"]
    assert "take your slip" in said(shown(story))


def test_a_slip_that_was_never_begun_is_no_copy_once_it_is_printed(story: Story) -> None:
    at_the_number(story, slip("failed", "printer_paper_out"))
    story.when(e.DevicesReady(), e.SlipWanted())
    assert [order.sheets_before for order in printed_slips(story)] == [0, 0]


@pytest.mark.parametrize("again", [*FAULTS, SLIP], ids=repr)
@pytest.mark.parametrize("state", ["registered", "pending"])
def test_a_copy_leads_back_to_the_same_ending_and_ends_the_visit_no_second_time(
    story: Story, again: e.Event, state: str
) -> None:
    at_the_number(story, slip("unknown", "printer_silent"), state)
    ending = story.state.step
    story.when(e.DevicesReady(), e.SlipWanted(), again).at(ending)
    assert len(story.ordered(effects.Wipe)) == 1
    assert outcome_of(c.PrintAgain, ending) is None
    assert outcome_of(c.PrintTicket, ending) == state


def test_each_further_copy_counts_on(story: Story) -> None:
    at_the_number(story, slip("unknown", "printer_silent"))
    for _ in range(2):
        story.when(e.DevicesReady(), e.SlipWanted(), slip("unknown", "printer_silent")).at(c.Registered)
    assert [order.sheets_before for order in printed_slips(story)] == [0, 1, 2]


@pytest.mark.parametrize("event", [e.CancelChosen(), e.StaffChosen(), e.IdleExpired()])
@pytest.mark.parametrize("step", [c.PrintTicket, c.PrintAgain])
def test_nothing_the_visitor_does_leads_away_from_a_slip_that_prints(
    story: Story, step: type[Step], event: e.Event
) -> None:
    confirming(story).when(e.Confirmed(), stored("registered"))
    if step is c.PrintAgain:
        story.when(slip("unknown", "printer_silent"), e.DevicesReady(), e.SlipWanted())
    if not isinstance(event, e.IdleExpired):
        story.when(event).at(step)
        assert story.session.sheets == (1 if step is c.PrintAgain else 0)
    assert step.waits_for == "device", "no idle clock runs"


def test_priority_stands_on_a_copy_though_the_person_is_forgotten(story: Story) -> None:
    from datetime import date

    confirming(story, date_of_birth=date(1950, 1, 1))
    story.when(e.Confirmed(), stored("registered"), slip("unknown", "printer_silent"))
    story.when(e.DevicesReady(), e.SlipWanted())
    first, copy = printed_slips(story)
    assert first.values["priority"] == copy.values["priority"] != ""


def test_only_endings_lead_to_steps_after_the_end_and_those_only_back() -> None:
    for step, edges in c.FLOW.table.items():
        for event in edges:
            for target in targets(c.FLOW, step, event):
                assert not target.after_the_end or is_over(step), (step, target)
                assert not is_over(step) or is_over(target) or target is Ended, (step, target)


@pytest.mark.parametrize(
    ("printed", "key", "code_told"),
    [
        (SLIP, "slip", False),
        (slip("failed", "printer_paper_out"), "no_slip", True),
        (slip("unknown", "printer_cutter_error"), "perhaps_slip", True),
        (e.ServiceFailed(reason="process_away"), "perhaps_slip", True),
        (e.TimeUp(), "perhaps_slip", True),
    ],
    ids=repr,
)
def test_without_a_staff_slip_the_screen_says_the_code_for_staff(
    story: Story, printed: e.Event, key: str, code_told: bool
) -> None:
    identified(story).when(e.Declined()).at(PrintStaffSlip).when(printed).at(AskStaff)
    view = shown(story)
    assert f"identify.staff.{key}" in [line.key for line in view.lines]
    assert ("holder_declined" in said(view)) is code_told
    place = story.session.place
    assert timer_s(story) == (place.result_without_slip_s if code_told else place.result_s)
    assert story.session.reason == "holder_declined"


def test_a_closed_kiosk_names_what_staff_can_do_and_heals_without_a_trace(story: Story) -> None:
    story.when(e.DeviceTrouble(reason="printer_paper_out")).at(OutOfOrder)
    assert "put in a new roll" in said(shown(story))
    story.when(e.DeviceTrouble(reason="printer_cover_open")).at(OutOfOrder)
    assert "close it until it clicks" in said(shown(story))
    story.when(e.CardPlaced(), e.Started()).at(OutOfOrder)
    story.when(e.DevicesReady()).at(c.Welcome)
    assert story.session.reason is None


def test_trouble_that_nobody_has_words_for_is_the_technicians(story: Story) -> None:
    story.when(e.DeviceTrouble(reason="never_heard_of"))
    assert "tell the technician: never_heard_of" in said(shown(story))


@pytest.mark.parametrize("language", strings.LANGUAGES)
def test_whatever_can_close_a_kiosk_has_words_for_staff(language: str) -> None:
    not_told = {"printer_paper_low", "slip_unknown", "slip_values_invalid", "card_qr_invalid"}
    not_told |= {"call_refused", "stale_session"}  # defects of ours: the technician's
    closing = [error for error in KioskError.by_code.values() if issubclass(error, CameraError | PrinterError)]
    closing += [error for error in KioskError.by_code.values() if issubclass(error, CallError)]
    words = strings.table(language)
    missing = {e.code for e in closing if f"out_of_order.staff.{e.code}" not in words} - not_told
    assert missing == set()
    assert "out_of_order.staff.reader_unavailable" in words
