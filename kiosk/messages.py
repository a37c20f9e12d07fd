"""The typed messages that cross the kiosk's Unix sockets, and what the services answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, Base64Bytes, BaseModel, ConfigDict, Field, model_validator


class Message(BaseModel):
    """A frozen message; unknown fields are an error."""

    # without "keys" pydantic keeps every short string it has parsed, names and numbers too, for as long as it runs
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, cache_strings="keys")


class Nothing(Message):
    """A message that carries nothing."""


# vision ---------------------------------------------------------------------------------------------------

Colour = tuple[int, int, int]


class FindCardQr(Message):
    """Look for the QR code of an ID card in the camera's frames until `timeout_s` has passed."""

    session_id: UUID
    timeout_s: float = Field(gt=0, le=60)


class CardQrFound(Message):
    """What the camera read; `payload` is None when no code was seen in time."""

    session_id: UUID
    payload: str | None = Field(repr=False)


class StartFaceCheck(Message):
    """Begin a face check against the portrait of an authenticated document (JPEG or JPEG 2000 bytes)."""

    session_id: UUID
    nonce: str
    portrait: Base64Bytes = Field(repr=False)


class AwaitFacePrompt(Message):
    """Wait for the prompt after `shown_sequence`, which the screen by now shows to the visitor.

    `shown_at_s` is the CLOCK_MONOTONIC second at which it came onto the glass.
    """

    session_id: UUID
    nonce: str
    shown_sequence: int
    shown_at_s: float
    timeout_s: float = Field(default=2.0, gt=0, le=10)


FaceDecision = Literal["verified", "try_again", "staff"]


class FaceVerdict(Message):
    """The face check's one answer; scores stay inside the vision process. `reason` is a stable code."""

    decision: FaceDecision
    reason: str | None


class FacePrompt(Message):
    """What the screen shall show next, or, with `verdict` set, the end of the check.

    kind: coach (see `coach`), look_straight, turn_left, turn_right (the visitor's own left and right),
    flash (fill the glass with `colour`), compare, finished.
    `progress` runs from 0 to 1 over the whole check.
    """

    session_id: UUID
    nonce: str
    sequence: int
    kind: Literal["coach", "look_straight", "turn_left", "turn_right", "flash", "compare", "finished"]
    coach: str | None = None
    colour: Colour | None = None
    progress: float = Field(default=0.0, ge=0, le=1)
    verdict: FaceVerdict | None = None


class SessionEnded(Message):
    """The visit is over: forget everything about it."""

    session_id: UUID


class VisionHealth(Message):
    """`camera` is `ready` or an error code; `simulated` says that a simulator stands in for it."""

    camera: str
    simulated: bool


# link -----------------------------------------------------------------------------------------------------


class Person(Message):
    """The least of a verified holder that a site needs to register a visit."""

    citizen_number: str = Field(repr=False)
    name: str = Field(repr=False)
    date_of_birth: date = Field(repr=False)
    gender: Literal["male", "female", "unknown"] = Field(repr=False)


class LookUpInsurance(Message):
    """Ask the site for a person's health insurance; the kiosk never asks the portal itself."""

    session_id: UUID
    person: Person


InsuranceState = Literal["valid", "not_verified_yet", "not_insured", "expired", "name_differs", "data_differs"]


class InsuranceAnswer(Message):
    """The insurance state; `portal_code` is the portal's result code where the site had one."""

    state: InsuranceState
    portal_code: str | None = None
    card_number: str | None = Field(default=None, repr=False)
    valid_until: date | None = None


class Department(Message):
    """A place in the hospital that takes visits; `name` by language code."""

    code: str
    name: dict[str, str]
    room: dict[str, str]
    waiting: int | None = None


class Departments(Message):
    """All departments open now; `from_cache_at` is set when the site could not be asked."""

    departments: tuple[Department, ...]
    from_cache_at: datetime | None = None


class ConsentRecord(Message):
    """What the visitor agreed to, when, in which words."""

    given_at: datetime
    text_version: str
    language: str


ProvenFace = Literal["verified", "not_compared"]
JudgedExpiry = Literal["not_expired", "not_judged"]
"""Without a trusted clock nobody can say; whether such a visit goes on is the site's decision."""


