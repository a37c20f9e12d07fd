"""The clinic visit's table, told as stories; the same stories run through the real stack in tests/stories."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from kiosk import messages as m
from kiosk.flows import clinic_check_in as c
from kiosk.flows import effects
from kiosk.flows import events as e
from kiosk.flows.engine import Ended
from kiosk.flows.identify.access import AskConsent, EnterDigits, LayCard, PutCardBack, ScanQr
from kiosk.flows.identify.chip import ReadingChip
from kiosk.flows.identify.endings import Abandoned, AskStaff, PrintStaffSlip, Refused
from kiosk.flows.identify.face import CheckingFace, ExplainFaceCheck, FaceAgain, IsThisYou
from kiosk.identity.verdict import DocumentVerdict
from kiosk.session import AccessKeys, ClaimedIdentity, Language

from .conftest import DEPARTMENTS, NOW, PLACE, Story, document

VALID = m.InsuranceAnswer(state="valid", valid_until=date(2027, 12, 31))
VERIFIED = e.FaceChecked(verdict=m.FaceVerdict(decision="verified", reason=None), at=NOW)
SLIP = e.SlipDone(printed=m.SlipPrinted(slip_id=UUID(int=7), state="confirmed"))


def face(decision: m.FaceDecision, reason: str) -> e.FaceChecked:
    return e.FaceChecked(verdict=m.FaceVerdict(decision=decision, reason=reason), at=NOW)


def stored(state: str, number: str = "A027") -> e.VisitStored:
    return e.VisitStored(answer=m.VisitAnswer(visit_id=uuid4(), state=state, queue_number=number))  # type: ignore[arg-type]


def reading(story: Story) -> Story:
    return story.when(
        e.Started(), e.ConsentGiven(), e.UseDigitsChosen(), e.DigitsEntered(text="004127"), e.CardPlaced()
    ).at(ReadingChip)


def identified(story: Story, **changes: object) -> Story:
    reading(story).when(e.ChipRead(document=document(**changes))).at(ExplainFaceCheck)
    return story.when(e.Confirmed(), VERIFIED).at(IsThisYou)


def confirming(story: Story, **changes: object) -> Story:
    identified(story, **changes).when(e.Confirmed(), e.InsuranceKnown(answer=VALID))
    story.when(e.DepartmentsKnown(departments=m.Departments(departments=DEPARTMENTS))).at(c.ShowInsurance)
    return story.when(e.Confirmed(), e.OptionChosen(code="D2")).at(c.ConfirmVisit)


def test_a_patient_checks_in_and_takes_a_number(story: Story) -> None:
    confirming(story).when(e.Confirmed()).at(c.RegisterVisit)
    story.when(stored("registered")).at(c.PrintTicket).when(SLIP).at(c.Registered)
    (slip,) = story.ordered(effects.PrintSlip)
    assert isinstance(slip, effects.PrintSlip)
    assert slip.template == "queue_ticket"
    assert slip.values["number"] == "A027"
    story.when(e.TimeUp()).at(Ended)


def test_nothing_is_read_before_consent(story: Story) -> None:
    story.when(e.CardPlaced()).at(AskConsent)
    story.when(e.CardTakenAway(), e.CardPlaced(), e.ChipRead(document=document())).at(AskConsent)
    assert story.effects == []


def test_declining_consent_leads_to_a_staff_slip_and_nothing_was_read(story: Story) -> None:
    story.when(e.Started(), e.ConsentDeclined()).at(PrintStaffSlip).when(SLIP).at(AskStaff)
    assert story.session.reason == "consent_declined"
    assert not story.ordered(effects.ReadChip)


def test_a_card_laid_down_at_once_is_read_without_being_asked_for(story: Story) -> None:
    story.when(e.CardPlaced(), e.ConsentGiven(), e.UseDigitsChosen(), e.DigitsEntered(text="004127")).at(
        ReadingChip
    )


def test_the_card_is_asked_for_when_it_is_not_there(story: Story) -> None:
    story.when(e.Started(), e.ConsentGiven(), e.UseQrChosen()).at(ScanQr)
    story.when(e.QrRead(claimed_identity=ClaimedIdentity(AccessKeys(can="004127")))).at(LayCard)
    story.when(e.CardPlaced()).at(ReadingChip)


def test_a_qr_that_cannot_be_read_leads_to_the_number_pad_with_a_reason(story: Story) -> None:
    story.when(e.Started(), e.ConsentGiven(), e.UseQrChosen(), e.QrNotRead(reason="card_qr_not_found"))
    assert story.at(EnterDigits).session.reason == "card_qr_not_found"


def test_wrong_digits_three_times_lead_to_staff(story: Story) -> None:
    reading(story)
    for _ in range(2):
        story.when(e.ChipNotRead(reason="wrong_access_key")).at(EnterDigits)
        story.when(e.DigitsEntered(text="999999")).at(ReadingChip)
    story.when(e.ChipNotRead(reason="wrong_access_key")).at(PrintStaffSlip)


def test_a_card_pulled_mid_read_is_asked_for_again_and_never_called_wrong_digits(story: Story) -> None:
    reading(story).when(e.CardTakenAway(), e.ChipNotRead(reason="card_removed")).at(PutCardBack)
    assert "access_key" not in story.session.tries
    story.when(e.CardPlaced()).at(ReadingChip)


def test_a_card_that_stays_away_ends_the_visit(story: Story) -> None:
    reading(story).when(e.CardTakenAway(), e.ChipNotRead(reason="card_removed"), e.TimeUp()).at(Abandoned)


@pytest.mark.parametrize(
    ("changes", "step", "reason"),
    [
        ({"verdict": DocumentVerdict.FORGED}, Refused, "document_forged"),
        ({"verdict": DocumentVerdict.FORGED, "expired": True}, Refused, "document_forged"),
        ({"verdict": DocumentVerdict.ISSUER_NOT_TRUSTED}, PrintStaffSlip, "issuer_not_trusted"),
        ({"verdict": DocumentVerdict.DATA_AUTHENTIC_CHIP_NOT_PROVEN}, PrintStaffSlip, "chip_not_proven"),
        ({"expired": True}, PrintStaffSlip, "document_expired"),
        ({"expired": None}, PrintStaffSlip, "clock_not_trusted"),
        ({"portrait": None}, PrintStaffSlip, "portrait_missing"),
    ],
)
def test_a_document_that_cannot_go_on_has_its_own_reason(
    story: Story, changes: dict, step: type, reason: str
) -> None:
    reading(story).when(e.ChipRead(document=document(**changes))).at(step)
    assert story.session.reason == reason


def test_the_site_may_refuse_unknown_issuers_and_expired_cards() -> None:
    strict = replace(PLACE, unknown_issuer="refuse", expired="refuse")
    for changes in ({"verdict": DocumentVerdict.ISSUER_NOT_TRUSTED}, {"expired": True}):
        reading(Story(strict)).when(e.ChipRead(document=document(**changes))).at(Refused)


def test_whoever_cannot_turn_the_head_gets_to_staff_before_the_check(story: Story) -> None:
    reading(story).when(e.ChipRead(document=document())).at(ExplainFaceCheck).when(e.StaffChosen()).at(
        PrintStaffSlip
    )
    assert not story.ordered(effects.CheckFace)


def test_the_face_check_may_be_tried_three_times(story: Story) -> None:
    reading(story).when(e.ChipRead(document=document()), e.Confirmed()).at(CheckingFace)
    for _ in range(2):
        story.when(face("try_again", "face_not_found")).at(FaceAgain).when(e.Confirmed()).at(CheckingFace)
    story.when(face("try_again", "face_not_found")).at(PrintStaffSlip)


def test_another_face_goes_to_staff_and_never_to_the_hospital(story: Story) -> None:
    reading(story).when(e.ChipRead(document=document()), e.Confirmed(), face("staff", "face_other_person"))
    assert story.at(PrintStaffSlip).session.verified_holder is None


@pytest.mark.parametrize("service_step", ["insurance", "register"])
def test_a_service_that_fails_goes_to_staff_with_its_reason(story: Story, service_step: str) -> None:
    if service_step == "insurance":
        identified(story).when(e.Confirmed()).at(c.LookUpInsurance)
    else:
        confirming(story).when(e.Confirmed()).at(c.RegisterVisit)
    story.when(e.ServiceFailed(reason="store_unwritable"), e.ServiceFailed(reason="printer_silent")).at(AskStaff)
    assert story.session.reason == "store_unwritable"


def test_not_me_goes_to_staff(story: Story) -> None:
    identified(story).when(e.Declined()).at(PrintStaffSlip)
    assert story.session.reason == "holder_declined"


@pytest.mark.parametrize("state", ["not_verified_yet", "not_insured", "expired", "name_differs", "data_differs"])
def test_care_goes_on_whatever_the_insurance_says(story: Story, state: m.InsuranceState) -> None:
    answer = m.InsuranceAnswer(state=state)
    identified(story).when(e.Confirmed(), e.InsuranceKnown(answer=answer)).at(c.ShowInsurance)
    story.when(e.Confirmed()).at(c.ListDepartments)


def test_whoever_waits_for_the_list_of_departments_can_still_call_staff(story: Story) -> None:
    identified(story).when(e.Confirmed(), e.InsuranceKnown(answer=VALID), e.Confirmed()).at(c.ListDepartments)
    story.when(e.StaffChosen()).at(PrintStaffSlip)


def test_more_than_six_departments_go_onto_further_screens(story: Story) -> None:
    confirming(story).when(e.BackChosen()).at(c.ChooseDepartment)
    first = [choice.id for choice in c.ChooseDepartment.view(story.session).choices]  # type: ignore[attr-defined]
    story.when(e.OptionChosen(code="more")).at(c.ChooseDepartment)
    second = [choice.id for choice in c.ChooseDepartment.view(story.session).choices]  # type: ignore[attr-defined]
    assert first == [f"department.D{n}" for n in (1, 2, 3, 4, 5)] + ["more"]
    assert second == [f"department.D{n}" for n in (6, 7, 8)] + ["more"]


def test_a_hospital_that_is_away_means_a_pending_number_not_a_lost_visit(story: Story) -> None:
    confirming(story).when(e.Confirmed(), stored("pending", "K03")).at(c.PrintTicket).when(SLIP).at(c.Pending)
    (slip,) = story.ordered(effects.PrintSlip)
    assert isinstance(slip, effects.PrintSlip)
    assert slip.template == "pending_ticket"


@pytest.mark.parametrize("reason", ["site_refused", "site_finds_several"])
def test_a_visit_the_hospital_will_not_have_goes_to_staff_and_gets_no_number(story: Story, reason: str) -> None:
    refused = m.VisitAnswer(visit_id=uuid4(), state="pending", queue_number="K03", reason=reason)
    confirming(story).when(e.Confirmed(), e.VisitStored(answer=refused)).at(PrintStaffSlip)


def test_the_consent_names_the_language_it_was_read_in(story: Story) -> None:
    confirming(story)
    story.state = replace(story.state, session=replace(story.session, language=Language.EN))
    story.when(e.Confirmed())
    (order,) = story.ordered(effects.RegisterVisit)
    assert isinstance(order, effects.RegisterVisit)
    assert order.message.consent.language == "vi"


@pytest.mark.parametrize(("expired", "told"), [(False, "not_expired"), (None, "not_judged")])
def test_the_hospital_is_told_where_nobody_could_judge_the_expiry(expired: bool | None, told: str) -> None:
    story = Story(replace(PLACE, no_clock="accept"))
    confirming(story, expired=expired).when(e.Confirmed())
    (order,) = story.ordered(effects.RegisterVisit)
    assert isinstance(order, effects.RegisterVisit)
    assert order.message.evidence.document_expiry == told


def test_a_visitor_cannot_cancel_what_is_being_committed(story: Story) -> None:
    confirming(story).when(e.Confirmed(), e.CancelChosen(), e.StaffChosen()).at(c.RegisterVisit)


def test_a_printer_that_fails_leaves_the_number_on_the_screen(story: Story) -> None:
    failed = e.SlipDone(printed=m.SlipPrinted(slip_id=uuid4(), state="failed", code="printer_paper_out"))
    confirming(story).when(e.Confirmed(), stored("registered"), failed).at(c.Registered)
    view = c.Registered.view(story.session)
    assert view.big == "A027"  # type: ignore[attr-defined]
    assert "clinic_check_in.registered.no_slip" in [line.key for line in view.lines]


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        (date(1951, 11, 25), "age_75_and_over"),
        (date(1951, 11, 26), "none"),
        (date(2020, 11, 25), "none"),
    ],
)
def test_the_law_serves_the_old_first(story: Story, born: date, expected: str) -> None:
    confirming(story, date_of_birth=born).when(e.Confirmed())
    (order,) = story.ordered(effects.RegisterVisit)
    assert isinstance(order, effects.RegisterVisit)
    assert order.message.priority == expected


def test_idle_or_cancel_at_any_step_of_the_visit_ends_it_and_wipes_it(story: Story) -> None:
    for event in (e.IdleExpired(), e.CancelChosen()):
        ended = identified(Story()).when(event).at(Abandoned)
        assert ended.session.authenticated_document is ended.session.verified_holder is None
        assert len(ended.ordered(effects.Wipe)) == 1


def test_the_last_screen_holds_nothing_personal(story: Story) -> None:
    confirming(story).when(e.Confirmed(), stored("registered"), SLIP).at(c.Registered)
    shown = str(c.Registered.view(story.session).model_dump()) + repr(vars(story.session))
    assert "Ngọc Lan" not in shown
    assert "004127" not in shown


def test_the_ticket_carries_no_name_and_no_citizen_number(story: Story) -> None:
    confirming(story).when(e.Confirmed(), stored("registered"))
    (slip,) = story.ordered(effects.PrintSlip)
    assert isinstance(slip, effects.PrintSlip)
    assert not any("Lan" in value or "4127" in value for value in slip.values.values())


def test_every_step_of_the_table_has_a_view_and_every_edge_a_target() -> None:
    for step, edges in c.FLOW.table.items():
        assert edges or step.outcome, step


@pytest.mark.parametrize("reason", ["process_away", "call_timed_out", "unforeseen"])
def test_a_registration_that_nobody_answered_is_never_to_be_begun_anew(story: Story, reason: str) -> None:
    confirming(story).when(e.Confirmed(), e.ServiceFailed(reason=reason)).at(PrintStaffSlip)
    assert story.session.reason == "registration_unsure"


@pytest.mark.parametrize("reason", ["queue_numbers_used_up", "store_unwritable"])
def test_a_registration_that_was_answered_keeps_its_own_reason(story: Story, reason: str) -> None:
    confirming(story).when(e.Confirmed(), e.ServiceFailed(reason=reason)).at(PrintStaffSlip)
    assert story.session.reason == reason


def test_the_call_button_brings_staff_before_a_visit_has_begun(story: Story) -> None:
    story.when(e.StaffChosen()).at(PrintStaffSlip)
    assert story.session.reason == "staff_asked_for"
