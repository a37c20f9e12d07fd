"""The twelve-digit citizen number: three digits of place, one of century and gender, two of year, six random.

The place is where the birth was registered under the old provinces; it is neither checked nor read: the list
expired in 2024, provinces merged in 2025, and numbers stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from kiosk.errors import CitizenNumberInvalid

LENGTH = 12


@dataclass(frozen=True, repr=False)
class CitizenNumber:
    """A well-formed citizen number and what it says about its holder."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises: CitizenNumberInvalid unless it is twelve ASCII digits."""
        if len(text) != LENGTH or not (text.isascii() and text.isdigit()):
            raise CitizenNumberInvalid("not twelve digits")
        return cls(text)

    @property
    def birth_century(self) -> int:
        """1900 for 0 and 1, 2000 for 2 and 3, and so on."""
        return 1900 + 100 * (int(self.text[3]) // 2)

    @property
    def can(self) -> str:
        """The card access number that opens the chip: the last six digits."""
        return self.text[-6:]

    @property
    def document_number(self) -> str:
        """What the MRZ gives as document number: the last nine digits."""
        return self.text[-9:]
