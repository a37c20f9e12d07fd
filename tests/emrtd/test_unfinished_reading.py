"""A card taken away in the middle of a reading: what goes on, what is read again, and what is never believed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from drivers.card_reader.virtual_chip import ChipImage
from drivers.card_reader.virtual_chip.departure import STAGES, Departure, Stage
from kiosk.emrtd.csca import TrustStore
from kiosk.emrtd.inspection import inspect
from kiosk.emrtd.report import InspectionReport
from kiosk.errors import CardRemoved, CardSwapped, WrongAccessKey
from kiosk.identity import card_qr
from kiosk.identity.unfinished_reading import UnfinishedReading
from kiosk.identity.verdict import DocumentVerdict
from kiosk.session import AccessKeys
from provisioning.rig import people
from provisioning.rig.people import Persona
from provisioning.trust.card_qr import card_qr_payload

SOD, DG1, DG2, DG13, DG14 = 0x011D, 0x0101, 0x0102, 0x010D, 0x010E
FINISHED: dict[Stage, set[int]] = {
    "access": set(),
    "dg1": set(),
    "sod": {DG1},
    "dg13": {DG1},
    "dg14": {DG1, DG13},
    "proof": {DG1, DG13, DG14},
    "dg2": {DG1, DG13, DG14},
}
"""Data groups that are not read again, by where the card was pulled. EF.SOD is none: it says which card it is."""

MakeCard = Callable[..., ChipImage]
InHand = Callable[..., Any]
Read = Callable[..., InspectionReport]


@pytest.fixture
def keys(persona: Persona) -> AccessKeys:
    return card_qr.parse(card_qr_payload(persona.card)).access_keys


@pytest.fixture
def reading() -> UnfinishedReading:
    return UnfinishedReading()


@pytest.fixture
def read(store: TrustStore, today: date, keys: AccessKeys, reading: UnfinishedReading) -> Read:
    def run(card: Any, access_keys: AccessKeys = keys) -> InspectionReport:
        return inspect(card, access_keys, store, today=today, on_progress=lambda progress: None, unfinished=reading)

    return run


@pytest.fixture
def pull(in_hand: InHand, read: Read) -> Callable[..., Any]:
    """Read a card that leaves at a stage; returns it as it then is."""

    def run(image: ChipImage, stage: Stage, block: int = 0) -> Any:
        card = in_hand(image, Departure(stage, block))
        with pytest.raises(CardRemoved):
            read(card)
        return card

    return run


@pytest.mark.parametrize("variant", ["genuine", "bac-only"])
@pytest.mark.parametrize("stage", STAGES)
def test_card_put_back_is_read_on_without_reading_finished_groups_again(
    make_card: MakeCard, in_hand: InHand, read: Read, pull: Any, stage: Stage, variant: str, portraits: dict
) -> None:
    image = make_card(variant)
    pull(image, stage)
    again = in_hand(image)
    report = read(again)
    assert (report.verdict, report.reasons) == (DocumentVerdict.AUTHENTIC, ())
    assert report.portrait == portraits["JPEG"]
    given = {file: count for file, count in again.chip.given.items() if file in (DG1, DG2, DG13, DG14, SOD)}
    to_come = {DG1, DG2, DG13, DG14} - FINISHED[stage]
    assert given == {file: len(image.files[file]) for file in (*to_come, SOD)}, "each file once, SOD included"


@pytest.mark.parametrize("extended", [True, False])
def test_portrait_may_break_off_at_any_block_and_costs_its_own_blocks_only(
    make_card: MakeCard, in_hand: InHand, read: Read, pull: Any, *, extended: bool, portraits: dict
) -> None:
    image = make_card(takes_extended_length=extended)
    block, blocks = 0, 2 + len(image.files[DG2]) // (2000 if extended else 223)
    while block < blocks - 1:
        pull(image, "dg2", block)
        block += 1 if extended else 29
    last = in_hand(image)
    assert read(last).portrait == portraits["JPEG"]
    assert set(last.chip.given) & set(image.files) == {SOD, DG2}


def test_card_pulled_over_and_over_gets_a_step_further_each_time(
    make_card: MakeCard, in_hand: InHand, read: Read, pull: Any
) -> None:
    image, given = make_card(), {}
    for stage in STAGES:
        for file, count in pull(image, stage).chip.given.items():
            given[file] = given.get(file, 0) + count
    last = in_hand(image)
    assert read(last).verdict is DocumentVerdict.AUTHENTIC
    # pulled while it gave the file, a card has answered for it once in vain
    assert {file: given[file] + last.chip.given[file] for file in (DG1, DG13, DG14)} == {
        file: 2 * len(image.files[file]) for file in (DG1, DG13, DG14)
    }


def test_uninterrupted_reading_asks_for_each_file_once_and_sends_not_one_command_more(
    make_card: MakeCard, in_hand: InHand, read: Read
) -> None:
    image = make_card()
    card = in_hand(image)
    read(card)
    assert len(card.commands) == 25
    read_of_the_document = {file: count for file, count in card.chip.given.items() if file in image.files}
    assert read_of_the_document == {file: len(image.files[file]) for file in (SOD, DG1, DG2, DG13, DG14)}


def test_the_chip_proves_itself_anew_in_the_session_that_is_believed(
    make_card: MakeCard, in_hand: InHand, read: Read, pull: Any
) -> None:
    """The original proves itself and is pulled; a copy of all its files is laid down in its place."""
    original = make_card()
    pull(original, "dg2")
    report = read(in_hand(original.model_copy(update={"chip_private_key": 4127})))
    assert (report.verdict, report.reasons) == (DocumentVerdict.FORGED, ("chip_proof_wrong",))


def test_copy_that_refuses_to_prove_itself_gains_nothing_by_the_originals_proof(
    make_card: MakeCard, in_hand: InHand, read: Read, pull: Any
) -> None:
    original = make_card()
    pull(original, "dg2")
    report = read(in_hand(original.model_copy(update={"chip_private_key": None})))
    assert (report.verdict, report.reasons) == (DocumentVerdict.FORGED, ("chip_proof_refused",))


@pytest.mark.parametrize("stage", [stage for stage in STAGES if stage != "access"])
def test_somebody_elses_card_is_another_card_and_never_a_wrong_key(
    make_card: MakeCard, in_hand: InHand, read: Read, pull: Any, stage: Stage
) -> None:
    pull(make_card(), stage)
    other = in_hand(make_card(who=people.load("lan")))
    with pytest.raises(CardSwapped):
        read(other)
    assert not set(other.chip.given) & {DG1, DG2, DG13, DG14, SOD}


@pytest.mark.parametrize("stage", [stage for stage in STAGES if stage not in ("access", "dg1")])
def test_another_card_that_opens_with_the_same_keys_is_known_by_its_signed_object(
    make_card: MakeCard, in_hand: InHand, read: Read, pull: Any, persona: Persona, stage: Stage
) -> None:
    """As the holder's renewed card does: same number, so same CAN; another name here, to see that none is mixed."""
    card = persona.card.model_copy(update={"name": "Lê Văn Khác"})
    pull(make_card(), stage)
    other = in_hand(make_card(who=persona.model_copy(update={"card": card})))
    with pytest.raises(CardSwapped):
        read(other, AccessKeys(persona.card.can))
    assert not {DG2, DG13, DG14} & set(other.chip.given)


