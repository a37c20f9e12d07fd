"""EF.CardAccess: what the chip offers before any key is used. ICAO Doc 9303-10 §3.11.3; Doc 9303-11 §9.2.11."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.emrtd import security_infos
from kiosk.emrtd.apdu import CommandApdu
from kiosk.emrtd.channel import Channel
from kiosk.emrtd.lds import SHORT_BLOCKS, FileReader, LdsFile
from kiosk.emrtd.security_infos import SecurityInfos
from kiosk.errors import FileAbsent, FileRefused, FileUnreachable, TlvInvalid

_SELECT_MASTER_FILE = CommandApdu(0x00, 0xA4, 0x00, 0x0C, bytes.fromhex("3F00"))
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
    """Try every known way. Raises: DerInvalid, ChipFailed if the chip itself fails, and what the channel raises."""
    takes_extended_length = False
    for way in (Way.SHORT_ID, Way.MASTER_FILE, Way.FILE_ID):
        if way is Way.MASTER_FILE and not channel.send(_SELECT_MASTER_FILE).status.is_success:
            continue
        files = FileReader(channel, (_EXTENDED_PROBE, *SHORT_BLOCKS), uses_short_ids=way is not Way.FILE_ID)
        try:
            contents = files.read(LdsFile.CARD_ACCESS)
        except (FileAbsent, FileRefused, FileUnreachable, TlvInvalid):
            continue
        finally:
            takes_extended_length = files.blocks[0] == _EXTENDED_PROBE
        way_taken = way if files.uses_short_ids else Way.FILE_ID
        return CardAccess(security_infos.parse(contents), way_taken, takes_extended_length)
    return CardAccess(SecurityInfos(), Way.NONE, takes_extended_length)
