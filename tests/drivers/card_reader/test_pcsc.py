"""The reader through a real pcscd, with a modelled card on vpcd."""

import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from drivers.card_reader.pcsc import PcscReader, _Watcher
from drivers.card_reader.virtual_chip import ChipImage, VirtualReader
from drivers.card_reader.virtual_chip.departure import STAGES
from drivers.card_reader.virtual_reader import RunningPcscd, start_pcscd
from kiosk.emrtd.csca import TrustStore
from kiosk.emrtd.inspection import inspect
from kiosk.emrtd.report import InspectionProgress
from kiosk.errors import CardRemoved, ReaderUnavailable, WrongAccessKey
from kiosk.identity import card_qr
from kiosk.identity.unfinished_reading import UnfinishedReading
from kiosk.identity.verdict import DocumentVerdict
from kiosk.session import AccessKeys
from provisioning.rig.people import Persona
from provisioning.trust.card_qr import card_qr_payload

MakeCard = Callable[[str], ChipImage]
NAMED_WITHIN_S = 2.0
SELECT_APPLICATION = bytes.fromhex("00A4040C07A0000002471001")


def ignore(progress: InspectionProgress) -> None:
    """No progress is shown here."""


def test_present_state_is_told_first_and_then_what_changes(
    place: VirtualReader, watched: Any, make_card: MakeCard
) -> None:
    place.lay_down(make_card("genuine"))
    watched.start()
    assert [watched.next(), watched.next()] == ["reader_found", "card_placed"]
    place.take_off()
    assert watched.next() == "card_removed"
    place.lay_down(make_card("genuine"))
    assert watched.next() == "card_placed"


@pytest.mark.parametrize(
    ("variant", "verdict"),
    [
        ("genuine", DocumentVerdict.AUTHENTIC),
        ("bac-only", DocumentVerdict.AUTHENTIC),
        ("without-chip-proof", DocumentVerdict.DATA_AUTHENTIC_CHIP_NOT_PROVEN),
        ("unknown-issuer", DocumentVerdict.ISSUER_NOT_TRUSTED),
        ("forged-sod", DocumentVerdict.FORGED),
        ("altered-dg1", DocumentVerdict.FORGED),
        ("altered-dg2", DocumentVerdict.FORGED),
        ("cloned", DocumentVerdict.FORGED),
    ],
)
def test_each_card_gets_its_verdict_through_the_real_stack(
    place: VirtualReader,
    watched: Any,
    make_card: MakeCard,
    store: TrustStore,
    persona: Persona,
    portrait: bytes,
    variant: str,
    verdict: DocumentVerdict,
) -> None:
    keys = card_qr.parse(card_qr_payload(persona.card)).access_keys
    place.lay_down(make_card(variant))
    watched.start()
    watched.until("card_placed")
    with watched.reader.connect() as card:
        report = inspect(card, keys, store, today=date(2026, 11, 25), on_progress=ignore)
    assert report.verdict is verdict
    assert report.name == persona.card.name
    may_have_portrait = verdict in (DocumentVerdict.AUTHENTIC, DocumentVerdict.DATA_AUTHENTIC_CHIP_NOT_PROVEN)
    assert report.portrait == (portrait if may_have_portrait else None)


def test_wrong_digits_are_told_apart_from_a_pulled_card(
    place: VirtualReader, watched: Any, make_card: MakeCard, store: TrustStore, persona: Persona
) -> None:
    def pull(progress: InspectionProgress) -> None:
        place.take_off()

    place.lay_down(make_card("genuine"))
    watched.start()
    watched.until("card_placed")
    with watched.reader.connect() as card, pytest.raises(WrongAccessKey):
        inspect(card, AccessKeys("000000"), store, today=None, on_progress=ignore)
    with watched.reader.connect() as card, pytest.raises(CardRemoved):
        inspect(card, AccessKeys(persona.card.can), store, today=None, on_progress=pull)
    watched.until("card_removed")


def test_connecting_without_a_card_says_so(pcscd: RunningPcscd) -> None:
    with pytest.raises(CardRemoved), PcscReader().connect():
        pass


def test_reader_is_chosen_by_a_part_of_its_name(pcscd: RunningPcscd, make_card: MakeCard) -> None:
    second = VirtualReader("127.0.0.1", pcscd.port + 1)
    second.lay_down(make_card("genuine"))
    reader, placed = PcscReader("00 01"), threading.Event()
    reader.watch(lambda event: placed.set() if event.kind == "card_placed" else None)
    assert placed.wait(10)
    with reader.connect() as card:
        assert card.transmit(SELECT_APPLICATION) == b"\x90\x00"
    reader.close()
    second.take_off()


