"""Whole inspections of modelled cards: what each kind of card leads to."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from drivers.card_reader.virtual_chip import ChipImage
from kiosk.emrtd.csca import TrustStore
from kiosk.emrtd.inspection import inspect
from kiosk.emrtd.report import STAGES, InspectionProgress, InspectionReport, authenticated_document
from kiosk.errors import (
    AccessKeyInsufficient,
    CardAnswerInvalid,
    CardNotSupported,
    CardRemoved,
    CardUnresponsive,
    ChipFailed,
    SecureMessagingBroken,
    WrongAccessKey,
)
from kiosk.identity import card_qr
from kiosk.identity.verdict import DocumentVerdict
from kiosk.session import AccessKeys
from provisioning.rig import people
from provisioning.rig.people import Persona
from provisioning.trust.card_qr import card_qr_payload

PROTECTED, PROTECTED_READ = b"\x0c", b"\x0c\xb0"

MakeCard = Callable[..., ChipImage]
InHand = Callable[[ChipImage], Any]
Read = Callable[..., InspectionReport]


@pytest.fixture
def keys(persona: Persona) -> AccessKeys:
    return card_qr.parse(card_qr_payload(persona.card)).access_keys


@pytest.fixture
def read(store: TrustStore, today: date, keys: AccessKeys) -> Read:
    """Inspect a card with the persona's keys and the kiosk's store, unless told otherwise."""

    def run(card: Any, access_keys: AccessKeys = keys, **changes: Any) -> InspectionReport:
        options = {"today": today, "on_progress": lambda progress: None, **changes}
        return inspect(card, access_keys, options.pop("trust", store), **options)

    return run


@pytest.mark.parametrize(
    ("variant", "verdict", "reasons"),
    [
        ("genuine", DocumentVerdict.AUTHENTIC, ()),
        ("bac-only", DocumentVerdict.AUTHENTIC, ()),
        ("expired", DocumentVerdict.AUTHENTIC, ()),
        ("no-portrait", DocumentVerdict.AUTHENTIC, ("portrait_absent",)),
        ("without-chip-proof", DocumentVerdict.DATA_AUTHENTIC_CHIP_NOT_PROVEN, ("chip_proof_not_offered",)),
        ("unknown-issuer", DocumentVerdict.ISSUER_NOT_TRUSTED, ("issuer_not_in_store",)),
        ("forged-sod", DocumentVerdict.FORGED, ("sod_signature_wrong",)),
        ("forged-signer", DocumentVerdict.FORGED, ("signer_signature_wrong",)),
        ("altered-dg1", DocumentVerdict.FORGED, ("dg1_hash_wrong",)),
        ("altered-dg2", DocumentVerdict.FORGED, ("dg2_hash_wrong",)),
        ("cloned", DocumentVerdict.FORGED, ("chip_proof_wrong",)),
        ("clone-without-proof", DocumentVerdict.FORGED, ("chip_proof_refused",)),
        ("pace-hidden", DocumentVerdict.FORGED, ("pace_downgraded",)),
    ],
)
def test_each_kind_of_card_gets_its_verdict(
    make_card: MakeCard,
    in_hand: InHand,
    read: Read,
    variant: str,
    verdict: DocumentVerdict,
    reasons: tuple[str, ...],
) -> None:
    report = read(in_hand(make_card(variant)))
    assert (report.verdict, report.reasons) == (verdict, reasons)


def test_genuine_card_gives_the_holder_as_the_issuer_wrote_them(
    make_card: MakeCard, in_hand: InHand, read: Read, persona: Persona, portraits: dict[str, bytes]
) -> None:
    report = read(in_hand(make_card()))
    assert report.name == "Trần Quang Minh"
    assert report.citizen_number == persona.card.citizen_number
    assert report.document_number == persona.card.citizen_number[-9:]
    assert (report.date_of_birth, report.gender) == (persona.card.date_of_birth, "male")
    assert (report.date_of_expiry, report.expired) == (persona.card.date_of_expiry, False)
    assert report.portrait == portraits["JPEG"]
    assert report.access_protocol == "PACE-CAN"


def test_jpeg_2000_portrait_comes_out_as_it_was_stored(
    make_card: MakeCard, in_hand: InHand, read: Read, portraits: dict[str, bytes]
) -> None:
    assert read(in_hand(make_card(portrait="JPEG2000"))).portrait == portraits["JPEG2000"]


def test_name_is_told_first_and_the_portrait_is_read_last(make_card: MakeCard, in_hand: InHand, read: Read) -> None:
    told: list[InspectionProgress] = []
    read(in_hand(make_card()), on_progress=told.append)
    assert tuple(progress.stage for progress in told) == STAGES
    assert {progress.stage: progress.name for progress in told if progress.name} == {"dg1": "TRAN QUANG MINH"}


def test_fingerprints_are_never_asked_for(make_card: MakeCard, in_hand: InHand, read: Read) -> None:
    card = in_hand(make_card())
    asked: list[tuple[int, bytes]] = []
    run = card.chip._run
    card.chip._run = lambda command: (
        asked.append((command.ins << 16 | command.p1 << 8, command.data)) or run(command)
    )
    read(card)
    assert asked
    assert (0xB08300, b"") not in asked
    assert b"\x01\x03" not in [data for _, data in asked]


def test_card_without_expiry_is_not_expired(make_card: MakeCard, in_hand: InHand, read: Read) -> None:
    elder = people.load("tu")
    report = read(in_hand(make_card(who=elder)), AccessKeys(elder.card.can))
    assert (report.date_of_expiry, report.expired) == (None, False)


def test_expired_card_is_authentic_and_expired(make_card: MakeCard, in_hand: InHand, read: Read) -> None:
    report = read(in_hand(make_card("expired")))
    assert (report.verdict, report.expired) == (DocumentVerdict.AUTHENTIC, True)


def test_without_a_trusted_clock_nothing_is_said_about_expiry(
    make_card: MakeCard, in_hand: InHand, read: Read
) -> None:
    report = read(in_hand(make_card("expired")), today=None)
    assert report.expired is None
    assert report.reasons == ("no_trusted_clock",)


@pytest.mark.parametrize(
    ("day", "reason"),
    [(date(2062, 1, 1), "signer_outside_validity"), (date(2072, 1, 1), "issuer_outside_validity")],
)
def test_signer_or_issuer_past_its_time_is_not_trusted(
    make_card: MakeCard, in_hand: InHand, read: Read, day: date, reason: str
) -> None:
    report = read(in_hand(make_card()), today=day)
    assert (report.verdict, report.reasons) == (DocumentVerdict.ISSUER_NOT_TRUSTED, (reason,))


def test_empty_store_trusts_nobody(make_card: MakeCard, in_hand: InHand, read: Read) -> None:
    report = read(in_hand(make_card()), trust=TrustStore(()))
    assert report.verdict is DocumentVerdict.ISSUER_NOT_TRUSTED
    assert report.portrait is None


def test_wrong_digits_are_a_wrong_key_and_the_right_ones_still_open(
    make_card: MakeCard, in_hand: InHand, read: Read, persona: Persona
) -> None:
    card = in_hand(make_card())
    with pytest.raises(WrongAccessKey):
        read(card, AccessKeys("000000"))
    assert read(card, AccessKeys(persona.card.can)).verdict is DocumentVerdict.AUTHENTIC


def test_six_digits_do_not_open_a_card_without_pace(
    make_card: MakeCard, in_hand: InHand, read: Read, persona: Persona
) -> None:
    with pytest.raises(AccessKeyInsufficient):
        read(in_hand(make_card("bac-only")), AccessKeys(persona.card.can))


def test_second_mrz_candidate_opens_a_card_without_pace(
    make_card: MakeCard, in_hand: InHand, read: Read, keys: AccessKeys
) -> None:
    number, birth, _ = keys.mrz_candidates[0]
    both = AccessKeys(keys.can, ((number, birth, "250930"), *keys.mrz_candidates))
    assert read(in_hand(make_card("bac-only")), both).access_protocol == "BAC"


def test_card_without_can_is_opened_with_the_mrz(
    make_card: MakeCard, in_hand: InHand, read: Read, keys: AccessKeys
) -> None:
    card = in_hand(make_card().model_copy(update={"can": None}))
    assert read(card).access_protocol == "PACE-MRZ"
    with pytest.raises(AccessKeyInsufficient):
        read(card, AccessKeys(keys.can))


def test_card_pulled_at_any_moment_is_never_a_wrong_key(make_card: MakeCard, in_hand: InHand, read: Read) -> None:
    whole = in_hand(make_card())
    read(whole)
    for count in range(len(whole.commands)):
        card = in_hand(make_card())
        card.leave_after = count
        with pytest.raises(CardRemoved):
            read(card)


@pytest.mark.parametrize(
    ("behaviour", "way"),
    [
        ({"knows_short_ids": False}, "file_id"),
        ({"starts_in_application": True}, "master_file"),
        ({"starts_in_application": True, "selects_master_file": False}, "file_id"),
        ({"takes_extended_length": False}, "short_id"),
        ({"warns_at_end_of_file": True}, "short_id"),
        ({"largest_answer": 1000}, "short_id"),
        ({"largest_answer": 200, "takes_extended_length": False}, "short_id"),
        ({"largest_answer": 100}, "short_id"),
        ({"gives_at_most": 70}, "short_id"),
    ],
    ids=str,
)
def test_cards_with_habits_of_the_field_are_read_all_the_same(
    make_card: MakeCard,
    in_hand: InHand,
    read: Read,
    behaviour: dict[str, object],
    way: str,
    portraits: dict[str, bytes],
) -> None:
    report = read(in_hand(make_card(**behaviour)))
    assert (report.verdict, report.card_access_way) == (DocumentVerdict.AUTHENTIC, way)
    assert report.portrait == portraits["JPEG"]


def test_long_answers_save_most_of_the_commands(make_card: MakeCard, in_hand: InHand, read: Read) -> None:
    long, short = in_hand(make_card()), in_hand(make_card(takes_extended_length=False))
    read(long)
    read(short)
    assert len(long.commands) < 30 < 80 < len(short.commands)


def test_reader_that_cannot_carry_long_answers_is_read_in_short_ones(
    make_card: MakeCard, in_hand: InHand, read: Read
) -> None:
    card = in_hand(make_card())

    def narrow(answer: bytes) -> bytes:
        if len(answer) > 271:
            raise CardUnresponsive("too long for the reader")
        return answer

    card.tamper = narrow
    assert read(card).verdict is DocumentVerdict.AUTHENTIC


def test_card_access_out_of_reach_never_leads_to_authentic(
    make_card: MakeCard, in_hand: InHand, read: Read
) -> None:
    report = read(in_hand(make_card().model_copy(update={"card_access": None})))
    assert report.access_protocol == "BAC"
    assert report.reasons == ("pace_not_reached",)
    assert report.verdict is DocumentVerdict.DATA_AUTHENTIC_CHIP_NOT_PROVEN


@pytest.mark.parametrize(("file_id", "reason"), [(0x010E, "dg14_withheld"), (0x0102, "dg2_withheld")])
@pytest.mark.parametrize("is_refused", [True, False])
def test_file_that_the_signature_lists_cannot_be_withheld(
    make_card: MakeCard, in_hand: InHand, read: Read, file_id: int, reason: str, *, is_refused: bool
) -> None:
    image = make_card()
    files = {number: contents for number, contents in image.files.items() if number != file_id}
    changes = {"refused": (file_id,)} if is_refused else {"files": files}
    report = read(in_hand(image.model_copy(update=changes)))
    assert (report.verdict, report.reasons) == (DocumentVerdict.FORGED, (reason,))


def test_clone_that_brings_a_key_of_its_own_is_found(make_card: MakeCard, in_hand: InHand, read: Read) -> None:
    """Its chip can prove the key in its DG14, but that DG14 is not the signed one."""
    original, other = make_card(), make_card()
    files = {**original.files, 0x010E: other.files[0x010E]}
    clone = original.model_copy(update={"files": files, "chip_private_key": other.chip_private_key})
    report = read(in_hand(clone))
    assert (report.verdict, report.reasons) == (DocumentVerdict.FORGED, ("dg14_hash_wrong",))


def test_name_of_the_mrz_serves_where_dg13_does_not(make_card: MakeCard, in_hand: InHand, read: Read) -> None:
    report = read(in_hand(make_card().model_copy(update={"refused": (0x0103, 0x010D)})))
    assert report.name == "TRAN QUANG MINH"
    assert report.reasons == ("dg13_unreadable",)


def test_changed_dg13_is_a_forgery_and_its_name_is_not_believed(
    make_card: MakeCard, in_hand: InHand, read: Read
) -> None:
    image = make_card()
    files = {**image.files, 0x010D: image.files[0x010D].replace("Trần".encode(), "Trấn".encode())}
    report = read(in_hand(image.model_copy(update={"files": files})))
    assert (report.verdict, report.name) == (DocumentVerdict.FORGED, "TRAN QUANG MINH")


@pytest.mark.parametrize("position", [3, -12, -3])
def test_one_bit_changed_on_the_way_is_noticed(
    make_card: MakeCard, in_hand: InHand, read: Read, position: int
) -> None:
    """In the cryptogram, in the MAC, in the protected status."""
    card = in_hand(make_card())

    def flip(answer: bytes) -> bytes:
        changed = bytearray(answer)
        if card.commands[-1].startswith(PROTECTED):
            changed[position] ^= 1
        return bytes(changed)

    card.tamper = flip
    with pytest.raises(SecureMessagingBroken):
        read(card)


def test_answers_in_the_clear_are_refused_inside_the_session(
    make_card: MakeCard, in_hand: InHand, read: Read
) -> None:
    card = in_hand(make_card())
    contents = make_card().files[0x0101]
    card.tamper = lambda answer: contents + b"\x90\x00" if card.commands[-1].startswith(PROTECTED_READ) else answer
    with pytest.raises(SecureMessagingBroken):
        read(card)


def test_chip_that_hands_out_its_files_byte_by_byte_is_given_up(
    make_card: MakeCard, in_hand: InHand, read: Read
) -> None:
    with pytest.raises(ChipFailed, match="too many"):
        read(in_hand(make_card(gives_at_most=8)))


@pytest.mark.parametrize("status", [b"\x6a\x82", b"\x6d\x00", b"\x69\x82", b"\x67\x00"])
def test_card_that_is_no_identity_document_is_not_supported(
    make_card: MakeCard, in_hand: InHand, read: Read, status: bytes
) -> None:
    card = in_hand(make_card())
    card.tamper = lambda answer: status
    with pytest.raises(CardNotSupported):
        read(card)


def test_card_that_answers_nothing_at_all_is_named(make_card: MakeCard, in_hand: InHand, read: Read) -> None:
    card = in_hand(make_card())
    card.tamper = lambda answer: b""
    with pytest.raises(CardAnswerInvalid):
        read(card)


def test_what_progress_raises_stops_the_reading(make_card: MakeCard, in_hand: InHand, read: Read) -> None:
    def stop(progress: InspectionProgress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(in_hand(make_card()), on_progress=stop)


def test_report_becomes_a_document_whose_portrait_can_be_wiped(
    make_card: MakeCard, in_hand: InHand, read: Read, portraits: dict[str, bytes]
) -> None:
    document = authenticated_document(read(in_hand(make_card())))
    assert document.portrait
    assert bytes(document.portrait.view) == portraits["JPEG"]
    assert (document.name, document.access_protocol, document.expired) == ("Trần Quang Minh", "PACE-CAN", False)
    document.portrait.wipe()
    assert not len(document.portrait)


def test_report_shows_nothing_personal(make_card: MakeCard, in_hand: InHand, read: Read, persona: Persona) -> None:
    report = read(in_hand(make_card()))
    assert persona.card.citizen_number not in repr(report)
    assert "Trần" not in repr(authenticated_document(report))
