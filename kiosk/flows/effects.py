"""What a flow asks to be done: small frozen orders, carried out by the kiosk's workers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal
from uuid import UUID

from kiosk import messages as m
from kiosk.identity.unfinished_reading import UnfinishedReading
from kiosk.session import AccessKeys, AuthenticatedDocument, SecretBuffer


@dataclass(frozen=True)
class Effect:
    """Something to be done outside the core; answers come back as events, to the step that ordered it."""

    outlives_step: ClassVar[bool] = False
    """True where an answer is welcome in a later step of the same visit, too."""


@dataclass(frozen=True)
class ScanCardQr(Effect):
    """Look for the card's QR with the camera. Answers: QrRead, QrNotRead."""

    timeout_s: float = 20.0


@dataclass(frozen=True)
class ReadChip(Effect):
    """Open, read and inspect the chip. Answers: ChipProgress…, then ChipRead or ChipNotRead.

    With `unfinished`, which it takes over, the reading goes on where it was broken off.
    """

    access_keys: AccessKeys = field(repr=False)
    unfinished: UnfinishedReading | None = None


@dataclass(frozen=True)
class CheckFace(Effect):
    """Check for a living face that matches the document. Answers: FacePromptChanged…, then FaceChecked."""

    document: AuthenticatedDocument = field(repr=False)


@dataclass(frozen=True)
class LookUpInsurance(Effect):
    """Ask the site about the person's insurance. Answer: InsuranceKnown."""

    person: m.Person


@dataclass(frozen=True)
class ListDepartments(Effect):
    """Ask which departments are open. Answers: DepartmentsKnown, DepartmentsNotKnown."""

    outlives_step = True


@dataclass(frozen=True)
class RegisterVisit(Effect):
    """Commit and deliver a visit. Answers: VisitStored, ServiceFailed."""

    message: m.RegisterVisit


@dataclass(frozen=True)
class PrintSlip(Effect):
    """Print a slip. Answer: SlipDone.

    `sheets_before` counts those of it that are, or may be, in the visitor's hand already.
    """

    slip_id: UUID
    template: str
    values: dict[str, str] = field(repr=False)
    qr: str | None = field(default=None, repr=False)
    sheets_before: int = 0


@dataclass(frozen=True)
class StartTimer(Effect):
    """Send TimeUp when the step is still the same after `seconds`."""

    seconds: float


@dataclass(frozen=True)
class Light(Effect):
    """Set the reader's light."""

    reader: bool


@dataclass(frozen=True)
class Play(Effect):
    """Sound the buzzer."""

    sound: Literal["attention", "good", "warning"]


@dataclass(frozen=True)
class Wipe(Effect):
    """Overwrite these buffers and have every process forget this visit; the engine orders it at each ending."""

    buffers: tuple[SecretBuffer, ...] = ()


@dataclass(frozen=True)
class RaiseSecurityEvent(Effect):
    """Record that a document was refused, without anything that was on it. Answers: none, ever.

    `reasons` are the inspection's own codes, `access_protocol` is how the chip was opened.
    """

    outlives_step = True

    reason: str
    reasons: tuple[str, ...] = ()
    access_protocol: str | None = None
