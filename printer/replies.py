"""Tells apart what a printer sends back, by the bits that are fixed in each kind.

Epson ESC/POS reference, "Transmission status identification"; Citizen and Bixolon print the same table:
DLE EOT 0xx1xx10 · automatic status back 0xx1xx00 and three bytes more · GS r 0xx0xxxx · XON 11h, XOFF 13h ·
blocks from a header (37h, 5Fh) to NUL.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

BLOCK_HEADERS = (0x37, 0x5F)
PROCESS_ID = 0x22
FLOW_CONTROL = (0x11, 0x13)


@dataclass(frozen=True)
class RealTimeStatus:
    """The answer to DLE EOT n."""

    byte: int


@dataclass(frozen=True)
class PaperSensorStatus:
    """The answer to GS r 1, sent once everything before it has been carried out."""

    byte: int

    @property
    def paper_end(self) -> bool:
        """Whether the roll has ended; bits 2 and 3."""
        return bool(self.byte & 0x0C)


@dataclass(frozen=True)
class ProcessDone:
    """The answer to GS ( H function 48: everything before it is on the paper."""

    process_id: bytes


Reply = RealTimeStatus | PaperSensorStatus | ProcessDone


class ReplyReader:
    """Cuts a stream of bytes into replies; unasked automatic status and flow control are dropped."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> Iterator[Reply]:
        """Take bytes as they came and give the replies that are whole."""
        self._pending += data
        while self._pending:
            length = self._length()
            if length > len(self._pending):
                return
            reply = self._reply(bytes(self._pending[:length]))
            del self._pending[:length]
            if reply:
                yield reply

    def _length(self) -> int:
        first = self._pending[0]
        if first in BLOCK_HEADERS:
            end = self._pending.find(0)
            return end + 1 if end >= 0 else len(self._pending) + 1
        return 4 if first & 0x93 == 0x10 else 1

    def _reply(self, data: bytes) -> Reply | None:
        first = data[0]
        if first in BLOCK_HEADERS:
            return ProcessDone(data[2:-1]) if data[:2] == bytes((0x37, PROCESS_ID)) else None
        if first & 0x93 == 0x12 and first not in FLOW_CONTROL:
            return RealTimeStatus(first)
        return PaperSensorStatus(first) if first & 0x90 == 0 else None
