"""What can happen during a visit: small frozen facts a flow reacts to."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from kiosk import messages as m
from kiosk.identity.unfinished_reading import UnfinishedReading
from kiosk.session import AuthenticatedDocument, ClaimedIdentity


class Event(BaseModel):
    """Something that happened; repr and serialisation name it and show nothing personal."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, hide_input_in_errors=True)


# the visitor
class Started(Event):
    """The visitor touched the welcome screen."""


class ConsentGiven(Event):
    """The visitor agreed to the check."""

    at: datetime | None = None


class ConsentDeclined(Event):
    """The visitor did not agree; staff will help instead."""


class UseQrChosen(Event):
    """The visitor wants to show the card's QR code."""


class UseDigitsChosen(Event):
    """The visitor wants to type the last six digits."""


class QrNeeded(Event):
    """Digits cannot open the card that was laid down."""


class DigitsEntered(Event):
    """The visitor typed digits."""

    text: str = Field(repr=False)


class BackChosen(Event):
    """The visitor went a step back."""


class CancelChosen(Event):
    """The visitor ends the visit."""


class StaffChosen(Event):
    """The visitor asks for a person."""


class Confirmed(Event):
    """The visitor said yes to what is on the screen."""

    at: datetime | None = None


class Declined(Event):
    """The visitor said no to what is on the screen."""


class VisitForChildChosen(Event):
    """The verified holder comes for a child under six."""


class SlipWanted(Event):
    """The visitor wants a slip that is not known to be printed, again or at last."""


class OptionChosen(Event):
    """The visitor picked one of the choices."""

    code: str


# which card is to be opened, where it is not the visitor's own
class CarersCardWanted(Event):
    """A child's card was read; the carer's is next."""


class ChildsCardWanted(Event):
    """The carer was verified; the child's card is next."""


# the card and the reader
class CardPlaced(Event):
    """A card lies on the reader."""


class CardTakenAway(Event):
    """The card left the reader."""


class ReaderLost(Event):
    """The reader is gone."""


class ReaderFound(Event):
    """The reader is there again."""


# answers of devices and services
class QrRead(Event):
    """The card's QR was read and understood."""

    claimed_identity: ClaimedIdentity = Field(repr=False)


class QrNotRead(Event):
    """No readable card QR in time."""

    reason: str


class ChipProgress(Event):
    """The chip read went on; `name` comes with DG1."""

    stage: str
    name: str | None = Field(default=None, repr=False)


class ChipRead(Event):
    """The chip was read and inspected to the end."""

    document: AuthenticatedDocument = Field(repr=False)


class ChipNotRead(Event):
    """The chip read ended early; `reason` is an error code, `unfinished` what a card that left had given."""

    reason: str
    unfinished: UnfinishedReading | None = Field(default=None, repr=False)


class FacePromptChanged(Event):
    """The face check wants something else on the glass."""

    prompt: m.FacePrompt


class FaceChecked(Event):
    """The face check's answer."""

    verdict: m.FaceVerdict
    at: datetime


class CameraRestarting(Event):
    """The vision process died; once it is back, what it was doing begins anew."""


class CameraBack(Event):
    """The vision process answers again."""


class InsuranceKnown(Event):
    """The insurance state is known, if only as not verified yet."""

    answer: m.InsuranceAnswer


class DepartmentsKnown(Event):
    """The departments open now."""

    departments: m.Departments


class DepartmentsNotKnown(Event):
    """Nobody could say which departments are open."""

    reason: str


class VisitStored(Event):
    """The visit is committed; registered at the site or pending."""

    answer: m.VisitAnswer


class SlipDone(Event):
    """The printer's answer to a slip."""

    printed: m.SlipPrinted


class ServiceFailed(Event):
    """A device or service failed with an error that has a code and words."""

    reason: str


class DeviceTrouble(Event):
    """Something every visit needs is not working; nobody should start."""

    reason: str


class DevicesReady(Event):
    """All that a visit needs is working."""


# time
class TimeUp(Event):
    """A step's own timer ran out."""


class IdleExpired(Event):
    """Nobody touched the screen, not even during the warning."""
