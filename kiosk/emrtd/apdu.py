"""Command and response APDUs of ISO/IEC 7816-4, short and extended length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from kiosk.errors import ApduInvalid

SHORT_MAX_DATA = 255
SHORT_ALL = 256
"""Expected length that asks for whatever a short response holds; encoded as 00."""
EXTENDED_ALL = 65536
"""Expected length that asks for whatever an extended response holds; encoded as 00 00."""


class StatusWord(int):
    """SW1-SW2 of a response. ISO/IEC 7816-4 §5.6."""

    def __str__(self) -> str:
        return f"{self:04X}"

    @property
    def is_success(self) -> bool:
        """9000."""
        return self == 0x9000

    @property
    def is_warning(self) -> bool:
        """62xx: the answer may be cut short, as at the end of a file."""
        return self >> 8 == 0x62

    @property
    def is_execution_error(self) -> bool:
        """64xx, 65xx, 66xx, 6F00: the chip itself failed, as on too weak a field."""
        return self >> 8 in (0x64, 0x65, 0x66, 0x6F)

    @property
    def is_authentication_failure(self) -> bool:
        """6300 and 63Cx."""
        return self == 0x6300 or self >> 4 == 0x63C

    @property
    def is_absent(self) -> bool:
        """6A82 file not found, 6A88 referenced data not found."""
        return self in (0x6A82, 0x6A88)

    @property
    def is_access_refusal(self) -> bool:
        """6982 security status, 6985 conditions of use not satisfied."""
        return self in (0x6982, 0x6985)


@dataclass(frozen=True)
class CommandApdu:
    """A command; `expected_length` is Ne in bytes, None where no answer data is wanted."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = b""
    expected_length: int | None = None

    @property
    def is_extended(self) -> bool:
        """Whether the lengths need three bytes instead of one."""
        return len(self.data) > SHORT_MAX_DATA or (self.expected_length or 0) > SHORT_ALL

    @property
    def header(self) -> bytes:
        """CLA INS P1 P2."""
        return bytes((self.cla, self.ins, self.p1, self.p2))

    def encode(self) -> bytes:
        """The bytes to transmit. ISO/IEC 7816-4 §5.1, cases 1 to 4."""
        encoded = self.header
        if self.is_extended:
            encoded += b"\0"
            if self.data:
                encoded += len(self.data).to_bytes(2, "big") + self.data
            if self.expected_length is not None:
                encoded += (self.expected_length % EXTENDED_ALL).to_bytes(2, "big")
            return encoded
        if self.data:
            encoded += bytes((len(self.data),)) + self.data
        if self.expected_length is not None:
            encoded += bytes((self.expected_length % SHORT_ALL,))
        return encoded


@dataclass(frozen=True, repr=False)
class ResponseApdu:
    """What came back: data (may be empty) and the status word."""

    data: bytes
    status: StatusWord

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Raises: ApduInvalid for an answer without a status word."""
        if len(raw) < 2:
            raise ApduInvalid(f"response of {len(raw)} bytes")
        return cls(raw[:-2], StatusWord.from_bytes(raw[-2:], "big"))

    def __repr__(self) -> str:
        return f"ResponseApdu(<{len(self.data)} bytes>, {self.status})"
