"""A patient checks in at a clinic: identified, insurance known, department chosen, registered, a queue number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from uuid6 import uuid7

from kiosk import messages as m
from kiosk.flows import effects, views
from kiosk.flows import events as e
from kiosk.flows.clinic_registration import (
    PRINTING,
    Pending,
    PrintAgain,
    PrintTicket,
    Registered,
    RegisterVisit,
    number_given,
)
from kiosk.flows.clinic_visit import (
    ClinicSession,
    chosen_department,
    clinic,
    person,
    priority,
)
from kiosk.flows.clinic_words import names, of_patient
from kiosk.flows.engine import Flow, Step, Table
from kiosk.flows.identify import (
    ALWAYS,
    FOR_CHILD,
    IDENTIFY,
    NOT_ME,
    NOT_THE_CHILD,
    AskConsent,
    IsThisTheChild,
    IsThisYou,
    PrintStaffSlip,
)
from kiosk.flows.identify.words import BACK, LEAVE, button, desk_words, each, words
from kiosk.flows.out_of_order import OutOfOrder, ReadyForVisitors
from kiosk.session import Session

CHOICES_A_SCREEN = 6
MORE = "more"


class Welcome(ReadyForVisitors):
    """What can be done here and what to have ready; a touch or a card starts."""

    @classmethod
    def view(cls, session: Session) -> views.View:
        """The first screen."""
        return views.Welcome(
            step=cls.__name__,
            title=desk_words(session, "clinic_check_in.welcome.title"),
            lines=(words("clinic_check_in.welcome.line"),),
            start=button("start", "clinic_check_in.welcome.start", e.Started()),
            needs=(words("clinic_check_in.welcome.need_card"), words("clinic_check_in.welcome.need_time")),
        )


class AskingHospital(Step):
    """The hospital is being asked."""

    part = 4
    waits_for = "device"

    @classmethod
    def view(cls, session: Session) -> views.View:
        """Says what is being asked."""
        stage = views.Stage(words=of_patient(session, "clinic_check_in.insurance", "asking"), state="running")
        return views.Progress(
            step=cls.__name__, title=words("clinic_check_in.insurance.asking_title"), stages=(stage,), **LEAVE
        )


class LookUpInsurance(AskingHospital):
    """The hospital is asked for insurance and departments."""

    @classmethod
    def enter(cls, session: Session) -> Sequence[effects.Effect]:
        """Ask both at once; the departments may come while the insurance state is read."""
        return (effects.LookUpInsurance(person(clinic(session))), effects.ListDepartments())

    @classmethod
    def remember(cls, session: Session, event: e.Event) -> Session:
        """The answers."""
        if isinstance(event, e.InsuranceKnown):
            return replace(clinic(session), insurance=event.answer)
        return _with_departments(super().remember(session, event), event)


class ShowInsurance(Step):
    """The insurance state in plain words; whatever it is, care goes on."""

    part = 4

    @classmethod
    def view(cls, session: Session) -> views.View:
        """The state and what it means today."""
        answer = clinic(session).insurance
        state = answer.state if answer else "not_verified_yet"
        label = "clinic_check_in.insurance"
        facts = []
        if answer and answer.valid_until:
            until = answer.valid_until.strftime("%d/%m/%Y")
            facts.append((words(label + ".valid_until"), words("identify.plain", text=until)))
        return views.Instruct(
            step=cls.__name__,
            title=of_patient(session, label, f"{state}.title"),
            lines=(of_patient(session, label, f"{state}.line"),),
            picture="heart",
            facts=tuple(facts),
            buttons=(button("continue", "identify.continue", e.Confirmed()),),
            **LEAVE,
        )

    @classmethod
    def remember(cls, session: Session, event: e.Event) -> Session:
        """The departments, when they come now."""
        return _with_departments(super().remember(session, event), event)


class ListDepartments(AskingHospital):
    """The departments open now."""

    @classmethod
    def already(cls, session: Session) -> e.Event | None:
        """They were listed before."""
        known = clinic(session).departments
        return e.DepartmentsKnown(departments=m.Departments(departments=known)) if known else None

    @classmethod
    def enter(cls, session: Session) -> Sequence[effects.Effect]:
        """Ask."""
        return (effects.ListDepartments(),)

    @classmethod
    def remember(cls, session: Session, event: e.Event) -> Session:
        """The list, or why there is none."""
        if isinstance(event, e.DepartmentsNotKnown):
            return replace(session, reason=event.reason)
        return _with_departments(super().remember(session, event), event)


class ChooseDepartment(Step):
    """Where the patient wants to be seen."""

    part = 4

    @classmethod
    def view(cls, session: Session) -> views.View:
        """At most six choices a screen, the rest behind "more"."""
        visit = clinic(session)
        shown, more = _page(visit.departments, visit.page)
        choices = [_department_choice(department) for department in shown]
        if more:
            choices.append(views.Choice(id="more", words=words("identify.more"), event=e.OptionChosen(code=MORE)))
        return views.Choose(
            step=cls.__name__,
            title=of_patient(session, "clinic_check_in.department", "title"),
            choices=tuple(choices),
            **BACK,
        )

    @classmethod
    def remember(cls, session: Session, event: e.Event) -> Session:
        """The department, or the next page."""
        visit = clinic(super().remember(session, event))
        if not isinstance(event, e.OptionChosen):
            return visit
        if event.code == MORE:
            return replace(visit, page=visit.page + 1)
        chosen = next(d for d in visit.departments if d.code == event.code)
        return replace(visit, department=chosen, page=0)

    @classmethod
    def choose(cls, session: Session, event: e.Event) -> type[Step]:
        """Stay for the next page, go on with a department."""
        return ConfirmVisit if isinstance(event, e.OptionChosen) and event.code != MORE else ChooseDepartment


class ConfirmVisit(Step):
    """A last look before it counts."""

    part = 4

    @classmethod
    def view(cls, session: Session) -> views.View:
        """Who, where, with what insurance, and priority."""
        visit = clinic(session)
        label = "clinic_check_in.confirm."
        insurance = visit.insurance.state if visit.insurance else "not_verified_yet"
        facts = [
            *names(visit),
            (words(label + "department"), each("identify.plain", chosen_department(visit).name)),
            (words(label + "room"), each("identify.plain", chosen_department(visit).room)),
            (words(label + "insurance"), words(f"clinic_check_in.insurance.{insurance}.short")),
        ]
        if priority(visit) != "none":
            facts.append((words(label + "priority"), words(f"clinic_check_in.priority.{priority(visit)}")))
        return views.Instruct(
            step=cls.__name__,
            title=words(label + "title"),
            facts=tuple(facts),
            buttons=(
                button("confirm", label + "yes", e.Confirmed()),
                button("change", label + "change", e.BackChosen(), quiet=True),
            ),
            **BACK,
        )

    @classmethod
    def remember(cls, session: Session, event: e.Event) -> Session:
        """One visit has one id, whatever is tried again."""
        if isinstance(event, e.Confirmed):
            return replace(clinic(session), visit_id=uuid7())
        return super().remember(session, event)


def _with_departments(session: Session, event: e.Event) -> Session:
    if isinstance(event, e.DepartmentsKnown):
        return replace(clinic(session), departments=event.departments.departments)
    return session


def _page(departments: tuple[m.Department, ...], page: int) -> tuple[tuple[m.Department, ...], bool]:
    """The departments of one screen, and whether it needs a "more"."""
    if len(departments) <= CHOICES_A_SCREEN:
        return departments, False
    size = CHOICES_A_SCREEN - 1
    pages = -(-len(departments) // size)
    first = (page % pages) * size
    return departments[first : first + size], True


def _department_choice(department: m.Department) -> views.Choice:
    detail = each("clinic_check_in.department.room", department.room)
    if department.waiting is not None:
        values = {"waiting": str(department.waiting)}
        detail = views.Words(
            key="clinic_check_in.department.room_and_waiting", values=values, each={"text": department.room}
        )
    return views.Choice(
        id=f"department.{department.code}",
        words=each("identify.plain", department.name),
        detail=detail,
        event=e.OptionChosen(code=department.code),
    )


TABLE: Table = {
    Welcome: {
        e.Started: AskConsent,
        e.CardPlaced: AskConsent,
        e.StaffChosen: PrintStaffSlip,
        e.DeviceTrouble: OutOfOrder,
    },
    OutOfOrder: {e.DevicesReady: Welcome, e.DeviceTrouble: OutOfOrder},
    **IDENTIFY,
    IsThisYou: {e.Confirmed: LookUpInsurance, **NOT_ME, **FOR_CHILD},
    IsThisTheChild: {e.Confirmed: LookUpInsurance, **NOT_THE_CHILD},
    LookUpInsurance: {e.InsuranceKnown: ShowInsurance, e.DepartmentsKnown: LookUpInsurance},
    ShowInsurance: {e.Confirmed: ListDepartments, e.DepartmentsKnown: ShowInsurance},
    ListDepartments: {e.DepartmentsKnown: ChooseDepartment, e.DepartmentsNotKnown: PrintStaffSlip},
    ChooseDepartment: {e.OptionChosen: (ConfirmVisit, ChooseDepartment), e.BackChosen: ShowInsurance},
    ConfirmVisit: {e.Confirmed: RegisterVisit, e.BackChosen: ChooseDepartment},
    RegisterVisit: {
        e.VisitStored: (PrintTicket, PrintStaffSlip),
        e.CancelChosen: RegisterVisit,
        e.StaffChosen: RegisterVisit,
    },
    PrintTicket: {**PRINTING, e.CancelChosen: PrintTicket, e.StaffChosen: PrintTicket},
    Registered: number_given(Registered),
    Pending: number_given(Pending),
    PrintAgain: PRINTING,
}
FLOW = Flow("clinic_check_in", Welcome, TABLE, ALWAYS, ClinicSession, parts=4)
