"""The order to read the chip."""

from __future__ import annotations

import threading
from collections.abc import Callable

from kiosk.errors import CardUnresponsive, ChipError, ReaderError
from kiosk.flows import effects
from kiosk.flows import events as e
from kiosk.ports import CardReader, Transceiver
from kiosk.session import AccessKeys, AuthenticatedDocument
from kiosk.visit.workers import Job, Order

EARLIER_READ_S = 3.0
"""How long a reading waits for one that was given up to notice it."""

InspectDocument = Callable[[Transceiver, AccessKeys, Callable[[str, str | None], None]], AuthenticatedDocument]
"""Opens, reads and inspects a chip, telling (stage, name or None) as it goes."""


class VisitOver(Exception):
    """The visitor left while a device was working."""


def chip_job(reader: CardReader, inspect: InspectDocument) -> Job:
    """Inspect the chip; one reading at a time."""
    one_at_a_time = threading.Lock()

    def read(order: Order) -> None:
        assert isinstance(order.effect, effects.ReadChip)
        keys = order.effect.access_keys

        def progress(stage: str, name: str | None) -> None:
            if not order.wanted():
                raise VisitOver
            order.post(e.ChipProgress(stage=stage, name=name))

        if not one_at_a_time.acquire(timeout=EARLIER_READ_S):
            order.post(e.ChipNotRead(reason=CardUnresponsive.code))
            return
        try:
            with reader.connect() as card:
                order.post(e.ChipRead(document=inspect(card, keys, progress)))
        except VisitOver:
            return
        except (ChipError, ReaderError) as error:
            order.post(e.ChipNotRead(reason=error.code))
        finally:
            one_at_a_time.release()

    return read