class IdentityEvidence(Message):
    """How an identity was checked, without any of the data; a child's card has no portrait to compare with."""

    document_verdict: str
    access_protocol: str
    face_decision: ProvenFace
    document_expiry: JudgedExpiry = "not_expired"


class Carer(Message):
    """The least of the verified adult who brought a child; that the child is theirs is what they say."""

    citizen_number: str = Field(repr=False)
    name: str = Field(repr=False)
    evidence: IdentityEvidence


Priority = Literal["none", "age_75_and_over", "under_6"]


class RegisterVisit(Message):
    """Commit a visit to the local record and outbox, then try to deliver it within `deadline_s`."""

    session_id: UUID
    visit_id: UUID
    service: str
    person: Person
    department_code: str
    priority: Priority
    insurance: InsuranceAnswer
    consent: ConsentRecord
    evidence: IdentityEvidence
    carer: Carer | None = None
    """Who brought the child that `person` is, and consents for them."""
    deadline_s: float = Field(default=4.0, gt=0, le=30)

    @model_validator(mode="after")
    def _somebody_was_verified(self) -> Self:
        """Whatever the screen process does wrong, nobody is registered for whom no living face was verified."""
        verified = self.carer.evidence if self.carer else self.evidence
        if verified.face_decision != "verified":
            raise ValueError("no holder was verified")
        if self.carer and self.carer.citizen_number == self.person.citizen_number:
            raise ValueError("nobody is their own carer")
        return self


class VisitAnswer(Message):
    """`registered` with the site's queue number, or `pending` with one from the kiosk's leased series."""

    visit_id: UUID
    state: Literal["registered", "pending"]
    queue_number: str
    reason: str | None = None
    people_ahead: int | None = None
    wait_minutes: int | None = None


class PrintSlip(Message):
    """Print a slip by its template's name; `values` fill the template, `qr` goes into its code.

    `sheets_before` counts those of it that may be about already, for a link that started again knows of none.
    """

    session_id: UUID
    slip_id: UUID
    sheets_before: int = Field(default=0, ge=0, le=99)
    template: str
    language: str
    values: dict[str, str] = Field(repr=False)
    qr: str | None = Field(default=None, repr=False)
    timeout_s: float = Field(default=15.0, gt=0, le=120)


class SlipPrinted(Message):
    """confirmed: the printer said so; sent: it took every byte; unknown: nobody can tell; failed: see code."""

    slip_id: UUID
    state: Literal["confirmed", "sent", "unknown", "failed"]
    code: str | None = None


Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""A stable code of the kiosk's own: too narrow for a name or a number."""


class SecurityEvent(Message):
    """A document was refused: why, what the inspection found, how its chip was opened; nothing that was on it."""

    session_id: UUID
    event_id: UUID
    at: AwareDatetime
    code: Code
    reasons: tuple[Code, ...] = ()
    access_protocol: Literal["PACE-CAN", "PACE-MRZ", "BAC"] | None = None


class OutboxItem(Message):
    """Something the site has not heard yet; `code` says why where it was set aside."""

    event_id: UUID
    kind: Literal["register_visit", "bind_pending_number", "security_event"]
    state: Literal["waiting", "parked"]
    age_s: float
    code: str | None


class Outbox(Message):
    """Everything the site has not heard yet, the oldest first."""

    items: tuple[OutboxItem, ...]


class ReleaseParked(Message):
    """Let what was set aside be tried again: one event with what hangs on it, or everything."""

    event_id: UUID | None = None


class ParkedReleased(Message):
    """How many events wait to be delivered again."""

    count: int


class LinkHealth(Message):
    """`printer` and `site` are `ready` or an error code."""

    printer: str
    site: str
    outbox_waiting: Annotated[int, Field(ge=0)]
    simulated: bool
    outbox_oldest_s: float | None = None
    """Age of the oldest event that still waits."""
    queue_numbers_left: int = 0
    """Numbers of the leased series that are still free."""
    alarms: tuple[str, ...] = ()
    """Codes that want a technician: parked events, refused credentials."""
