"""One talk with a printer: what it is asked, and its answers told apart from each other."""

from __future__ import annotations

import time
from collections.abc import Callable

from kiosk.errors import PrinterSilent
from printer.encoder import FEED_AND_CUT_PARTIALLY, INITIALISE, MAX_BAND_ROWS
from printer.replies import PaperSensorStatus, ProcessDone, RealTimeStatus, ReplyReader
from printer.status import PrinterStatus, understand
from printer.transport import Transport

Completion = PaperSensorStatus | ProcessDone

LARGEST_BAND_BYTES = MAX_BAND_ROWS * 576 // 8

CLEAR_BUFFERS = bytes((0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8))
"""DLE DC4 fn=8."""


def real_time_status_request(n: int) -> bytes:
    """DLE EOT n."""
    return bytes((0x10, 0x04, n))


def paper_sensor_request() -> bytes:
    """GS r 1: answered when all before it has been carried out."""
    return b"\x1dr\x01"


def process_id_request(process_id: bytes) -> bytes:
    """GS ( H function 48 with four bytes of 20h to 7Eh: answered when all before it has been printed."""
    if len(process_id) != 4 or not all(0x20 <= byte <= 0x7E for byte in process_id):
        raise ValueError(f"not a process id: {process_id!r}")
    return b"\x1d(H\x06\x00\x30\x30" + process_id


class Conversation:
    """A printer at the other end of a transport, for the length of one job or one look at its status."""

    def __init__(self, transport: Transport, answer_timeout_s: float) -> None:
        self.transport, self._answer_timeout_s = transport, answer_timeout_s
        self._reader = ReplyReader()
        self._status_byte: int | None = None
        self._completion: Completion | None = None

    def status(self) -> PrinterStatus:
        """Ask DLE EOT 1 to 4, one at a time, as cheap printers answer only the first of several.

        Raises: PrinterSilent if an answer does not come, PrinterConnectionLost, TimeoutError.
        """
        answers: dict[int, int] = {}
        for n in (1, 2, 3, 4):
            self._status_byte = None
            self.transport.send(real_time_status_request(n), time.monotonic() + self._answer_timeout_s)
            self._hear(self._answer_timeout_s, lambda: self._status_byte is not None)
            if self._status_byte is None:
                raise PrinterSilent(f"no answer to DLE EOT {n}")
            answers[n] = self._status_byte
        return understand(answers)

    def settle(self, timeout_s: float, cut: bool) -> None:
        """Bring a printer that may be stuck in an older job to a clean start.

        NULs fill up a picture it may still be waiting for, and are ignored elsewhere; `cut` parts a half slip from
        the next one. Then its answers are awaited until it owes none: an older job's would be taken for the next
        one's. Raises: PrinterConnectionLost, TimeoutError.
        """
        job = bytes(LARGEST_BAND_BYTES) + INITIALISE + (FEED_AND_CUT_PARTIALLY if cut else b"")
        self.transport.send(job + paper_sensor_request(), time.monotonic() + timeout_s)
        while self.completion(timeout_s):
            timeout_s = self._answer_timeout_s

    def completion(self, timeout_s: float) -> Completion | None:
        """The next answer to GS r or GS ( H, or None if there is none in time. Raises: PrinterConnectionLost."""
        self._hear(timeout_s, lambda: self._completion is not None)
        completion, self._completion = self._completion, None
        return completion

    def _hear(self, timeout_s: float, enough: Callable[[], bool]) -> None:
        deadline_s = time.monotonic() + timeout_s
        while not enough() and (left_s := deadline_s - time.monotonic()) > 0:
            for reply in self._reader.feed(self.transport.receive(left_s)):
                if isinstance(reply, RealTimeStatus):
                    self._status_byte = reply.byte
                else:
                    self._completion = reply
