"""The end of a clinic visit: committed, told to the hospital, the number on paper and on the glass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kiosk import messages as m
from kiosk.flows import effects, views
from kiosk.flows import events as e
from kiosk.flows.clinic_visit import ClinicSession, chosen_department, clinic, priority, registration, ticket
from kiosk.flows.clinic_words import of_patient
from kiosk.flows.engine import Edges, Step
from kiosk.flows.identify import LEAVING, Ending, PrintStaffSlip, take_card
from kiosk.flows.identify.slips import PRINT_LIMIT_S, after_printing, result_s, slip_words
from kiosk.flows.identify.words import button, each, words
from kiosk.session import Session

REGISTERING = "clinic_check_in.registering"
SET_ASIDE = ("site_refused", "site_finds_several")
"""With these the visit is parked until a technician releases it: a number would wait in vain."""

NOT_RECORDED = "store_unwritable"
RECORDED = "queue_numbers_used_up"
UNSURE = "registration_unsure"
"""Nobody answered: the visit may be recorded, and one that is begun anew would be a second one."""


class RegisterVisit(Step):
    """Committed here first, then told to the hospital."""

    part = 4
    waits_for = "device"

    @classmethod
    def view(cls, session: Session) -> views.View:
        """Registering; the ticket follows."""
        stages = (
            views.Stage(words=of_patient(session, REGISTERING, "register"), state="running"),
            views.Stage(words=words("clinic_check_in.registering.print"), state="waiting"),
        )
        return views.Progress(step=cls.__name__, title=of_patient(session, REGISTERING, "title"), stages=stages)

    @classmethod
    def enter(cls, session: Session) -> Sequence[effects.Effect]:
        """Order the registration."""
        return (effects.RegisterVisit(registration(clinic(session))),)

    @classmethod
    def remember(cls, session: Session, event: e.Event) -> Session:
        """The number, and what the ticket says of whom it is for: it is printed after they are forgotten, too."""
        if isinstance(event, e.VisitStored):
            visit = clinic(session)
            return replace(visit, answer=event.answer, reason=event.answer.reason, priority=priority(visit))
        if isinstance(event, e.ServiceFailed) and event.reason not in (NOT_RECORDED, RECORDED):
            return replace(session, reason=UNSURE)
        return super().remember(session, event)

    @classmethod
    def choose(cls, session: Session, event: e.Event) -> type[Step]:
        """To staff if the hospital will not have the visit as it is."""
        return PrintStaffSlip if session.reason in SET_ASIDE else PrintTicket


PRINT_STAGE = (views.Stage(words=words("clinic_check_in.registering.print"), state="running"),)


class PrintTicket(Step):
    """The number on paper."""

    part = 4
    waits_for = "device"

    @classmethod
    def view(cls, session: Session) -> views.View:
        """Printing, said at once; the number is there already, whatever becomes of the slip."""
        stages = (
            views.Stage(words=of_patient(session, REGISTERING, "register"), state="done"),
            *PRINT_STAGE,
        )
        number = _answer(clinic(session)).queue_number
        return views.Progress(
            step=cls.__name__,
            title=of_patient(session, REGISTERING, "title"),
            stages=stages,
            greeting=of_patient(session, REGISTERING, "number", number=number),
        )

    @classmethod
    def enter(cls, session: Session) -> Sequence[effects.Effect]:
        """Order the slip."""
        return (ticket(clinic(session)), effects.StartTimer(PRINT_LIMIT_S))

    @classmethod
    def remember(cls, session: Session, event: e.Event) -> Session:
        """Whether there is paper in the visitor's hand, and how many sheets there may be."""
        if type(event) not in PRINTING:  # what cannot be stopped is not stopped by a touch
            return session
        visit = after_printing(clinic(session), event)
        sheets = visit.sheets + (visit.slip != "none")
        return replace(visit, sheets=sheets, printer_ready=False)

    @classmethod
    def choose(cls, session: Session, event: e.Event) -> type[Step]:
        """By whether the hospital has it already."""
        return Registered if _answer(clinic(session)).state == "registered" else Pending


