"""Encounter: the visit itself, and the patch that binds a pending queue number to it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kiosk.messages import RegisterVisit
from kiosk.sync.fhir.systems import PRIORITY, SERVICE, Resource, Systems, coded, identifier, token

_ACT_PRIORITY = "http://terminology.hl7.org/CodeSystem/v3-ActPriority"
_PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
_PRIORITY_TEXT = {
    "age_75_and_over": "Người từ đủ 75 tuổi trở lên",
    "under_6": "Trẻ em dưới 6 tuổi",
}


def priority(name: str) -> Resource:
    """Encounter.priority. Law on Medical Examination and Treatment 2023, art. 3.2.

    The law gives a place in the queue, not clinical urgency, so the reason travels in the kiosk's own code
    system. v3 ActPriority `UR` would put a healthy 76-year-old among the urgent at triage; the binding is an
    example one, so no v3 code has to be there. Without a reason the visit is `R`, routine.
    """
    if name == "none":
        return coded(_ACT_PRIORITY, "R")
    return coded(PRIORITY, name, _PRIORITY_TEXT.get(name))


def encounter(
    message: RegisterVisit, subject: str, arrived_at: datetime, systems: Systems, *, carer: str | None = None
) -> Resource:
    """An ambulatory Encounter whose subject has arrived; the department is a conditional reference.

    `carer` refers to the RelatedPerson who came with the subject.
    """
    department = message.department_code
    resource: Resource = {
        "resourceType": "Encounter",
        "identifier": [identifier(systems.visit, str(message.visit_id))],
        "status": "arrived",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
        "type": [coded(SERVICE, message.service)],
        "serviceType": coded(systems.department, department),
        "priority": priority(message.priority),
        "subject": {"reference": subject},
        "period": {"start": arrived_at.isoformat(timespec="seconds")},
        "location": [
            {"location": {"reference": f"Location?{token('identifier', systems.department, department)}"}}
        ],
    }
    if carer is not None:
        # ESC, the escort, is for transports only
        with_them = coded(_PARTICIPATION, "PART", "Người đưa trẻ đến khám")
        resource["participant"] = [{"type": [with_them], "individual": {"reference": carer}}]
    return resource


def bind_number_patch(number: str, systems: Systems) -> Resource:
    """A FHIRPath Patch that adds a pending queue number to an Encounter's identifiers. R4 fhirpatch."""
    parts = [
        {"name": "type", "valueCode": "add"},
        {"name": "path", "valueString": "Encounter"},
        {"name": "name", "valueString": "identifier"},
        {"name": "value", "valueIdentifier": identifier(systems.pending_queue_number, number)},
    ]
    return {"resourceType": "Parameters", "parameter": [{"name": "operation", "part": parts}]}


def by_visit(visit_id: UUID, systems: Systems) -> str:
    """The conditional URL of a visit's Encounter."""
    return f"Encounter?{token('identifier', systems.visit, str(visit_id))}"
