"""What a clinic visit adds to a session, and what it sends to the hospital and to the printer; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Self
from uuid import UUID

from kiosk import messages as m
from kiosk import strings
from kiosk.flows.effects import PrintSlip
from kiosk.identity.age import PRIORITY_FROM, YOUNG_CHILD_UNDER, age_on
from kiosk.session import AuthenticatedDocument, Session

CONSENT_TEXT_VERSION = "2026-11"
CHILD_CONSENT_TEXT_VERSION = "2026-11-child"
"""The same text, and what a carer reads before the yes for the child."""


@dataclass(frozen=True, repr=False)
class ClinicSession(Session):
    """What this service adds to a visit."""

    insurance: m.InsuranceAnswer | None = None
    departments: tuple[m.Department, ...] = ()
    page: int = 0
    department: m.Department | None = None
    visit_id: UUID | None = None
    answer: m.VisitAnswer | None = None
    priority: m.Priority = "none"
    """Whom the ticket marks as seen first; known once the visit is stored."""
    sheets: int = 0
    """Tickets that are, or may be, in the visitor's hand."""
    printer_ready: bool = False

    takes_children: ClassVar[bool] = True

    def without_person(self) -> Self:
        """Nothing personal left; the queue number and department stay for the last screen."""
        return replace(super().without_person(), insurance=None)


def priority(session: ClinicSession) -> m.Priority:
    """Whom the law serves first, as far as the patient's date of birth tells."""
    age = age_on(session.patient.document.date_of_birth, session.started_at.date())
    if age >= PRIORITY_FROM:
        return "age_75_and_over"
    return "under_6" if age < YOUNG_CHILD_UNDER else "none"


def person(session: ClinicSession) -> m.Person:
    """The least of the patient that the hospital needs. Raises: LookupError if nobody is verified."""
    document = session.patient.document
    return m.Person.model_validate(
        {
            "citizen_number": document.citizen_number,
            "name": document.name,
            "date_of_birth": document.date_of_birth,
            "gender": document.gender,
        }
    )


def carer(session: ClinicSession) -> m.Carer | None:
    """The least of a child's verified carer that the hospital needs; None for a patient who came for themself."""
    verified = session.patient.carer
    if verified is None:
        return None
    document = verified.document
    return m.Carer(
        citizen_number=document.citizen_number, name=document.name, evidence=_evidence(document, "verified")
    )


def _evidence(document: AuthenticatedDocument, face_decision: m.ProvenFace) -> m.IdentityEvidence:
    return m.IdentityEvidence(
        document_verdict=document.verdict,
        access_protocol=document.access_protocol,
        face_decision=face_decision,
        document_expiry="not_judged" if document.expired is None else "not_expired",
    )


def clinic(session: Session) -> ClinicSession:
    """The session as a clinic's. Raises: TypeError for another service's."""
    if not isinstance(session, ClinicSession):
        raise TypeError("this flow needs a ClinicSession")
    return session


def chosen_department(session: ClinicSession) -> m.Department:
    """Where the patient is to be seen. Raises: LookupError before the choice."""
    if session.department is None:
        raise LookupError("no department was chosen")
    return session.department


def registration(session: ClinicSession) -> m.RegisterVisit:
    """The visit as it is committed and told to the hospital. Raises: LookupError if a part of it is missing."""
    if session.visit_id is None or session.consent_at is None or session.insurance is None:
        raise LookupError("a visit needs an id, a consent and an insurance state")
    return m.RegisterVisit(
        session_id=session.id,
        visit_id=session.visit_id,
        service="clinic_check_in",
        person=person(session),
        carer=carer(session),
        department_code=chosen_department(session).code,
        priority=priority(session),
        insurance=session.insurance,
        consent=m.ConsentRecord(
            given_at=session.consent_at,
            text_version=CHILD_CONSENT_TEXT_VERSION if session.for_child else CONSENT_TEXT_VERSION,
            language=session.consent_language,
        ),
        evidence=_evidence(session.patient.document, "not_compared" if session.for_child else "verified"),
    )


def ticket(session: ClinicSession) -> PrintSlip:
    """The queue ticket; it carries no name and no citizen number. Raises: LookupError before there is a number.

    Nothing of it is the person's: it can be printed again when the visit is over. Its id is the visit's, so that
    the printer knows another sheet of it for a copy.
    """
    answer, language = session.answer, session.language
    if answer is None:
        raise LookupError("no visit was stored")
    department = chosen_department(session)
    of_age = session.priority
    return PrintSlip(
        slip_id=answer.visit_id,
        sheets_before=session.sheets,
        template="queue_ticket" if answer.state == "registered" else "pending_ticket",
        values={
            "site_name": session.place.site_name[language],
            "desk": session.place.staff_desk[language],
            "number": answer.queue_number,
            "department": department.name[language],
            "room": department.room[language],
            "priority": "" if of_age == "none" else strings.text(language, f"clinic_check_in.priority.{of_age}"),
            "people_ahead": "" if answer.people_ahead is None else str(answer.people_ahead),
            "wait_minutes": "" if answer.wait_minutes is None else str(answer.wait_minutes),
        },
        qr=str(answer.visit_id),
    )
