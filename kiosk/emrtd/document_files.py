"""The files of one document, over however many sessions its chip gives them in.

A card that is taken away and laid down again has lost its session, and with it everything that was proven. What
it gave is still true or false by its signed hash, so whole files need not be read twice. That the card is the same
one is not taken on trust: EF.SOD is read anew and must be the kept one byte for byte, and chip authentication is
run again, so that a copy laid down in the original's place is found as it always is.
"""

from __future__ import annotations

from kiosk.emrtd.ciphers import equal
from kiosk.emrtd.lds import FileReader, LdsFile
from kiosk.errors import CardSwapped
from kiosk.identity.unfinished_reading import UnfinishedReading


class DocumentFiles:
    """Reads each file from the chip once and keeps it in `reading`."""

    def __init__(self, chip: FileReader, reading: UnfinishedReading) -> None:
        self._chip, self._reading = chip, reading
        self._from_before = reading.files

    def recognise(self) -> None:
        """Read EF.SOD anew where one was kept: it says whether this is the same document.

        Raises: CardSwapped, and what reading raises.
        """
        if LdsFile.SOD.name in self._from_before and self.has_changed(LdsFile.SOD):
            raise CardSwapped("another EF.SOD")

    def read(self, file: LdsFile) -> bytes:
        """The whole file. Raises: as `FileReader.read`."""
        kept = self._reading.contents(file.name)
        if kept is not None:
            return kept
        contents = self._chip.read(file)
        self._reading.keep(file.name, contents)
        return contents

    def has_changed(self, file: LdsFile) -> bool:
        """Whether a file kept from an earlier session is another one now. Raises: as `FileReader.read`.

        False for one of this session: it cannot be of another card.
        """
        kept = self._reading.contents(file.name) if file.name in self._from_before else None
        return kept is not None and not equal(self._chip.read(file), kept)
