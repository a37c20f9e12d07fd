"""Secure messaging from the card's side: opens commands, seals answers. ICAO Doc 9303-11 §9.8."""

from __future__ import annotations

import hmac
from dataclasses import replace

from drivers.card_reader.virtual_chip.card_crypto import CardCipher, unfill
from drivers.card_reader.virtual_chip.command import Command
from kiosk.emrtd import tlv
from kiosk.errors import TlvInvalid

MISSING, INCORRECT = 0x6987, 0x6988
"""Secure messaging data objects missing, incorrect: answered plainly, and the session is over. §9.8.5."""


class SessionError(Exception):
    """The command was not protected as it must be; `status` is what the card says to that."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status:04X}")
        self.status = status


class CardSession:
    """Keys and counter of one session."""

    def __init__(self, cipher: CardCipher, secret: bytes, counter: bytes | None = None) -> None:
        self._cipher = cipher
        self._secrecy, self._integrity = cipher.key(secret, 1), cipher.key(secret, 2)
        self._counter = bytearray(counter or bytes(cipher.block))

    def open(self, command: Command) -> Command:
        """The plain command. Raises: SessionError."""
        self._tick()
        try:
            objects = {item.tag: item for item in tlv.parse(command.data)}
        except TlvInvalid:
            raise SessionError(INCORRECT) from None
        if 0x8E not in objects:
            raise SessionError(MISSING)
        covered = b"".join(item.raw for tag, item in objects.items() if tag != 0x8E)
        header = self._cipher.fill(bytes((command.cla, command.ins, command.p1, command.p2)))
        if not hmac.compare_digest(self._checksum(header + covered), objects[0x8E].value):
            raise SessionError(INCORRECT)
        takes = self._takes(objects.get(0x97))
        return replace(command, cla=command.cla & ~0x0C, data=self._opened(command.ins, objects), takes=takes)

    def seal(self, ins: int, data: bytes, status: int) -> bytes:
        """The protected answer, status word at its end."""
        self._tick()
        body = b""
        if data:
            hidden = self._cipher.scramble(self._secrecy, self._vector(), self._cipher.fill(data))
            body = tlv.encode(0x85, hidden) if ins % 2 else tlv.encode(0x87, b"\x01" + hidden)
        body += tlv.encode(0x99, status.to_bytes(2, "big"))
        return body + tlv.encode(0x8E, self._checksum(body)) + status.to_bytes(2, "big")

    def _opened(self, ins: int, objects: dict[int, tlv.Tlv]) -> bytes:
        wrapped = objects.get(0x85 if ins % 2 else 0x87)
        if wrapped is None:
            return b""
        hidden = wrapped.value if ins % 2 else wrapped.value[1:]
        if len(hidden) % self._cipher.block:
            raise SessionError(INCORRECT)
        return unfill(self._cipher.scramble(self._secrecy, self._vector(), hidden, back=True))

    @staticmethod
    def _takes(expected: tlv.Tlv | None) -> int | None:
        if expected is None:
            return None
        return int.from_bytes(expected.value, "big") or (256 if len(expected.value) == 1 else 65536)

    def _checksum(self, message: bytes) -> bytes:
        return self._cipher.checksum(self._integrity, self._cipher.fill(bytes(self._counter) + message))

    def _vector(self) -> bytes:
        if self._cipher.family == "des":
            return bytes(8)
        return self._cipher.scramble(self._secrecy, bytes(16), bytes(self._counter))

    def _tick(self) -> None:
        for index in reversed(range(len(self._counter))):
            self._counter[index] = (self._counter[index] + 1) % 256
            if self._counter[index]:
                return
