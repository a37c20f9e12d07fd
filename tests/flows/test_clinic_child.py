"""A child under six and a carer, told as stories: whose card comes first, whose face, and who is registered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from kiosk import messages as m
from kiosk.flows import clinic_check_in as c
from kiosk.flows import clinic_visit, effects
from kiosk.flows import events as e
from kiosk.flows.identify.access import ChooseAccess, EnterDigits, LayCard, ScanQr
from kiosk.flows.identify.carer import AskCarersCard, AskChildsCard, IsThisTheChild, keep_document
from kiosk.flows.identify.chip import ReadingChip
from kiosk.flows.identify.endings import AskStaff, PrintStaffSlip, Refused
from kiosk.flows.identify.face import ExplainFaceCheck, IsThisYou
from kiosk.identity.verdict import DocumentVerdict
from kiosk.session import AuthenticatedDocument, Language, Patient, SecretBuffer
from kiosk.strings import translate

from .conftest import DEPARTMENTS, NOW, PLACE, Story, document

CHILD, CARER = "098222000415", "098185004127"
CHILDS_NAME, CARERS_NAME = "Trần Gia Bảo", "Nguyễn Thị Ngọc Lan"
VERIFIED = e.FaceChecked(verdict=m.FaceVerdict(decision="verified", reason=None), at=NOW)
YES = e.Confirmed()
STORED = e.VisitStored(answer=m.VisitAnswer(visit_id=UUID(int=7), state="registered", queue_number="A027"))
SLIP = e.SlipDone(printed=m.SlipPrinted(slip_id=UUID(int=7), state="confirmed"))


def childs(**changes: object) -> AuthenticatedDocument:
    values = {
        "citizen_number": CHILD,
        "name": CHILDS_NAME,
        "date_of_birth": date(2022, 3, 9),
        "gender": "male",
        "portrait": None,
        **changes,
    }
    return document(**values)


def laid(story: Story, read: AuthenticatedDocument) -> Story:
    """The card that was asked for is opened and read; the one before has been taken off."""
    story.when(e.UseDigitsChosen(), e.CardTakenAway(), e.DigitsEntered(text="000415"), e.CardPlaced())
    return story.at(ReadingChip).when(e.ChipRead(document=read))


def begun(story: Story, read: AuthenticatedDocument) -> Story:
    return laid(story.when(e.Started(), e.ConsentGiven()), read)


def child_first(story: Story, **carer: object) -> Story:
    begun(story, childs()).at(AskCarersCard)
    return laid(story, document(**carer))


def carer_first(story: Story, **child: object) -> Story:
    begun(story, document()).when(e.Confirmed(), VERIFIED).at(IsThisYou)
    return laid(story.when(e.VisitForChildChosen()).at(AskChildsCard), childs(**child))


def to_the_end(story: Story, yes: e.Confirmed = YES) -> m.RegisterVisit:
    story.when(yes, e.InsuranceKnown(answer=m.InsuranceAnswer(state="valid")))
    story.when(e.DepartmentsKnown(departments=m.Departments(departments=DEPARTMENTS)), e.Confirmed())
    story.when(e.OptionChosen(code="D2")).at(c.ConfirmVisit)
    shown = [value.values.get("text") for _, value in c.ConfirmVisit.view(story.session).facts]  # type: ignore[attr-defined]
    assert shown[:2] == [CHILDS_NAME, CARERS_NAME]
    story.when(e.Confirmed(), STORED, SLIP).at(c.Registered)
    (order,) = story.ordered(effects.RegisterVisit)
    assert isinstance(order, effects.RegisterVisit)
    return order.message


@pytest.mark.parametrize("first", ["child", "carer"])
def test_whoever_s_card_comes_first_the_child_is_registered_and_the_carer_named(story: Story, first: str) -> None:
    if first == "child":
        child_first(story).at(ExplainFaceCheck).when(e.Confirmed(), VERIFIED).at(IsThisYou)
    else:
        carer_first(story).at(IsThisTheChild)
    message = to_the_end(story)
    assert (message.person.citizen_number, message.person.name) == (CHILD, CHILDS_NAME)
    assert message.priority == "under_6"
    assert message.evidence.face_decision == "not_compared"
    assert message.carer is not None
    assert (message.carer.citizen_number, message.carer.name) == (CARER, CARERS_NAME)
    assert message.carer.evidence.face_decision == "verified"
    assert message.consent.text_version == "2026-11-child"
    (asked,) = story.ordered(effects.LookUpInsurance)
    assert isinstance(asked, effects.LookUpInsurance)
    assert asked.person.citizen_number == CHILD


@pytest.mark.parametrize("first", ["child", "carer"])
def test_only_the_carer_s_face_is_looked_at(story: Story, first: str) -> None:
    if first == "child":
        child_first(story).when(e.Confirmed())
    else:
        carer_first(story)
    (check,) = story.ordered(effects.CheckFace)
    assert isinstance(check, effects.CheckFace)
    assert check.document.citizen_number == CARER


def test_a_carer_who_sees_both_names_says_that_the_child_is_theirs(story: Story) -> None:
    child_first(story).when(e.Confirmed(), VERIFIED).at(IsThisYou)
    view = IsThisYou.view(story.session)
    assert {CHILDS_NAME, CARERS_NAME} <= {value.values.get("text") for _, value in view.facts}  # type: ignore[attr-defined]
    assert all(asked in translate("vi", view.title) for asked in ("là quý vị", "người giám hộ của bé"))
    assert "for_child" not in [one.id for one in view.buttons]
    story.when(e.Declined()).at(PrintStaffSlip)
    assert story.session.reason == "carer_declined"


def test_an_ordinary_visitor_is_asked_nothing_more(story: Story) -> None:
    begun(story, document()).at(ExplainFaceCheck).when(e.Confirmed(), VERIFIED).at(IsThisYou)
    assert [(one.id, one.style) for one in IsThisYou.view(story.session).buttons] == [
        ("yes", "primary"),
        ("no", "quiet"),
        ("for_child", "quiet"),
    ]
    story.when(e.Confirmed()).at(c.LookUpInsurance)
    assert clinic_visit.carer(story.session) is None
    assert clinic_visit.person(story.session).citizen_number == CARER


def test_without_a_carer_there_the_child_goes_to_the_desk(story: Story) -> None:
    begun(story, childs()).at(AskCarersCard).when(e.Declined()).at(PrintStaffSlip).when(SLIP).at(AskStaff)
    assert story.session.reason == "carer_missing"


def test_the_child_s_card_left_lying_is_not_read_as_the_carer_s(story: Story) -> None:
    begun(story, childs()).at(AskCarersCard)
    story.when(e.UseDigitsChosen(), e.DigitsEntered(text="004127")).at(LayCard)
    assert LayCard.view(story.session).title.key == "identify.other_card.title"
    story.when(e.CardTakenAway()).at(LayCard)
    assert LayCard.view(story.session).title.key == "identify.lay_card.title"
    story.when(e.CardPlaced()).at(ReadingChip)
    assert len(story.ordered(effects.ReadChip)) == 2


def test_the_second_card_starts_with_nothing_of_the_first(story: Story) -> None:
    story.when(e.Started(), e.ConsentGiven(), e.UseDigitsChosen(), e.DigitsEntered(text="111111"), e.CardPlaced())
    story.when(e.ChipNotRead(reason="wrong_access_key")).at(EnterDigits)
    story.when(e.DigitsEntered(text="000415"), e.ChipProgress(stage="dg1", name=CHILDS_NAME))
    story.when(e.ChipRead(document=childs())).at(AskCarersCard)
    session = story.session
    assert (session.claimed_identity, session.greeting_name, session.chip_stage) == (None, None, None)
    assert session.tries == {}
    story.when(e.UseDigitsChosen()).at(EnterDigits)
    assert EnterDigits.view(story.session).notice is None  # type: ignore[attr-defined]


@pytest.mark.parametrize("card", [childs(), childs(citizen_number="098222000999", name="Em bé khác")])
def test_a_child_s_card_where_the_carer_s_is_wanted_brings_the_same_words_again(
    story: Story, card: AuthenticatedDocument
) -> None:
    begun(story, childs()).at(AskCarersCard)
    laid(story, card).at(AskCarersCard)
    assert story.session.reason is None
    laid(story, document()).at(ExplainFaceCheck).when(e.Confirmed(), VERIFIED)
    assert clinic_visit.person(story.session).name == CHILDS_NAME


def test_the_carer_s_own_card_where_the_child_s_is_wanted_brings_the_same_words_again(story: Story) -> None:
    again = SecretBuffer(b"the same portrait, read twice")
    begun(story, document()).when(e.Confirmed(), VERIFIED, e.VisitForChildChosen())
    laid(story, document(portrait=again)).at(AskChildsCard)
    laid(story, childs()).at(IsThisTheChild)
    assert again in story.session.buffers()


@pytest.mark.parametrize(
    ("changes", "step", "reason"),
    [
        ({"verdict": DocumentVerdict.FORGED}, Refused, "document_forged"),
        ({"verdict": DocumentVerdict.ISSUER_NOT_TRUSTED}, PrintStaffSlip, "issuer_not_trusted"),
        ({"verdict": DocumentVerdict.DATA_AUTHENTIC_CHIP_NOT_PROVEN}, PrintStaffSlip, "chip_not_proven"),
        ({"expired": True}, PrintStaffSlip, "document_expired"),
        ({"expired": None}, PrintStaffSlip, "clock_not_trusted"),
    ],
)
@pytest.mark.parametrize("whose", ["child, first", "child, second", "carer, second"])
def test_every_card_must_be_as_authentic_as_any(
    story: Story, whose: str, changes: dict[str, object], step: type, reason: str
) -> None:
    if whose == "child, first":
        begun(story, childs(**changes))
    elif whose == "child, second":
        carer_first(story, **changes)
    else:
        child_first(story, **changes)
    assert story.at(step).session.reason == reason


@pytest.mark.parametrize(
    ("born", "step", "reason"),
    [
        (date(2008, 11, 25), ExplainFaceCheck, None),
        (date(2008, 11, 26), PrintStaffSlip, "carer_not_adult"),
        (date(2020, 11, 25), PrintStaffSlip, "carer_not_adult"),
    ],
)
def test_the_carer_is_18_or_over_on_the_day(story: Story, born: date, step: type, reason: str | None) -> None:
    assert child_first(story, date_of_birth=born).at(step).session.reason == reason


def test_a_minor_is_not_offered_to_bring_a_child_and_cannot(story: Story) -> None:
    begun(story, document(date_of_birth=date(2010, 1, 1))).when(e.Confirmed(), VERIFIED).at(IsThisYou)
    assert "for_child" not in [one.id for one in IsThisYou.view(story.session).buttons]
    story.when(e.VisitForChildChosen()).at(PrintStaffSlip)
    assert story.session.reason == "carer_not_adult"


@pytest.mark.parametrize(
    ("born", "portrait", "step", "reason"),
    [
        (date(2020, 11, 26), None, AskCarersCard, None),
        (date(2020, 11, 26), SecretBuffer(b"never by law"), AskCarersCard, None),
        (date(2020, 11, 25), None, PrintStaffSlip, "portrait_missing"),
        (date(1990, 1, 1), None, PrintStaffSlip, "portrait_missing"),
    ],
)
def test_a_child_s_card_is_known_by_the_age_on_the_day(
    story: Story, born: date, portrait: SecretBuffer | None, step: type, reason: str | None
) -> None:
    begun(story, childs(date_of_birth=born, portrait=portrait)).at(step)
    assert story.session.reason == reason


def test_a_carer_s_card_without_portrait_goes_to_staff(story: Story) -> None:
    assert child_first(story, portrait=None).at(PrintStaffSlip).session.reason == "portrait_missing"


@pytest.mark.parametrize("born", [date(2020, 11, 25), date(1988, 5, 1)])
def test_a_card_of_nobody_under_six_is_no_child_s_card(story: Story, born: date) -> None:
    portrait = SecretBuffer(b"of somebody else")
    carer_first(story, date_of_birth=born, portrait=portrait).at(PrintStaffSlip)
    assert story.session.reason == "card_of_no_young_child"
    assert story.session.child_document is None
    assert portrait in story.session.buffers()


NO_DATE = replace(PLACE, no_clock="accept")


@pytest.mark.parametrize("born", [date(1985, 4, 12), date(2010, 1, 1)])
@pytest.mark.parametrize("year", [1970, 1990, 2012])
def test_a_clock_nobody_believes_makes_no_child_of_a_face_s_holder(born: date, year: int) -> None:
    story = Story(NO_DATE)
    story.state = replace(story.state, session=replace(story.session, started_at=datetime(year, 1, 1, tzinfo=UTC)))
    begun(story, document(date_of_birth=born, expired=None)).at(ExplainFaceCheck)
    assert (story.session.for_child, story.session.child_document) == (False, None)
    begun(other := Story(NO_DATE), document(date_of_birth=born, expired=None, portrait=None)).at(PrintStaffSlip)
    assert not other.session.for_child


def test_without_a_judged_date_nobody_is_a_child_who_needs_no_face() -> None:
    story = begun(Story(NO_DATE), childs(expired=None)).at(PrintStaffSlip)
    assert (story.session.reason, story.session.child_document) == ("clock_not_trusted", None)


def test_without_a_judged_date_nobody_is_a_child_s_carer() -> None:
    story = begun(Story(NO_DATE), childs()).at(AskCarersCard)
    assert laid(story, document(expired=None)).at(PrintStaffSlip).session.reason == "clock_not_trusted"
    story = begun(Story(NO_DATE), document()).when(YES, VERIFIED, e.VisitForChildChosen()).at(AskChildsCard)
    assert laid(story, childs(expired=None)).at(PrintStaffSlip).session.reason == "clock_not_trusted"
    story = begun(Story(NO_DATE), document(expired=None)).when(YES, VERIFIED).at(IsThisYou)
    assert "for_child" not in [one.id for one in IsThisYou.view(story.session).buttons]
    assert story.when(e.VisitForChildChosen()).at(PrintStaffSlip).session.reason == "clock_not_trusted"


def test_choosing_the_child_s_visit_anew_gives_the_access_key_no_more_tries(story: Story) -> None:
    begun(story, document()).when(YES, VERIFIED, e.VisitForChildChosen()).at(AskChildsCard)
    wrong = (e.DigitsEntered(text="111111"), e.CardTakenAway(), e.CardPlaced())
    refused = e.ChipNotRead(reason="wrong_access_key")
    story.when(e.UseDigitsChosen(), *wrong, refused).at(EnterDigits)
    story.when(*wrong, refused).at(EnterDigits).when(e.BackChosen(), e.BackChosen()).at(IsThisYou)
    story.when(e.VisitForChildChosen()).at(AskChildsCard).when(e.UseDigitsChosen(), *wrong).at(ReadingChip)
    story.when(refused).at(PrintStaffSlip)
    assert story.session.reason == "wrong_access_key"


@pytest.mark.parametrize("first", ["child", "carer"])
def test_the_consent_is_the_verified_carer_s_yes_for_the_child(story: Story, first: str) -> None:
    if first == "child":
        begun(story, childs()).at(AskCarersCard)
        told = AskCarersCard.view(story.session)
        laid(story, document()).when(YES, VERIFIED).at(IsThisYou)
    else:
        begun(story, document()).when(YES, VERIFIED, e.VisitForChildChosen()).at(AskChildsCard)
        told = AskChildsCard.view(story.session)
        laid(story, childs()).at(IsThisTheChild)
    assert "identify.childs_card.line2" in [line.key for line in told.lines]
    story.state = replace(story.state, session=replace(story.session, language=Language.EN))
    at = datetime(2026, 11, 25, 8, 7, tzinfo=UTC)
    consent = to_the_end(story, e.Confirmed(at=at)).consent
    assert (consent.given_at, consent.language) == (at, "en")


def test_an_ordinary_visitor_s_consent_is_the_one_before_the_card(story: Story) -> None:
    story.when(e.Started(), e.ConsentGiven(at=NOW))
    laid(story, document()).when(YES, VERIFIED, e.Confirmed(at=datetime(2026, 11, 25, 9, tzinfo=UTC)))
    assert story.at(c.LookUpInsurance).session.consent_at == NOW


@pytest.mark.parametrize("wanted", [AskCarersCard, AskChildsCard])
def test_the_other_of_the_two_cards_is_called_so_and_leads_to_staff_the_third_time(
    story: Story, wanted: type[AskCarersCard | AskChildsCard]
) -> None:
    begun(story, childs() if wanted is AskCarersCard else document())
    if wanted is AskChildsCard:
        story.when(YES, VERIFIED, e.VisitForChildChosen())
    said = "Đó là thẻ của bé." if wanted is AskCarersCard else "Đó là thẻ của quý vị."
    for times in (0, 1, 2):
        lines = [translate("vi", line) for line in wanted.view(story.at(wanted).session).lines]
        assert any(said in line for line in lines) == (times > 0)
        laid(story, childs() if wanted is AskCarersCard else document())
    assert story.at(PrintStaffSlip).session.reason == "other_card_wanted"


@pytest.mark.parametrize("state", ["registered", "pending"])
def test_what_is_registered_is_the_child_and_the_number_theirs(story: Story, state: str) -> None:
    answer = m.VisitAnswer.model_validate({"visit_id": uuid4(), "state": state, "queue_number": "A027"})
    carer_first(story).when(YES, e.InsuranceKnown(answer=m.InsuranceAnswer(state="valid")))
    story.when(e.DepartmentsKnown(departments=m.Departments(departments=DEPARTMENTS)), YES)
    story.when(e.OptionChosen(code="D2"), YES)
    screens = [story.state.step.view(story.session)]
    screens += [story.when(event).state.step.view(story.session) for event in (e.VisitStored(answer=answer), SLIP)]
    for view in screens:
        said = translate("vi", view.title)
        assert "bé" in said.lower()
        assert "quý vị" not in said
    shown = str([translate("vi", screens[0].stages[0].words), translate("vi", screens[2].big_label)])  # type: ignore[union-attr]
    assert "Ghi tên bé" in shown
    assert "quý vị" not in shown


def test_another_child_s_card_can_be_read_instead(story: Story) -> None:
    carer_first(story, name="Người em").at(IsThisTheChild).when(e.Declined()).at(AskChildsCard)
    laid(story, childs()).at(IsThisTheChild)
    assert clinic_visit.person(story.session).name == CHILDS_NAME


def test_a_touch_too_many_leads_back_to_the_visitor_s_own_visit(story: Story) -> None:
    begun(story, document()).when(e.Confirmed(), VERIFIED, e.VisitForChildChosen()).at(AskChildsCard)
    story.when(e.UseQrChosen()).at(ScanQr).when(e.BackChosen()).at(AskChildsCard)
    story.when(e.BackChosen()).at(IsThisYou)
    assert clinic_visit.person(story.session).citizen_number == CARER


def test_back_from_the_carer_s_digits_asks_for_the_carer_s_card_again(story: Story) -> None:
    begun(story, childs()).when(e.UseDigitsChosen()).at(EnterDigits).when(e.BackChosen()).at(AskCarersCard)


def test_nobody_is_the_patient_until_it_is_settled_who(story: Story) -> None:
    begun(story, childs()).at(AskCarersCard)
    with pytest.raises(LookupError, match="verified"):  # a child alone
        clinic_visit.person(story.session)
    laid(story, document()).when(e.Confirmed())
    with pytest.raises(LookupError, match="verified"):  # a child with a carer whose face was not checked
        clinic_visit.person(story.session)


def test_the_carer_never_stands_in_for_the_child(story: Story) -> None:
    begun(story, document()).when(e.Confirmed(), VERIFIED, e.VisitForChildChosen()).at(AskChildsCard)
    with pytest.raises(LookupError, match="child"):
        clinic_visit.person(story.session)
    stray = replace(story.session, for_child=False, child_document=childs())
    with pytest.raises(LookupError, match="child"):
        clinic_visit.person(stray)


def test_another_card_read_as_one_s_own_undoes_that_a_face_was_verified(story: Story) -> None:
    begun(story, document()).when(e.Confirmed(), VERIFIED).at(IsThisYou)
    swapped = keep_document(story.session, document(citizen_number="098190000001"), None)
    with pytest.raises(LookupError, match="verified"):
        clinic_visit.person(swapped)


def test_a_patient_needs_a_verified_holder_to_be_made_at_all(story: Story) -> None:
    with pytest.raises(TypeError):
        Patient(childs())  # type: ignore[call-arg]


def test_no_message_registers_a_child_for_whom_nobody_was_verified(story: Story) -> None:
    carer_first(story)
    message = to_the_end(story)
    for spoilt in ({"carer": None}, {"carer": {**dict(message.carer or ()), "citizen_number": CHILD}}):
        with pytest.raises(ValidationError):
            m.RegisterVisit.model_validate({**dict(message), **spoilt})


@pytest.mark.parametrize("first", ["child", "carer"])
def test_when_it_is_over_both_people_are_gone(story: Story, first: str) -> None:
    childs_portrait = SecretBuffer(b"no child's card should have one")
    if first == "child":
        begun(story, childs(portrait=childs_portrait)).at(AskCarersCard)
        laid(story, document()).when(e.Confirmed(), VERIFIED).at(IsThisYou)
    else:
        carer_first(story, portrait=childs_portrait).at(IsThisTheChild)
    assert story.session.child_document is not None
    assert story.session.child_document.portrait is None
    to_the_end(story)
    (wipe,) = story.ordered(effects.Wipe)
    assert isinstance(wipe, effects.Wipe)
    assert childs_portrait in wipe.buffers
    assert len(wipe.buffers) == 2
    left = repr(vars(story.session)) + str(c.Registered.view(story.session).model_dump())
    assert not [one for one in (CHILDS_NAME, CARERS_NAME, CHILD[-4:], CARER[-4:]) if one in left]
    assert story.session.child_document is story.session.verified_holder is None


def test_the_ticket_names_neither(story: Story) -> None:
    carer_first(story)
    to_the_end(story)
    (slip,) = story.ordered(effects.PrintSlip)
    assert isinstance(slip, effects.PrintSlip)
    assert slip.values["priority"] == "Trẻ em dưới 6 tuổi"
    assert not any(one in value for value in slip.values.values() for one in ("Bảo", "Lan", "0415", "4127"))


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("state", ["valid", "not_verified_yet", "not_insured", "expired", "name_differs"])
def test_the_insurance_spoken_of_is_the_child_s(story: Story, language: str, state: m.InsuranceState) -> None:
    carer_first(story).when(e.Confirmed(), e.InsuranceKnown(answer=m.InsuranceAnswer(state=state)))
    view = c.ShowInsurance.view(story.at(c.ShowInsurance).session)
    said = " ".join(translate(language, line) for line in (view.title, *view.lines))
    assert ("bé" if language == "vi" else "child") in said


def test_a_service_without_children_knows_no_carer(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(story.session), "takes_children", False)
    assert begun(story, childs()).at(PrintStaffSlip).session.reason == "portrait_missing"
    other = begun(Story(), document()).when(e.Confirmed(), VERIFIED).at(IsThisYou)
    assert "for_child" not in [one.id for one in IsThisYou.view(other.session).buttons]


def test_the_generic_choice_of_access_is_never_shown_for_a_second_card(story: Story) -> None:
    begun(story, childs()).at(AskCarersCard)
    assert isinstance(ChooseAccess.already(story.session), e.CarersCardWanted)