class PrintAgain(PrintTicket):
    """The slip once more, because the visitor asked for it; never by itself."""

    after_the_end = True

    @classmethod
    def view(cls, session: Session) -> views.View:
        """Printing, and the number."""
        view = super().view(session)
        return view.model_copy(
            update={"title": words("clinic_check_in.registered.printing"), "stages": PRINT_STAGE}
        )


class NumberGiven(Ending):
    """The visit is where it belongs; a slip that is not known to be printed can be had once the printer works."""

    @classmethod
    def enter(cls, session: Session) -> Sequence[effects.Effect]:
        """A glad sound, or one that asks to look where the number must be read off; leave after a while."""
        sound = effects.Play("good" if session.slip == "printed" else "attention")
        return (sound, effects.StartTimer(result_s(session)))

    @classmethod
    def remember(cls, session: Session, event: e.Event) -> Session:
        """Whether the printer works now."""
        if not isinstance(event, e.DevicesReady | e.DeviceTrouble):
            return super().remember(session, event)
        visit, ready = clinic(session), isinstance(event, e.DevicesReady)
        return visit if visit.printer_ready == ready else replace(visit, printer_ready=ready)


class Registered(NumberGiven):
    """The hospital has the visit."""

    outcome = "registered"

    @classmethod
    def view(cls, session: Session) -> views.View:
        """The number in the largest type, and where to go."""
        return _number_screen(cls, clinic(session), "clinic_check_in.registered")


class Pending(NumberGiven):
    """Stored here; the hospital gets it as soon as it can be reached."""

    outcome = "pending"

    @classmethod
    def view(cls, session: Session) -> views.View:
        """The kiosk's own number, and that staff knows it."""
        return _number_screen(cls, clinic(session), "clinic_check_in.pending")


BOTH = (Registered, Pending)
PRINTING: Edges = {e.SlipDone: BOTH, e.ServiceFailed: BOTH, e.TimeUp: BOTH}
"""What is printed leads to the number in any case."""


def number_given(step: type[Step]) -> Edges:
    """The edges of an ending with a number."""
    return {**LEAVING, e.SlipWanted: PrintAgain, e.DevicesReady: step, e.DeviceTrouble: step}


def _answer(session: ClinicSession) -> m.VisitAnswer:
    if session.answer is None:
        raise LookupError("no visit was stored")
    return session.answer


def _number_screen(step: type[Step], session: ClinicSession, label: str) -> views.View:
    answer, department = _answer(session), chosen_department(session)
    facts = [
        (words("clinic_check_in.confirm.department"), each("identify.plain", department.name)),
        (words("clinic_check_in.confirm.room"), each("identify.plain", department.room)),
    ]
    if answer.people_ahead is not None and session.slip == "printed":  # less beside what must be written down
        ahead = words("identify.plain", text=str(answer.people_ahead))
        facts.append((words("clinic_check_in.registered.ahead"), ahead))
    return views.Outcome(
        step=step.__name__,
        mood="good" if answer.state == "registered" else "attention",
        title=of_patient(session, label, "title"),
        lines=(
            words(f"{label}.next_step"),
            slip_words(session, "clinic_check_in.registered"),
            *take_card(session),
        ),
        big=answer.queue_number,
        big_label=of_patient(session, "clinic_check_in.registered", "number"),
        facts=tuple(facts),
        buttons=(*_print_button(session), button("done", "identify.done", e.Confirmed())),
    )


def _print_button(session: ClinicSession) -> tuple[views.Button, ...]:
    """Above the one that ends it all, which so keeps its place when the printer comes to work again."""
    if session.slip == "printed" or not session.printer_ready:
        return ()
    words_of = "print_again" if session.sheets else "print"
    return (button("print", f"clinic_check_in.registered.{words_of}", e.SlipWanted(), quiet=True),)
