"""The order to read the chip: one reading at a time, and what a card that left had given is handed back."""

from __future__ import annotations

import threading
from collections.abc import Callable

from kiosk.errors import CardRemoved, ChipError, ReaderError, ReaderUnavailable
from kiosk.flows import effects
from kiosk.flows import events as e
from kiosk.identity.unfinished_reading import UnfinishedReading
from kiosk.ports import CardReader, Transceiver
from kiosk.session import AccessKeys, AuthenticatedDocument
from kiosk.visit.workers import Job, Order

EARLIER_READ_S = 3.0
"""How long a reading waits for one that was given up to notice it."""

InspectDocument = Callable[
    [Transceiver, AccessKeys, Callable[[str, str | None], None], UnfinishedReading], AuthenticatedDocument
]
"""Opens, reads and inspects a chip, telling (stage, name or None) as it goes; keeps whole files in the reading."""


class VisitOver(Exception):
    """The visitor left while a device was working."""


def chip_job(reader: CardReader, inspect: InspectDocument, tell_hanging: Callable[[bool], None]) -> Job:
    """Inspect the chip; one reading at a time. `tell_hanging` hears of one that no time-out ends."""
    one_at_a_time = threading.Lock()

    def read(order: Order) -> None:
        assert isinstance(order.effect, effects.ReadChip)
        reading = order.effect.unfinished or UnfinishedReading()
        goes_on = False
        if not one_at_a_time.acquire(timeout=EARLIER_READ_S):
            reading.wipe()
            tell_hanging(True)
            order.post(e.ChipNotRead(reason=ReaderUnavailable.code))
            return
        try:
            _read(order, reader, inspect, order.effect.access_keys, reading)
        except VisitOver:
            return
        except CardRemoved as error:
            goes_on = True
            order.post(e.ChipNotRead(reason=error.code, unfinished=reading))
        except (ChipError, ReaderError) as error:
            order.post(e.ChipNotRead(reason=error.code))
        finally:
            one_at_a_time.release()
            tell_hanging(False)
            if not goes_on:
                reading.wipe()

    return read


def _read(
    order: Order, reader: CardReader, inspect: InspectDocument, keys: AccessKeys, reading: UnfinishedReading
) -> None:
    """Raises: VisitOver, and what reader and inspection raise."""

    def progress(stage: str, name: str | None) -> None:
        if not order.wanted():
            raise VisitOver
        order.post(e.ChipProgress(stage=stage, name=name))

    with reader.connect() as card:
        order.post(e.ChipRead(document=inspect(card, keys, progress, reading)))
