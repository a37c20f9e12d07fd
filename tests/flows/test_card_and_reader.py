"""What goes wrong with card, chip and reader, told as stories of the table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.flows import effects, views
from kiosk.flows import events as e
from kiosk.flows.engine import Ended, Step
from kiosk.flows.identify.access import (
    AskConsent,
    AskForQr,
    ChooseAccess,
    EnterDigits,
    LayCard,
    PutCardBack,
    ScanQr,
)
from kiosk.flows.identify.another_card import AnotherCard
from kiosk.flows.identify.chip import REMOVALS, STAGES, ReadingChip
from kiosk.flows.identify.endings import Abandoned, AskStaff, PrintStaffSlip, Refused
from kiosk.flows.identify.face import CheckingFace, ExplainFaceCheck
from kiosk.identity.unfinished_reading import UnfinishedReading
from kiosk.identity.verdict import DocumentVerdict
from kiosk.session import AccessKeys, ClaimedIdentity

from .conftest import PLACE, Story, document

QR = e.QrRead(claimed_identity=ClaimedIdentity(AccessKeys("004127", (("1", "2", "3"),)), "098185004127"))
NOT_PROVEN = DocumentVerdict.DATA_AUTHENTIC_CHIP_NOT_PROVEN


def failed(reason: str, unfinished: UnfinishedReading | None = None) -> e.ChipNotRead:
    return e.ChipNotRead(reason=reason, unfinished=unfinished)


def waiting_for_card(story: Story) -> Story:
    return story.when(e.Started(), e.ConsentGiven(), e.UseDigitsChosen(), e.DigitsEntered(text="004127")).at(
        LayCard
    )


def reading(story: Story) -> Story:
    return waiting_for_card(story).when(e.CardPlaced()).at(ReadingChip)


def reading_by_qr(story: Story) -> Story:
    return story.when(e.Started(), e.ConsentGiven(), e.UseQrChosen(), QR, e.CardPlaced()).at(ReadingChip)


def pulled(story: Story) -> UnfinishedReading:
    """A reading that is broken off after the name was read."""
    unfinished = UnfinishedReading()
    unfinished.keep("DG1", b"NGUYEN THI NGOC LAN")
    story.when(e.ChipProgress(stage="access"), e.ChipProgress(stage="dg1", name="LAN"), e.CardTakenAway())
    story.when(failed("card_removed", unfinished)).at(PutCardBack)
    return unfinished


def stages(story: Story) -> list[str]:
    view = ReadingChip.view(story.session)
    assert isinstance(view, views.Progress)
    return [stage.state for stage in view.stages]


def test_the_reading_goes_on_with_what_the_card_gave_and_shows_it_as_done(story: Story) -> None:
    reading(story)
    unfinished = pulled(story)
    story.when(e.CardPlaced()).at(ReadingChip)
    first, again = story.ordered(effects.ReadChip)
    assert isinstance(first, effects.ReadChip)
    assert isinstance(again, effects.ReadChip)
    assert (first.unfinished, again.unfinished) == (None, unfinished)
    assert again.access_keys == first.access_keys
    shown = ["done", "done", "running", "waiting", "waiting", "waiting"]
    assert stages(story) == shown
    for passed in (e.ChipProgress(stage="access"), e.ChipProgress(stage="dg1", name="LAN")):
        assert stages(story.when(passed)) == shown
    assert stages(story.when(e.ChipProgress(stage="dg13"))).count("done") == 3
    story.when(e.ChipRead(document=document())).at(ExplainFaceCheck)
    assert story.session.unfinished_reading is None


def test_a_stage_is_done_once_it_is_behind_and_not_before(story: Story) -> None:
    assert stages(reading(story)) == ["running"] + 5 * ["waiting"]
    for count, stage in enumerate(STAGES, 1):
        assert stages(story.when(e.ChipProgress(stage=stage))).count("done") == count


@pytest.mark.parametrize("ending", [e.TimeUp(), e.IdleExpired(), e.CancelChosen()])
def test_what_a_card_gave_is_wiped_when_it_does_not_come_back(story: Story, ending: e.Event) -> None:
    reading(story)
    unfinished = pulled(story)
    assert effects.StartTimer(PLACE.card_gone_s) in story.effects
    story.when(ending).at(Abandoned)
    (wipe,) = story.ordered(effects.Wipe)
    assert isinstance(wipe, effects.Wipe)
    assert set(unfinished.buffers) <= set(wipe.buffers)
    assert story.session.unfinished_reading is story.session.claimed_identity is None


def test_another_card_is_another_visit(story: Story) -> None:
    reading(story)
    pulled(story)
    story.when(e.CardPlaced(), failed("card_swapped")).at(AnotherCard)
    assert "access_key" not in story.session.tries
    assert len(story.ordered(effects.Wipe)) == 1
    assert (story.session.claimed_identity, story.session.greeting_name) == (None, None)
    assert (story.session.unfinished_reading, story.session.authenticated_document) == (None, None)
    story.when(e.Confirmed()).at(Ended)


def test_a_card_pulled_at_once_is_not_called_wrong_digits_however_often(story: Story) -> None:
    reading(story)
    for _ in range(5):
        story.when(e.CardTakenAway(), failed("card_removed")).at(PutCardBack).when(e.CardPlaced()).at(ReadingChip)
    assert "access_key" not in story.session.tries
    story.when(e.ChipRead(document=document())).at(ExplainFaceCheck)


def test_a_reader_that_loses_the_card_for_ever_is_not_tried_for_ever(story: Story) -> None:
    """It says that the card lies there and, asked to read it, that it does not."""
    reading(story)
    for _ in range(REMOVALS):
        story.when(failed("card_removed", UnfinishedReading())).at(ReadingChip)
    story.when(failed("card_removed", UnfinishedReading())).at(PrintStaffSlip)


def test_a_card_that_is_back_before_its_going_was_noticed_is_read_on_at_once(story: Story) -> None:
    reading(story).when(e.CardTakenAway(), e.CardPlaced(), failed("card_removed", UnfinishedReading())).at(
        ReadingChip
    )
    assert len(story.ordered(effects.ReadChip)) == 2


def test_a_card_taken_after_it_was_read_is_the_visitors_own_affair(story: Story) -> None:
    reading(story).when(e.ChipRead(document=document()), e.CardTakenAway()).at(ExplainFaceCheck)
    story.when(e.Confirmed(), e.ReaderLost()).at(CheckingFace)


def test_digits_that_cannot_open_the_card_lead_to_its_qr_and_never_back_to_digits(story: Story) -> None:
    reading(story).when(failed("access_key_insufficient")).at(AskForQr)
    assert "access_key" not in story.session.tries
    story.when(e.UseQrChosen()).at(ScanQr)
    assert [button.id for button in ScanQr.view(story.session).buttons] == []
    story.when(e.QrNotRead(reason="card_qr_not_found")).at(AskForQr)
    said = AskForQr.view(story.session).lines
    assert [line.key for line in said] == ["errors.card_qr_not_found.reason", "identify.qr_needed.line"]
    story.when(e.UseQrChosen(), e.BackChosen()).at(AskForQr)
    story.when(e.UseQrChosen(), e.CardTakenAway(), QR).at(LayCard).when(e.BackChosen()).at(AskForQr)
    story.when(e.UseQrChosen(), QR, e.CardPlaced(), e.ChipRead(document=document())).at(ExplainFaceCheck)


def test_whoever_cannot_show_the_qr_gets_to_staff(story: Story) -> None:
    reading(story).when(failed("access_key_insufficient"), e.StaffChosen()).at(PrintStaffSlip)


def test_a_card_that_its_qr_does_not_open_either_goes_to_staff(story: Story) -> None:
    reading_by_qr(story).when(failed("access_key_insufficient")).at(PrintStaffSlip)
    assert story.session.reason == "card_not_supported"


def test_a_qr_of_another_card_is_not_called_wrong_digits(story: Story) -> None:
    reading_by_qr(story).when(failed("wrong_access_key")).at(EnterDigits)
    assert story.session.reason == "card_qr_of_another_card"
    story.when(e.DigitsEntered(text="004127"), failed("wrong_access_key")).at(EnterDigits)
    assert story.session.reason == "wrong_access_key"
    story.when(e.UseQrChosen(), QR, failed("wrong_access_key")).at(PrintStaffSlip)


def test_a_qr_of_another_card_leads_not_to_digits_that_cannot_open_this_one(story: Story) -> None:
    reading(story).when(failed("access_key_insufficient"), e.UseQrChosen(), QR)
    story.when(failed("wrong_access_key")).at(AskForQr)
    assert AskForQr.view(story.session).lines[0].key == "errors.card_qr_of_another_card.reason"


def waiting_for_it_back(story: Story) -> Story:
    reading(story)
    pulled(story)
    return story


@pytest.mark.parametrize("waiting", [waiting_for_card, reading, waiting_for_it_back])
def test_whoever_needs_a_reader_that_goes_is_told_and_sent_to_staff(story: Story, waiting: object) -> None:
    assert callable(waiting)
    waiting(story)
    story.when(e.ReaderLost(), e.CardTakenAway()).at(PrintStaffSlip)
    assert story.session.reason == "reader_unavailable"
    story.when(failed("reader_unavailable"), e.TimeUp()).at(AskStaff)
    assert "identify.take_card" in [line.key for line in AskStaff.view(story.session).lines], "it may lie there yet"
    assert story.session.unfinished_reading is None


def test_whoever_comes_to_need_a_reader_that_went_before_is_told_then(story: Story) -> None:
    story.when(e.Started(), e.ConsentGiven(), e.ReaderLost()).at(ChooseAccess)
    story.when(e.UseDigitsChosen(), e.DigitsEntered(text="004127")).at(PrintStaffSlip)
    assert story.session.reason == "reader_unavailable"


def test_a_reader_that_is_back_in_time_cost_nobody_anything(story: Story) -> None:
    story.when(e.Started(), e.ConsentGiven(), e.ReaderLost(), e.CardTakenAway(), e.ReaderFound())
    story.when(e.UseDigitsChosen(), e.DigitsEntered(text="004127")).at(LayCard)


def test_a_card_pulled_along_with_the_reader_is_not_asked_for(story: Story) -> None:
    """The failed exchange may be told before the reader's end or after it."""
    reading(story).when(failed("card_removed"), e.ReaderLost()).at(PrintStaffSlip)
    other = reading(Story())
    other.when(e.CardTakenAway(), failed("card_removed")).at(PutCardBack).when(e.ReaderLost()).at(PrintStaffSlip)
    assert other.session.reason == "reader_unavailable"