@pytest.mark.parametrize("variant", ["bac-only", "unknown-issuer", "cloned"])
def test_another_kind_of_card_in_its_place_is_another_card(
    make_card: MakeCard, in_hand: InHand, read: Read, pull: Any, persona: Persona, variant: str
) -> None:
    pull(make_card(), "dg14")
    with pytest.raises(CardSwapped):
        read(in_hand(make_card(variant)), AccessKeys(persona.card.can))


def test_card_of_no_document_at_all_in_its_place_is_another_card(
    make_card: MakeCard, in_hand: InHand, read: Read, pull: Any
) -> None:
    pull(make_card(), "dg14")
    bank_card = in_hand(make_card())
    bank_card.tamper = lambda answer: b"\x6a\x82"
    with pytest.raises(CardSwapped):
        read(bank_card)


def test_wrong_digits_after_a_card_that_was_never_opened_are_wrong_digits(
    make_card: MakeCard, in_hand: InHand, read: Read, pull: Any
) -> None:
    """Until a key was taken, nobody can tell a mistyped one from another card's; nothing was read either."""
    pull(make_card(), "access")
    with pytest.raises(WrongAccessKey):
        read(in_hand(make_card()), AccessKeys("000000"))


@pytest.mark.parametrize("variant", ["altered-dg1", "altered-dg2", "forged-sod", "cloned", "pace-hidden"])
@pytest.mark.parametrize("stage", STAGES)
def test_a_forgery_stays_one_wherever_it_is_pulled(
    make_card: MakeCard, in_hand: InHand, read: Read, variant: str, stage: Stage
) -> None:
    image = make_card(variant)
    try:
        report = read(in_hand(image, Departure(stage)))
    except CardRemoved:
        report = read(in_hand(image))
    assert report.verdict is DocumentVerdict.FORGED
    assert len(report.reasons) == 1


def test_kept_files_are_overwritten_in_place_and_shown_by_nobody(
    make_card: MakeCard, pull: Any, reading: UnfinishedReading, persona: Persona
) -> None:
    pull(make_card(), "dg2")
    assert reading.files == {"DG1", "SOD", "DG13", "DG14"}
    assert reading.contents("DG2") is None
    assert persona.card.citizen_number.encode() in (reading.contents("DG13") or b"")
    assert persona.card.citizen_number not in repr(reading)
    views = [buffer.view for buffer in reading.buffers]
    reading.wipe()
    assert not any(any(view) for view in views)
    assert not reading.files
