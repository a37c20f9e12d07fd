"""How a visit ends short of what was wanted, always with a calm reason and the next step."""

from __future__ import annotations

from collections.abc import Sequence

from uuid6 import uuid7

from kiosk import strings
from kiosk.flows import views
from kiosk.flows.effects import Effect, Play, PrintSlip, RaiseSecurityEvent, StartTimer
from kiosk.flows.engine import Edges, Ended, Step, Table
from kiosk.flows.events import (
    CancelChosen,
    Confirmed,
    Event,
    IdleExpired,
    ServiceFailed,
    SlipDone,
    StaffChosen,
    TimeUp,
)
from kiosk.flows.identify.slips import PRINT_LIMIT_S, after_printing, result_s, slip_words
from kiosk.flows.identify.words import button, desk_words, error_words, words
from kiosk.session import Session


class PrintStaffSlip(Step):
    """A slip with the reason, so the visitor need not explain it again at the desk."""

    waits_for = "device"

    @classmethod
    def view(cls, session: Session) -> views.View:
        """Says that a slip is coming."""
        stage = views.Stage(words=words("identify.staff_slip.printing"), state="running")
        return views.Progress(step=cls.__name__, title=words("identify.staff_slip.title"), stages=(stage,))

    @classmethod
    def enter(cls, session: Session) -> Sequence[Effect]:
        """Order the slip."""
        reason, next_step = error_words(session)
        language = session.language
        values = {
            "site_name": session.place.site_name[language],
            "desk": session.place.staff_desk[language],
            "reason": strings.translate(language, reason),
            "next_step": strings.translate(language, next_step),
            "code": session.reason or "unforeseen",
        }
        return (PrintSlip(slip_id=uuid7(), template="staff_slip", values=values), StartTimer(PRINT_LIMIT_S))

    @classmethod
    def remember(cls, session: Session, event: Event) -> Session:
        """What became of the slip; the reason stays the one that led here."""
        return after_printing(session, event)


class Ending(Step):
    """A last screen that goes away by itself."""

    waits_for = "nobody"

    @classmethod
    def enter(cls, session: Session) -> Sequence[Effect]:
        """Sound, and leave after a while."""
        return (Play("attention"), StartTimer(session.place.result_s))


def _outcome(step: type[Step], session: Session, mood: str, title: str, *more: views.Words) -> views.Outcome:
    reason, next_step = error_words(session)
    return views.Outcome.model_validate(
        {
            "step": step.__name__,
            "mood": mood,
            "title": words(title),
            "lines": (reason, next_step, *more, *take_card(session)),
            "buttons": (button("done", "identify.done", Confirmed()),),
        }
    )


def take_card(session: Session) -> tuple[views.Words, ...]:
    """A reminder while a card still lies on the reader, or may lie on one that is gone."""
    return (words("identify.take_card"),) if session.card_present or not session.reader_present else ()


class AskStaff(Ending):
    """A person at the desk helps on."""

    outcome = "staff"

    @classmethod
    def view(cls, session: Session) -> views.View:
        """The reason and where to go; without the slip also what it would have told staff."""
        slip = slip_words(session, "identify.staff", code=session.reason or "unforeseen")
        return _outcome(cls, session, "attention", "identify.staff.title", slip)

    @classmethod
    def enter(cls, session: Session) -> Sequence[Effect]:
        """Sound, and leave after a while."""
        return (Play("attention"), StartTimer(result_s(session)))


class Refused(Ending):
    """The document must not be accepted; the visitor is told where to go."""

    outcome = "refused"

    @classmethod
    def view(cls, session: Session) -> views.View:
        """The reason and where to go."""
        return _outcome(cls, session, "stop", "identify.refused.title")

    @classmethod
    def enter(cls, session: Session) -> Sequence[Effect]:
        """Record the refusal, with what the inspection found."""
        event = RaiseSecurityEvent(session.reason or "unforeseen", session.findings, session.access_protocol)
        return (event, *super().enter(session))


class Abandoned(Ending):
    """The visitor left or cancelled; nothing was kept."""

    outcome = "abandoned"

    @classmethod
    def view(cls, session: Session) -> views.View:
        """Says that nothing was kept."""
        return views.Outcome(
            step=cls.__name__,
            mood="attention",
            title=words("identify.abandoned.title"),
            lines=(desk_words(session, "identify.abandoned.line"), *take_card(session)),
            buttons=(button("done", "identify.done", Confirmed()),),
        )

    @classmethod
    def enter(cls, session: Session) -> Sequence[Effect]:
        """Leave soon."""
        return (StartTimer(min(8.0, session.place.result_s)),)


LEAVING: Edges = {TimeUp: Ended, Confirmed: Ended}
ENDINGS: Table = {
    PrintStaffSlip: {SlipDone: AskStaff, ServiceFailed: AskStaff, CancelChosen: AskStaff, TimeUp: AskStaff},
    AskStaff: LEAVING,
    Refused: LEAVING,
    Abandoned: LEAVING,
}
ALWAYS: Edges = {
    IdleExpired: Abandoned,
    CancelChosen: Abandoned,
    StaffChosen: PrintStaffSlip,
    ServiceFailed: PrintStaffSlip,
}