@pytest.mark.parametrize(
    ("policy", "changes", "step", "reason"),
    [
        ({}, {"verdict": NOT_PROVEN}, PrintStaffSlip, "chip_not_proven"),
        ({"chip_not_proven": "refuse"}, {"verdict": NOT_PROVEN}, Refused, "chip_not_proven"),
        ({"chip_not_proven": "accept"}, {"verdict": NOT_PROVEN}, ExplainFaceCheck, None),
        ({"chip_not_proven": "accept"}, {"verdict": DocumentVerdict.FORGED}, Refused, "document_forged"),
        ({}, {"verdict": DocumentVerdict.ISSUER_NOT_TRUSTED}, PrintStaffSlip, "issuer_not_trusted"),
        (
            {"unknown_issuer": "refuse"},
            {"verdict": DocumentVerdict.ISSUER_NOT_TRUSTED},
            Refused,
            "issuer_not_trusted",
        ),
        ({}, {"expired": None}, PrintStaffSlip, "clock_not_trusted"),
        ({"no_clock": "accept"}, {"expired": None}, ExplainFaceCheck, None),
        ({"no_clock": "accept"}, {"expired": True}, PrintStaffSlip, "document_expired"),
        ({"no_clock": "accept"}, {"expired": None, "verdict": NOT_PROVEN}, PrintStaffSlip, "chip_not_proven"),
        ({}, {"expired": True}, PrintStaffSlip, "document_expired"),
        ({"expired": "refuse"}, {"expired": True}, Refused, "document_expired"),
    ],
)
def test_the_site_decides_what_is_doubtful_and_never_what_is_forged(
    policy: dict[str, str], changes: dict[str, object], step: type[Step], reason: str | None
) -> None:
    story = reading(Story(replace(PLACE, **policy)))  # type: ignore[arg-type]
    story.when(e.ChipRead(document=document(**changes))).at(step)
    assert story.session.reason == reason


