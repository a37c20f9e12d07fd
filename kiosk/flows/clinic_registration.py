"""The end of a clinic visit: committed, told to the hospital, the number on paper and on the glass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kiosk.flows import effects, views
from kiosk.flows import events as e
from kiosk.flows.clinic_visit import ClinicSession, chosen_department, clinic, registration, ticket
from kiosk.flows.engine import Step
from kiosk.flows.identify import Ending, PrintStaffSlip, take_card
from kiosk.flows.identify.words import button, desk_words, each, words
from kiosk.session import Session

SITE_REFUSED = "site_refused"


class RegisterVisit(Step):
    """Committed here first, then told to the hospital."""

    part = 4
    waits_for = "device"

    @classmethod
    def view(cls, session: Session) -> views.View:
        """Registering; the ticket follows."""
        stages = (
            views.Stage(words=words("clinic_check_in.registering.register"), state="running"),
            views.Stage(words=words("clinic_check_in.registering.print"), state="waiting"),
        )
        return views.Progress(step=cls.__name__, title=words("clinic_check_in.registering.title"), stages=stages)

    @classmethod
    def enter(cls, session: Session) -> Sequence[effects.Effect]:
        """Order the registration."""
        return (effects.RegisterVisit(registration(clinic(session))),)

    @classmethod
    def remember(cls, session: Session, event: e.Event) -> Session:
        """The number."""
        if isinstance(event, e.VisitStored):
            return replace(clinic(session), answer=event.answer, reason=event.answer.reason)
        return super().remember(session, event)

    @classmethod
    def choose(cls, session: Session, event: e.Event) -> type[Step]:
        """To staff if the hospital will not have the visit as it is: a number would wait in vain."""
        return PrintStaffSlip if session.reason == SITE_REFUSED else PrintTicket


class PrintTicket(Step):
    """The number on paper."""

    part = 4
    waits_for = "device"

    @classmethod
    def view(cls, session: Session) -> views.View:
        """Printing, said at once."""
        stages = (
            views.Stage(words=words("clinic_check_in.registering.register"), state="done"),
            views.Stage(words=words("clinic_check_in.registering.print"), state="running"),
        )
        return views.Progress(step=cls.__name__, title=words("clinic_check_in.registering.title"), stages=stages)

    @classmethod
    def enter(cls, session: Session) -> Sequence[effects.Effect]:
        """Order the slip."""
        return (ticket(clinic(session)),)

    @classmethod
    def remember(cls, session: Session, event: e.Event) -> Session:
        """Whether there is paper in the visitor's hand."""
        printed = isinstance(event, e.SlipDone) and event.printed.state in ("confirmed", "sent")
        return replace(clinic(session), slip_printed=printed)

    @classmethod
    def choose(cls, session: Session, event: e.Event) -> type[Step]:
        """By whether the hospital has it already."""
        answer = clinic(session).answer
        return Registered if answer and answer.state == "registered" else Pending


class Registered(Ending):
    """The hospital has the visit."""

    outcome = "registered"

    @classmethod
    def view(cls, session: Session) -> views.View:
        """The number in the largest type, and where to go."""
        return _number_screen(cls, clinic(session), "clinic_check_in.registered")

    @classmethod
    def enter(cls, session: Session) -> Sequence[effects.Effect]:
        """A glad sound, and leave after a while."""
        return (effects.Play("good"), effects.StartTimer(session.place.result_s))


class Pending(Ending):
    """Stored here; the hospital gets it as soon as it can be reached."""

    outcome = "pending"

    @classmethod
    def view(cls, session: Session) -> views.View:
        """The kiosk's own number, and that staff knows it."""
        return _number_screen(cls, clinic(session), "clinic_check_in.pending")

    @classmethod
    def enter(cls, session: Session) -> Sequence[effects.Effect]:
        """The same glad sound: the visitor has what they came for."""
        return Registered.enter(session)


def _number_screen(step: type[Step], session: ClinicSession, label: str) -> views.View:
    if session.answer is None:
        raise LookupError("no visit was stored")
    department = chosen_department(session)
    facts = [
        (words("clinic_check_in.confirm.department"), each("identify.plain", department.name)),
        (words("clinic_check_in.confirm.room"), each("identify.plain", department.room)),
    ]
    if session.answer.people_ahead is not None:
        ahead = words("identify.plain", text=str(session.answer.people_ahead))
        facts.append((words("clinic_check_in.registered.ahead"), ahead))
    paper = "slip" if session.slip_printed else "no_slip"
    return views.Outcome(
        step=step.__name__,
        mood="good" if session.answer.state == "registered" else "attention",
        title=words(f"{label}.title"),
        lines=(
            words(f"{label}.next_step"),
            desk_words(session, f"clinic_check_in.registered.{paper}"),
            *take_card(session),
        ),
        big=session.answer.queue_number,
        big_label=words("clinic_check_in.registered.number"),
        facts=tuple(facts),
        buttons=(button("done", "identify.done", e.Confirmed()),),
    )
