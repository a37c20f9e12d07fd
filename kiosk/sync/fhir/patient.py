"""Patient, from a verified holder."""

from __future__ import annotations

from kiosk.messages import Person
from kiosk.sync.fhir.systems import Resource, Systems, identifier


def patient(person: Person, systems: Systems) -> Resource:
    """A Patient with the citizen number as its identifier.

    The name is text only: the chip gives one line, and cutting it into family and given names would be a
    guess (H'Hen Niê's family name stands last).
    """
    return {
        "resourceType": "Patient",
        "identifier": [{"use": "official", **identifier(systems.citizen_number, person.citizen_number)}],
        "active": True,
        "name": [{"use": "official", "text": person.name}],
        "gender": person.gender,
        "birthDate": person.date_of_birth.isoformat(),
    }