def test_a_refusal_is_recorded_with_what_the_inspection_found_and_nothing_of_the_document(story: Story) -> None:
    found = document(verdict=DocumentVerdict.FORGED, reasons=("sod_signature_wrong",), access_protocol="PACE-MRZ")
    reading(story).when(e.ChipRead(document=found)).at(Refused)
    assert story.ordered(effects.RaiseSecurityEvent) == [
        effects.RaiseSecurityEvent("document_forged", ("sod_signature_wrong",), "PACE-MRZ")
    ]


@pytest.mark.parametrize(
    "how", [(e.CardPlaced(),), (e.DeviceTrouble(reason="x"), e.CardPlaced(), e.DevicesReady())]
)
def test_a_card_laid_down_before_anybody_began_is_read_once_they_agreed(story: Story, how: tuple) -> None:
    story.when(*how, e.Started()).at(AskConsent)
    assert not story.ordered(effects.ReadChip)
    story.when(e.ConsentGiven(), e.UseDigitsChosen(), e.DigitsEntered(text="004127")).at(ReadingChip)


def test_the_next_card_laid_down_is_not_greeted_by_the_name_of_the_one_before(story: Story) -> None:
    reading(story)
    pulled(story)
    story.when(e.CardPlaced()).at(ReadingChip)
    assert ReadingChip.view(story.session).greeting is None  # type: ignore[attr-defined]
    story.when(e.ChipProgress(stage="dg1", name="Lan"))
    assert ReadingChip.view(story.session).greeting is not None  # type: ignore[attr-defined]
