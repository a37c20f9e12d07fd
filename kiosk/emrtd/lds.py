"""The files of the chip and how they are read: by short identifier, in the largest blocks that work.

ICAO Doc 9303-10 §3.6 (commands), §3.11 and §4 (files and their identifiers).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from kiosk.emrtd import tlv
from kiosk.emrtd.apdu import CommandApdu, ResponseApdu
from kiosk.emrtd.channel import Channel
from kiosk.errors import ApduInvalid, ChipFailed, FileAbsent, FileRefused, FileUnreachable, TlvInvalid

APPLICATION_ID = bytes.fromhex("A0000002471001")
"""eMRTD application. Doc 9303-10 §4.1."""
MAX_FILE_LENGTH = 128 * 1024
SHORT_BLOCKS = (223, 160, 96)
EXTENDED_BLOCKS = (2000, *SHORT_BLOCKS)
"""Bytes asked for at once, tried in this order. 223 is the most that, padded for AES and wrapped, still fits the
256 bytes of a short response; 160 is what every chip in the field takes (AndyQ#89, #91)."""
_MAX_EVEN_OFFSET = 0x7FFF
_DISCRETIONARY_DATA = 0x53
_ODD_INS_OVERHEAD = 4
"""Tag and length bytes around the answer to READ BINARY with odd INS."""


class LdsFile(Enum):
    """A file with its identifier, short identifier and outermost tag. DG3 is not here: it is never asked for."""

    CARD_ACCESS = (0x011C, 0x1C, 0x31)
    SOD = (0x011D, 0x1D, 0x77)
    DG1 = (0x0101, 0x01, 0x61)
    DG2 = (0x0102, 0x02, 0x75)
    DG13 = (0x010D, 0x0D, 0x6D)
    DG14 = (0x010E, 0x0E, 0x6E)

    @property
    def file_id(self) -> bytes:
        """For SELECT."""
        return self.value[0].to_bytes(2, "big")

    @property
    def short_id(self) -> int:
        """For READ BINARY without SELECT."""
        return self.value[1]

    @property
    def tag(self) -> int:
        """Of the one object the file holds."""
        return self.value[2]

    @property
    def data_group(self) -> int:
        """Its number, which for data groups is the short identifier."""
        return self.value[1]


def select_application(channel: Channel) -> bool:
    """Select the eMRTD application; False if there is none. Raises: ChipFailed."""
    status = channel.send(CommandApdu(0x00, 0xA4, 0x04, 0x0C, APPLICATION_ID)).status
    if status.is_success:
        return True
    if status.is_execution_error:
        raise ChipFailed(f"SELECT application: {status}")
    return False


@dataclass
class FileReader:
    """Reads files of the selected application; remembers which block size and addressing the chip takes.

    `blocks` are the sizes still worth trying, the first in use.
    """

    channel: Channel
    blocks: tuple[int, ...] = SHORT_BLOCKS
    uses_short_ids: bool = True

    def read(self, file: LdsFile) -> bytes:
        """The whole file, its length taken once from the outermost tag.

        Raises: FileAbsent, FileRefused, ChipFailed, TlvInvalid, and what the channel raises.
        """
        contents = bytearray(self._first_block(file))
        head = tlv.header(bytes(contents))
        if head.tag != file.tag or head.total_length > MAX_FILE_LENGTH:
            # After a refused SELECT some chips go on reading the file before: the tag tells.
            raise TlvInvalid(f"{file.name} holds tag {head.tag:X} of {head.value_length} bytes")
        while len(contents) < head.total_length:
            contents += self._block(file, len(contents), head.total_length - len(contents))
        return bytes(contents[: head.total_length])

    def read_if_present(self, file: LdsFile) -> bytes | None:
        """The whole file, or None if the chip has none. Raises: as `read`."""
        try:
            return self.read(file)
        except FileAbsent:
            return None

    def _first_block(self, file: LdsFile) -> bytes:
        if self.uses_short_ids:
            response = self._stepping_down(file, short_id=file.short_id, offset=0, wanted=MAX_FILE_LENGTH)
            if response.data or response.status.is_absent or response.status.is_access_refusal:
                return _data(file, response)
            # 6A86, 6A81, 6D00 …: a chip that knows no short identifiers
            self.uses_short_ids = False
        status = self.channel.send(CommandApdu(0x00, 0xA4, 0x02, 0x0C, file.file_id)).status
        if not status.is_success:
            raise _failure(file, ResponseApdu(b"", status))
        return self._block(file, 0, MAX_FILE_LENGTH)

    def _block(self, file: LdsFile, offset: int, wanted: int) -> bytes:
        return _data(file, self._stepping_down(file, short_id=None, offset=offset, wanted=wanted))

    def _stepping_down(self, file: LdsFile, *, short_id: int | None, offset: int, wanted: int) -> ResponseApdu:
        """One READ BINARY; on a refusal that may be for the length (6700, 6B00, 6Cxx, empty 62xx) a smaller one."""
        while True:
            length = min(self.blocks[0], wanted)
            response = self._read_binary(short_id, offset, length)
            if len(response.data) > length:
                raise ApduInvalid(f"{file.name}: more data than asked for")
            if response.data or not _may_be_length(response) or len(self.blocks) == 1:
                return response
            self.blocks = self.blocks[1:]

    def _read_binary(self, short_id: int | None, offset: int, length: int) -> ResponseApdu:
        """With even INS below 32 KiB, with odd INS and the offset as an object above. Doc 9303-10 §3.6.3."""
        if short_id is not None:
            return self.channel.send(CommandApdu(0x00, 0xB0, 0x80 | short_id, offset, expected_length=length))
        if offset <= _MAX_EVEN_OFFSET:
            return self.channel.send(CommandApdu(0x00, 0xB0, offset >> 8, offset & 0xFF, expected_length=length))
        where = tlv.encode(0x54, offset.to_bytes(3, "big").lstrip(b"\0"))
        command = CommandApdu(0x00, 0xB1, 0x00, 0x00, where, expected_length=length + _ODD_INS_OVERHEAD)
        response = self.channel.send(command)
        data = tlv.parse_one(response.data, _DISCRETIONARY_DATA).value if response.data else b""
        return ResponseApdu(data, response.status)


def _may_be_length(response: ResponseApdu) -> bool:
    return response.status in (0x6700, 0x6B00) or response.status >> 8 in (0x62, 0x6C)


def _data(file: LdsFile, response: ResponseApdu) -> bytes:
    if not response.data or not (response.status.is_success or response.status.is_warning):
        raise _failure(file, response)
    return response.data


def _failure(file: LdsFile, response: ResponseApdu) -> ChipFailed:
    if response.status.is_absent:
        return FileAbsent(file.name)
    if response.status.is_access_refusal:
        return FileRefused(f"{file.name}: {response.status}")
    failure = ChipFailed if response.status.is_execution_error else FileUnreachable
    return failure(f"{file.name}: {response.status}")
