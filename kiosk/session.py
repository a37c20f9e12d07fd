"""One visitor's data, from the first touch to the wipe."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from kiosk.identity.verdict import DocumentVerdict


class Language(StrEnum):
    """The languages every word of the kiosk exists in."""

    VI = "vi"
    EN = "en"


class SecretBuffer:
    """Bytes the kiosk owns and overwrites at session end (a portrait, an embedding)."""

    def __init__(self, data: bytes) -> None:
        self._data = bytearray(data)

    @property
    def view(self) -> memoryview:
        """The bytes, read-only and without a copy; empty once wiped."""
        return memoryview(self._data).toreadonly()

    def wipe(self) -> None:
        """Overwrite the bytes in place, then let them go."""
        for index in range(len(self._data)):
            self._data[index] = 0
        self._data = bytearray()

    def __len__(self) -> int:
        return len(self._data)

    def __repr__(self) -> str:
        return f"SecretBuffer(<{len(self._data)} bytes>)"


@dataclass(frozen=True, repr=False)
class AccessKeys:
    """What opens the chip: the six-digit CAN (PACE) and, where known, MRZ triples (PACE or BAC).

    `mrz_candidates` holds (document number, date of birth YYMMDD, date of expiry YYMMDD), most likely first.
    """

    can: str | None = None
    mrz_candidates: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, repr=False)
class ClaimedIdentity:
    """What the card's print says; nothing is proven yet."""

    access_keys: AccessKeys
    citizen_number: str | None = None


@dataclass(frozen=True, repr=False)
class AuthenticatedDocument:
    """What a chip said, with the verdict on it; only the holder's likeness is still open.

    `expired` is None when the kiosk has no trusted clock. `date_of_expiry` is None for a card without expiry.
    """

    verdict: DocumentVerdict
    citizen_number: str
    document_number: str
    name: str
    date_of_birth: date
    gender: str
    date_of_expiry: date | None
    expired: bool | None
    portrait: SecretBuffer | None
    access_protocol: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class VerifiedHolder:
    """A living person who is the one the authenticated document was issued to."""

    document: AuthenticatedDocument
    verified_at: datetime


@dataclass(frozen=True, repr=False)
class Session:
    """One visit. Flows subclass it with their own answers; repr shows nothing personal."""

    id: UUID
    language: Language
    started_at: datetime
    consent_at: datetime | None = None
    claimed_identity: ClaimedIdentity | None = None
    authenticated_document: AuthenticatedDocument | None = None
    verified_holder: VerifiedHolder | None = None
    card_present: bool = False
    tries: dict[str, int] = field(default_factory=dict)
    reason: str | None = None

    def wipe(self) -> None:
        """Overwrite every owned buffer of this visit."""
        if self.authenticated_document and self.authenticated_document.portrait:
            self.authenticated_document.portrait.wipe()
