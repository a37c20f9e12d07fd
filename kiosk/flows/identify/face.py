"""The living face against the chip's portrait, and the last look: is this you?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kiosk.flows import views
from kiosk.flows.effects import CheckFace, Effect, Light, StartTimer
from kiosk.flows.engine import Step
from kiosk.flows.events import (
    Confirmed,
    Declined,
    Event,
    FaceChecked,
    FacePromptChanged,
    StaffChosen,
    TimeUp,
    VisitForChildChosen,
)
from kiosk.flows.identify.access import ChooseAccess
from kiosk.flows.identify.camera import noting_restarts, prompt_words
from kiosk.flows.identify.carer import another_card, consented_for_child, may_be_carer
from kiosk.flows.identify.endings import PrintStaffSlip
from kiosk.flows.identify.words import LEAVE, again_words, button, holder_facts, words
from kiosk.session import Session, VerifiedHolder

CHECK_LIMIT_S = 180.0
"""The check has its own times; this is beyond them all, twice begun anew."""
ARROWS = {"turn_left": "left", "turn_right": "right"}


class ExplainFaceCheck(Step):
    """What the face check will ask; whoever cannot turn the head or bear flashes goes to staff from here."""

    part = 3

    @classmethod
    def view(cls, session: Session) -> views.View:
        """What to do, and the other way."""
        return views.Instruct(
            step=cls.__name__,
            title=words("identify.face_intro.title"),
            lines=tuple(words(f"identify.face_intro.line{number}") for number in (1, 2, 3, 4)),
            picture="person",
            buttons=(
                button("begin", "identify.face_intro.begin", Confirmed()),
                button("cannot", "identify.face_intro.cannot", StaffChosen(), quiet=True),
            ),
            **LEAVE,
        )

    @classmethod
    def enter(cls, session: Session) -> Sequence[Effect]:
        """The reader has done its part."""
        return (Light(reader=False),)


class CheckingFace(Step):
    """The camera looks; the screen asks for turns and lends its light."""

    part = 3
    waits_for = "device"

    @classmethod
    def view(cls, session: Session) -> views.View:
        """The visitor's own picture and what is asked now."""
        prompt = session.face_prompt
        kind = prompt.kind if prompt else "look_straight"
        key = f"identify.face.coach.{prompt.coach}" if prompt and prompt.coach else f"identify.face.{kind}"
        return views.Camera.model_validate(
            {
                "step": cls.__name__,
                "title": words("identify.face.title"),
                "prompt": prompt_words(session, key),
                "arrow": ARROWS.get(kind, "none"),
                "colour": prompt.colour if prompt else None,
                "progress": prompt.progress if prompt else 0.0,
                "number": prompt.sequence if prompt else 0,
                **LEAVE,
            }
        )

    @classmethod
    def enter(cls, session: Session) -> Sequence[Effect]:
        """Start the check."""
        return (CheckFace(session.document), StartTimer(CHECK_LIMIT_S))

    @classmethod
    def remember(cls, session: Session, event: Event) -> Session:
        """The prompt, or the verified holder, or why there is none."""
        session = noting_restarts(session, event)
        if isinstance(event, FacePromptChanged):
            return replace(session, face_prompt=event.prompt)
        session = replace(session, face_prompt=None)
        if isinstance(event, TimeUp):
            return replace(session, reason="camera_unavailable")
        if not isinstance(event, FaceChecked):
            return super().remember(session, event)
        if event.verdict.decision == "verified":
            holder = VerifiedHolder(document=session.document, verified_at=event.at)
            return replace(session, verified_holder=holder, reason=None)
        return replace(session.tried("face"), reason=event.verdict.reason)

    @classmethod
    def choose(cls, session: Session, event: Event) -> type[Step]:
        """Three answers: verified, try again while tries are left, staff."""
        if session.verified_holder is not None:
            return IsThisYou
        again = isinstance(event, FaceChecked) and event.verdict.decision == "try_again"
        return FaceAgain if again and session.tries["face"] < session.place.face_tries else PrintStaffSlip


class FaceAgain(Step):
    """The check did not come to an end; another try, or staff."""

    part = 3

    @classmethod
    def view(cls, session: Session) -> views.View:
        """A calm reason and what helps."""
        return views.Instruct(
            step=cls.__name__,
            title=words("identify.face_again.title"),
            lines=again_words(session),
            picture="person",
            buttons=(
                button("again", "identify.face_again.again", Confirmed()),
                button("staff", "identify.face_again.staff", StaffChosen(), quiet=True),
            ),
            **LEAVE,
        )


class IsThisYou(Step):
    """The verified holder sees the least that shows it is them; a carer also sees whose card came first."""

    part = 3

    @classmethod
    def view(cls, session: Session) -> views.View:
        """Name, year of birth, masked number; a carer's yes also says that the child is theirs."""
        with_child = session.child_document is not None
        label = "identify.is_this_your_child." if with_child else "identify.is_this_you."
        buttons = [
            button("yes", label + "yes", Confirmed()),
            button("no", label + "no", Declined(), quiet=True),
        ]
        if may_be_carer(session) and not with_child:
            buttons.append(button("for_child", "identify.is_this_you.for_child", VisitForChildChosen(), quiet=True))
        return views.Instruct(
            step=cls.__name__,
            title=words(label + "title"),
            facts=(*holder_facts(session.document), *_child_facts(session)),
            buttons=tuple(buttons),
            **LEAVE,
        )

    @classmethod
    def remember(cls, session: Session, event: Event) -> Session:
        """A no goes to staff with its reason; a visit for a child needs an adult's yes, on a judged date."""
        with_child = session.child_document is not None
        if isinstance(event, Declined):
            return replace(session, reason="carer_declined" if with_child else "holder_declined")
        if isinstance(event, Confirmed) and with_child:
            return consented_for_child(session, event)
        if isinstance(event, VisitForChildChosen):
            if not may_be_carer(session):
                judged = session.document.expired is not None
                return replace(session, reason="carer_not_adult" if judged else "clock_not_trusted")
            return another_card(replace(session, for_child=True))
        return super().remember(session, event)

    @classmethod
    def choose(cls, session: Session, event: Event) -> type[Step]:
        """On to the child's card, unless a minor asked for it."""
        return ChooseAccess if session.for_child else PrintStaffSlip


def _child_facts(session: Session) -> tuple[tuple[views.Words, views.Words], ...]:
    child = session.child_document
    if child is None:
        return ()
    label = "identify.is_this_your_child."
    return (
        (words(label + "child"), words("identify.plain", text=child.name)),
        (words(label + "child_year_of_birth"), words("identify.plain", text=str(child.date_of_birth.year))),
    )
