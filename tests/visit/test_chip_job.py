"""The order to read the chip: what a card gave is handed on or overwritten, whatever ends the reading."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from kiosk.errors import CardRemoved, CardSwapped, ReaderUnavailable, WrongAccessKey
from kiosk.flows import effects
from kiosk.flows import events as e
from kiosk.identity.unfinished_reading import UnfinishedReading
from kiosk.session import AccessKeys, AuthenticatedDocument
from kiosk.visit.chip_job import InspectDocument, chip_job
from kiosk.visit.workers import Order

from ..flows.conftest import Story, document

KEYS = AccessKeys("004127")


class Reader:
    def __init__(self, failure: Exception | None = None) -> None:
        self._failure = failure

    @contextmanager
    def connect(self) -> Iterator[None]:
        if self._failure:
            raise self._failure
        yield

    def watch(self, notify: object) -> None: ...

    def close(self) -> None: ...


def chip(ends: Exception | AuthenticatedDocument) -> InspectDocument:
    """A chip that gives one file more, tells of it, and then ends the reading so."""

    def inspect(
        _: object, keys: AccessKeys, tell: Callable[[str, str | None], None], unfinished: UnfinishedReading
    ) -> AuthenticatedDocument:
        unfinished.keep(f"file {len(unfinished.files)}", b"personal")
        tell("dg1", "LAN")
        if isinstance(ends, Exception):
            raise ends
        return ends

    return inspect


def read(
    inspect: InspectDocument,
    unfinished: UnfinishedReading | None = None,
    reader: Reader | None = None,
    *,
    is_wanted: bool = True,
) -> list[e.Event]:
    told: list[e.Event] = []
    effect = effects.ReadChip(KEYS, unfinished)
    order = Order(effect, Story().session, post=told.append, wanted=lambda: is_wanted)
    chip_job(reader or Reader(), inspect, tell_hanging=lambda _: None)(order)  # type: ignore[arg-type]
    return told


def test_what_a_card_that_left_had_given_is_handed_on_and_grows() -> None:
    *_, first = read(chip(CardRemoved("pulled")))
    assert isinstance(first, e.ChipNotRead)
    assert first.unfinished is not None
    *_, second = read(chip(CardRemoved("pulled")), first.unfinished)
    assert isinstance(second, e.ChipNotRead)
    assert second.unfinished is first.unfinished
    assert second.unfinished.files == {"file 0", "file 1"}
    assert "personal" not in repr(second)


def test_a_card_that_left_before_it_was_reached_loses_nothing_of_what_is_kept() -> None:
    kept = UnfinishedReading()
    kept.keep("DG1", b"personal")
    (told,) = read(chip(document()), kept, Reader(CardRemoved("gone")))
    assert told == e.ChipNotRead(reason="card_removed", unfinished=kept)
    assert kept.contents("DG1") == b"personal"


@pytest.mark.parametrize(
    ("ends", "is_wanted"),
    [
        (document(), True),
        (CardSwapped("another"), True),
        (WrongAccessKey("6300"), True),
        (ReaderUnavailable("gone"), True),
        (ZeroDivisionError("a defect"), True),
        (document(), False),
    ],
)
def test_whatever_else_ends_a_reading_the_raw_files_are_overwritten(
    ends: Exception | AuthenticatedDocument, *, is_wanted: bool
) -> None:
    kept = UnfinishedReading()
    kept.keep("DG1", b"personal")
    (buffer,) = kept.buffers
    view = buffer.view
    if isinstance(ends, ZeroDivisionError):
        with pytest.raises(ZeroDivisionError):
            read(chip(ends), kept)
    else:
        told = read(chip(ends), kept, is_wanted=is_wanted)
        assert [getattr(event, "unfinished", None) for event in told] == [None] * len(told)
    assert bytes(view) == bytes(8)
    assert not kept.files


def test_a_reading_that_cannot_begin_because_another_hangs_is_told_of_the_reader(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kiosk.visit.chip_job.EARLIER_READ_S", 0.01)
    hanging, begun, let_go, told = [], threading.Event(), threading.Event(), []

    def hangs(*_: object) -> AuthenticatedDocument:
        begun.set()
        let_go.wait(10)
        return document()

    job = chip_job(Reader(), hangs, tell_hanging=hanging.append)  # type: ignore[arg-type]
    order = Order(effects.ReadChip(KEYS, None), Story().session, post=told.append, wanted=lambda: True)
    first = threading.Thread(target=job, args=(order,))
    first.start()
    assert begun.wait(10)
    job(order)
    assert told == [e.ChipNotRead(reason="reader_unavailable")]
    assert hanging == [True]
    let_go.set()
    first.join()
    assert hanging == [True, False]
