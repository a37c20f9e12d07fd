"""How long a genuine card takes through the real PC/SC stack: pcscd, vpcd, and the modelled chip."""

from __future__ import annotations

import os
import threading
import time
from datetime import date
from pathlib import Path

from drivers.card_reader.pcsc import PcscReader
from drivers.card_reader.virtual_chip import ChipImage, VirtualReader
from drivers.card_reader.virtual_reader import start_pcscd
from kiosk.emrtd.csca import TrustStore
from kiosk.emrtd.inspection import inspect
from kiosk.identity.verdict import DocumentVerdict
from kiosk.ports import ReaderEvent
from kiosk.session import AccessKeys

_APPEARS_WITHIN_S = 5.0


def seconds_to_inspect(image: ChipImage, trust: TrustStore, runtime_dir: Path, runs: int = 20) -> tuple[float, ...]:
    """Wall-clock seconds of each of `runs` inspections, from connecting to the report.

    Starts a pcscd of its own in `runtime_dir`, so nothing in this process may have touched PC/SC before.
    Raises: AssertionError if a run does not find the card authentic; PcscdFailed.
    """
    pcscd = start_pcscd(runtime_dir)
    os.environ.update(pcscd.client_environment)
    place, reader = VirtualReader("127.0.0.1", pcscd.port), PcscReader()
    try:
        _lay_down(place, reader, image)
        return tuple(_timed(reader, AccessKeys(image.can), trust) for _ in range(runs))
    finally:
        reader.close()
        place.take_off()
        pcscd.stop()


def _lay_down(place: VirtualReader, reader: PcscReader, image: ChipImage) -> None:
    placed = threading.Event()

    def notice(event: ReaderEvent) -> None:
        if event.kind == "card_placed":
            placed.set()

    place.lay_down(image)
    reader.watch(notice)
    if not placed.wait(_APPEARS_WITHIN_S):
        raise AssertionError("the virtual card did not appear")


def _timed(reader: PcscReader, keys: AccessKeys, trust: TrustStore) -> float:
    started = time.perf_counter()
    with reader.connect() as card:
        report = inspect(card, keys, trust, today=date(2026, 1, 1), on_progress=lambda progress: None)
    seconds = time.perf_counter() - started
    if report.verdict is not DocumentVerdict.AUTHENTIC:
        raise AssertionError(f"{report.verdict}: {report.reasons}")
    return seconds
