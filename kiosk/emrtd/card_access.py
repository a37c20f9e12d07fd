"""EF.CardAccess: what the chip offers before any key is used. ICAO Doc 9303-10 §3.11.3; Doc 9303-11 §9.2.11."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.emrtd import security_infos, tlv
from kiosk.emrtd.apdu import CommandApdu, ResponseApdu
from kiosk.emrtd.channel import Channel
from kiosk.emrtd.lds import LdsFile
from kiosk.emrtd.security_infos import SecurityInfos
from kiosk.errors import ApduInvalid

_SELECT_MASTER_FILE = CommandApdu(0x00, 0xA4, 0x00, 0x0C, bytes.fromhex("3F00"))
_SELECT_CARD_ACCESS = CommandApdu(0x00, 0xA4, 0x02, 0x0C, LdsFile.CARD_ACCESS.file_id)
_MAX_LENGTH = 1024
_EXTENDED_PROBE = 512
"""Longer than a short answer and than EF.CardAccess: a chip that takes it takes extended length. Asked for before
any session, so a refusal costs nothing (a plain 6700 inside one would end it)."""


class Way(StrEnum):
    """How EF.CardAccess was reached; chips in the field differ (AndyQ#219, dmrtd#28)."""

    SHORT_ID = "short_id"
    MASTER_FILE = "master_file"
    FILE_ID = "file_id"
    NONE = "none"


@dataclass(frozen=True)
class CardAccess:
    """What EF.CardAccess says, how it was reached, and whether the chip answered with extended length.

    `Way.NONE` does not mean that there is none: 6A82 is also what a chip says that stands in another directory.
    """

    infos: SecurityInfos
    way: Way
    takes_extended_length: bool

    @property
    def was_read(self) -> bool:
        """Whether one of the ways led to the file."""
        return self.way is not Way.NONE


def read(channel: Channel) -> CardAccess:
    """Try every known way. Raises: DerInvalid, ApduInvalid, and what the channel raises."""
    ways = (
        (Way.SHORT_ID, (), 0x80 | LdsFile.CARD_ACCESS.short_id),
        (Way.MASTER_FILE, (_SELECT_MASTER_FILE,), 0x80 | LdsFile.CARD_ACCESS.short_id),
        (Way.FILE_ID, (_SELECT_CARD_ACCESS,), 0),
    )
    is_extended = False
    for way, selections, p1 in ways:
        if not all(channel.send(command).status.is_success for command in selections):
            continue
        response, is_extended = _read_binary(channel, p1)
        if response.data and response.data[0] == LdsFile.CARD_ACCESS.tag:
            return CardAccess(security_infos.parse(_whole(response)), way, is_extended)
    return CardAccess(SecurityInfos(), Way.NONE, is_extended)


def _read_binary(channel: Channel, p1: int) -> tuple[ResponseApdu, bool]:
    """The answer, and whether it was one to extended length: 6A82 also shows that the length was understood."""
    response = channel.send(CommandApdu(0x00, 0xB0, p1, 0x00, expected_length=_EXTENDED_PROBE))
    if response.data or response.status.is_absent:
        return response, True
    return channel.send(CommandApdu(0x00, 0xB0, p1, 0x00, expected_length=256)), False


def _whole(response: ResponseApdu) -> bytes:
    """The file as one object; it is far shorter than a block. Raises: TlvInvalid, ApduInvalid."""
    if len(response.data) > _MAX_LENGTH:
        raise ApduInvalid("EF.CardAccess: more data than asked for")
    return tlv.parse_one(response.data, LdsFile.CARD_ACCESS.tag).raw
