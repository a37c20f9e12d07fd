"""The chip's directories and files and who may read them. ICAO Doc 9303-10 §3.11, §4."""

from __future__ import annotations

from collections import Counter

from drivers.card_reader.virtual_chip.image import ChipImage
from kiosk.emrtd import tlv
from kiosk.errors import TlvInvalid

APPLICATION = bytes.fromhex("A0000002471001")
_CARD_ACCESS = 0x011C
_SHORT_SOD, _SHORT_COM, _SHORT_CARD_ACCESS = 0x1D, 0x1E, 0x1C


class Refusal(Exception):
    """The command is refused with `status`."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status:04X}")
        self.status = status


class FileSystem:
    """Master file with EF.CardAccess, application with the data groups; the latter only once unlocked.

    What is read of each file is counted in `given`, by its identifier.
    """

    def __init__(self, image: ChipImage, given: Counter[int]) -> None:
        self._image, self._behaviour, self._given = image, image.behaviour, given
        self._in_application = image.behaviour.starts_in_application
        self._is_unlocked = False
        self._current: bytes | None = None
        self.current_id: int | None = None
        """Identifier of the file that was selected or read last."""

    def unlock(self) -> None:
        """Access control has succeeded."""
        self._is_unlocked = True

    def lock(self) -> None:
        """The session is over."""
        self._is_unlocked, self._current = False, None

    def select(self, p1: int, data: bytes) -> None:
        """By name, by identifier, or the master file. Raises: Refusal."""
        if p1 == 0x04:
            if data != APPLICATION:
                raise Refusal(0x6A82)
            self._in_application, self._current = True, None
        elif p1 == 0x00:
            if not self._behaviour.selects_master_file:
                raise Refusal(0x6D00)
            self._in_application, self._current = False, None
        elif p1 == 0x02 and len(data) == 2:
            self._open(int.from_bytes(data, "big"))
        else:
            raise Refusal(0x6A86)

    def select_short(self, short_id: int) -> None:
        """By short identifier, within the current directory. Raises: Refusal."""
        if not self._behaviour.knows_short_ids:
            raise Refusal(0x6A86)
        if not self._in_application:
            if short_id != _SHORT_CARD_ACCESS:
                raise Refusal(0x6A82)
            self._open(_CARD_ACCESS)
        elif short_id == _SHORT_CARD_ACCESS:
            raise Refusal(0x6A82)
        else:
            self._open({_SHORT_SOD: 0x011D, _SHORT_COM: 0x011E}.get(short_id, 0x0100 | short_id))

    def _open(self, file_id: int) -> None:
        self._current, self.current_id = None, file_id
        if file_id == _CARD_ACCESS:
            if self._image.card_access is None:
                raise Refusal(0x6A82)
            self._current = self._image.card_access
            return
        if file_id in self._image.refused or not self._is_unlocked:
            raise Refusal(0x6982)
        if not self._in_application or file_id not in self._image.files:
            raise Refusal(0x6A82)
        self._current = self._image.files[file_id]

    def read(self, offset: int, takes: int) -> tuple[bytes, int]:
        """A part of the current file. Raises: Refusal."""
        if self._current is None or self.current_id is None:
            raise Refusal(0x6986)
        if offset > len(self._current):
            raise Refusal(0x6B00)
        left = len(self._current) - offset
        if min(takes, left) > self._behaviour.largest_answer:
            raise Refusal(0x6700)
        is_short = takes > left and self._behaviour.warns_at_end_of_file
        part = self._current[offset : offset + min(takes, self._behaviour.gives_at_most)]
        self._given[self.current_id] += len(part)
        return part, 0x6282 if is_short else 0x9000

    def read_at(self, data: bytes, takes: int) -> tuple[bytes, int]:
        """READ BINARY with odd INS: offset and answer are data objects. Raises: Refusal."""
        try:
            offset = int.from_bytes(tlv.parse_one(data, 0x54).value, "big")
        except TlvInvalid:
            raise Refusal(0x6A80) from None
        part, status = self.read(offset, max(takes - 4, 0))
        return tlv.encode(0x53, part), status
