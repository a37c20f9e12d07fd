"""One visitor's data, from the first touch to the wipe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Literal, Self
from uuid import UUID

from kiosk.identity.verdict import DocumentVerdict
from kiosk.messages import FacePrompt

if TYPE_CHECKING:
    from kiosk.identity.unfinished_reading import UnfinishedReading

CAMERA_RESTARTS = "camera_restart"
"""The name under which `tries` counts how often the vision process had to be waited for in a visit."""


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
class Patient:
    """Whom a visit is for; there is none without a verified holder.

    Either the holder is the patient, or they are the carer of a child: `document` is then the child's,
    authenticated and brought by that carer. That the child is theirs is what they say; no card proves it.
    """

    document: AuthenticatedDocument
    verified_holder: VerifiedHolder

    @property
    def carer(self) -> VerifiedHolder | None:
        """The adult who brought the child, or None for a patient who came for themself."""
        return None if self.document is self.verified_holder.document else self.verified_holder


SlipState = Literal["none", "printed", "unsure"]
"""Of the visit's slip: nothing was sent to the printer, it is in the visitor's hand, or nobody can tell."""

CardWanted = Literal["visitors", "carers", "childs"]
"""Whose card is to be read next."""


@dataclass(frozen=True)
class Place:
    """Where this kiosk stands and what the site decided; the same for every visit. Names by language."""

    site_name: Mapping[str, str]
    staff_desk: Mapping[str, str]
    unknown_issuer: Literal["staff", "refuse"] = "staff"
    chip_not_proven: Literal["accept", "staff", "refuse"] = "staff"
    expired: Literal["staff", "refuse"] = "staff"
    no_clock: Literal["staff", "accept"] = "staff"
    card_gone_s: float = 15.0
    result_s: float = 20.0
    result_without_slip_s: float = 60.0
    face_tries: int = 3


@dataclass(frozen=True, repr=False)
class Session:
    """One visit. Flows subclass it with their own answers; repr shows nothing personal."""

    id: UUID
    language: Language
    started_at: datetime
    place: Place
    consent_at: datetime | None = None
    consent_language: Language = Language.VI
    """The language in which consent was read and given."""
    claimed_identity: ClaimedIdentity | None = None
    authenticated_document: AuthenticatedDocument | None = None
    verified_holder: VerifiedHolder | None = None
    for_child: bool = False
    """The visit is for a child under six with a carer, who is the one to be verified."""
    child_document: AuthenticatedDocument | None = None
    """The child's authenticated document: data only, no portrait."""
    card_present: bool = False
    card_used: bool = False
    """The card on the reader was read already and another is wanted."""
    unused_buffers: tuple[SecretBuffer, ...] = ()
    """Portraits of documents that this visit does not go on with."""
    chip_stage: str | None = None
    """The last stage of the reading that is behind us; None before the first."""
    unfinished_reading: UnfinishedReading | None = None
    """What a card gave before it was taken away."""
    findings: tuple[str, ...] = ()
    """The inspection's own reason codes for the document that was read last."""
    access_protocol: str | None = None
    """How that document's chip was opened."""
    needs_qr: bool = False
    """Digits cannot open the card; what its QR says can."""
    reader_present: bool = True
    greeting_name: str | None = None
    face_prompt: FacePrompt | None = None
    camera_restarting: bool = False
    tries: Mapping[str, int] = field(default_factory=dict)
    reason: str | None = None
    slip: SlipState = "none"
    slip_fault: str | None = None
    """The printer's error code where the slip is not known to be printed."""

    takes_children: ClassVar[bool] = False
    """Whether this service is for children under six, too."""

    @property
    def patient(self) -> Patient:
        """Whom the visit is for. Raises: LookupError before that is settled and somebody verified."""
        holder = self.verified_holder
        if holder is None:
            raise LookupError("no holder was verified")
        if self.for_child != (self.child_document is not None):
            raise LookupError("a visit for a child needs the child's document, and no other does")
        return Patient(self.child_document or holder.document, holder)

    @property
    def card_wanted(self) -> CardWanted:
        """Whose card is to be read next."""
        if not self.for_child:
            return "visitors"
        return "carers" if self.child_document else "childs"

    @property
    def document(self) -> AuthenticatedDocument:
        """The document of whoever is, or is to be, verified. Raises: LookupError before there is one."""
        if self.authenticated_document is None:
            raise LookupError("no document was authenticated yet")
        return self.authenticated_document

    def tried(self, what: str) -> Self:
        """The session with one more try of `what` counted."""
        return replace(self, tries={**self.tries, what: self.tries.get(what, 0) + 1})

    def buffers(self) -> tuple[SecretBuffer, ...]:
        """Every owned buffer of this visit that is to be overwritten."""
        document = self.authenticated_document
        own = (document.portrait,) if document and document.portrait else ()
        read = self.unfinished_reading.buffers if self.unfinished_reading else ()
        return (*own, *read, *self.unused_buffers)

    def without_person(self) -> Self:
        """The session with nothing personal left in it; flows with answers of their own add to this."""
        return replace(
            self,
            claimed_identity=None,
            authenticated_document=None,
            verified_holder=None,
            child_document=None,
            unfinished_reading=None,
            unused_buffers=(),
            greeting_name=None,
            face_prompt=None,
        )
