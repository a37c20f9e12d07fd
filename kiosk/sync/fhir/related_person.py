"""RelatedPerson: the carer who brought a child, and consents for them."""

from __future__ import annotations

from kiosk.messages import Carer, Person
from kiosk.sync.fhir.systems import CARER_OF_PATIENT, RELATIONSHIP, Resource, Systems, coded, identifier

_AS_STATED = coded(
    RELATIONSHIP, "parent-or-guardian-as-stated", "Cha, mẹ hoặc người giám hộ theo lời khai tại máy, chưa xác minh"
)
"""Who they are was verified, what they are to the child was not: v3 RoleCode's PRN or GUARD would claim it was."""


def of_patient(carer: Carer, person: Person) -> Resource:
    """The identifier of this carer of this child.

    A RelatedPerson belongs to one patient: the carer's own number would find them as another child's, too.
    """
    return identifier(CARER_OF_PATIENT, f"{person.citizen_number}/{carer.citizen_number}")


def related_person(carer: Carer, known_by: Resource, patient: str, systems: Systems) -> Resource:
    """A RelatedPerson with number, name and stated relationship, and nothing else of the carer."""
    own = identifier(systems.citizen_number, carer.citizen_number)
    return {
        "resourceType": "RelatedPerson",
        "identifier": [{"use": "official", **own}, {"use": "secondary", **known_by}],
        "active": True,
        "patient": {"reference": patient},
        "relationship": [_AS_STATED],
        "name": [{"use": "official", "text": carer.name}],
    }