def test_reader_that_is_not_there_is_unavailable(pcscd: RunningPcscd) -> None:
    with pytest.raises(ReaderUnavailable), PcscReader("no such reader").connect():
        pass


def test_session_on_the_chip_ends_with_the_connection(
    place: VirtualReader, watched: Any, make_card: MakeCard, store: TrustStore, persona: Persona
) -> None:
    place.lay_down(make_card("genuine"))
    watched.start()
    watched.until("card_placed")
    with watched.reader.connect() as card:
        inspect(card, AccessKeys(persona.card.can), store, today=None, on_progress=ignore)
    with watched.reader.connect() as card:
        card.transmit(SELECT_APPLICATION)
        assert card.transmit(bytes.fromhex("00B0810000")) == b"\x69\x82"


def test_service_that_ends_crashes_or_loses_its_reader_is_named_within_two_seconds_and_heals_by_itself(
    pcscd: RunningPcscd, place: VirtualReader, watched: Any, make_card: MakeCard
) -> None:
    """Over and over (pyscard#82, #128), and without leaving a thread, context or socket behind (pyscard#37)."""
    place.lay_down(make_card("genuine"))
    watched.start()
    watched.until("card_placed")
    before = held()
    for end in (pcscd.stop, pcscd.kill, pcscd.stop):
        end()
        ended_s = time.monotonic()
        watched.until("reader_lost")
        assert time.monotonic() - ended_s < NAMED_WITHIN_S
        unplugged = start_pcscd(pcscd.runtime_dir, pcscd.port, has_reader=False)
        with pytest.raises(ReaderUnavailable), watched.reader.connect():
            pass
        unplugged.stop()
        pcscd.__dict__.update(start_pcscd(pcscd.runtime_dir, pcscd.port).__dict__)
        assert watched.next() == "reader_found", "told once, however often it was asked in vain"
        place.lay_down(make_card("genuine"))
        assert watched.next() == "card_placed"
        with watched.reader.connect() as card:
            assert card.transmit(SELECT_APPLICATION) == b"\x90\x00"
    assert held() == before


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_card_under_a_service_that_goes_was_not_taken_away(
    pcscd: RunningPcscd, place: VirtualReader, watched: Any, make_card: MakeCard, end: str
) -> None:
    place.lay_down(make_card("genuine"))
    watched.start()
    watched.until("card_placed")
    with watched.reader.connect() as card:
        assert card.transmit(SELECT_APPLICATION) == b"\x90\x00"
        getattr(pcscd, end)()
        with pytest.raises(ReaderUnavailable):
            card.transmit(SELECT_APPLICATION)
    assert watched.next() == "reader_lost"
    pcscd.__dict__.update(start_pcscd(pcscd.runtime_dir, pcscd.port).__dict__)
    assert watched.next() == "reader_found"


def held() -> tuple[int, int]:
    """Threads and open descriptors of this process."""
    return threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.parametrize(("stage", "kept"), list(zip(STAGES, (0, 0, 1, 1, 2, 3, 3), strict=True)))
def test_card_pulled_while_it_is_read_was_taken_away_and_is_read_on_when_it_is_back(
    place: VirtualReader,
    watched: Any,
    make_card: MakeCard,
    store: TrustStore,
    persona: Persona,
    stage: str,
    kept: int,
) -> None:
    image, unfinished = make_card("genuine"), UnfinishedReading()

    def read() -> DocumentVerdict:
        place.lay_down(image)
        watched.until("card_placed")
        keys, today = AccessKeys(persona.card.can), date(2026, 11, 25)
        with watched.reader.connect() as card:
            return inspect(card, keys, store, today=today, on_progress=ignore, unfinished=unfinished).verdict

    place.leave_at(stage)
    watched.start()
    with pytest.raises(CardRemoved):
        read()
    watched.until("card_removed")
    assert not place.holds_card
    assert read() is DocumentVerdict.AUTHENTIC
    assert place.holds_card, "it leaves once"
    groups = (0x0101, 0x010D, 0x010E, 0x0102)
    assert [place.given.get(group, 0) for group in groups] == [
        0 if index < kept else len(image.files[group]) for index, group in enumerate(groups)
    ]


def test_card_exchanged_between_two_looks_is_told_as_gone_and_come() -> None:
    """Two events more in pcsc-lite's counter with a card there before and after: another card, perhaps."""
    present, told = 0x20, []
    watcher = _Watcher("", lambda event: told.append(event.kind), threading.Event())
    watcher._see_card(0, 1 << 16 | present)
    watcher._see_card(1 << 16 | present, 1 << 16 | present)
    watcher._see_card(1 << 16 | present, 3 << 16 | present)
    assert told == ["card_placed", "card_removed", "card_placed"]
