"""A child's carer as the hospital sees it: somebody who may speak for this patient and for no other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from provisioning.rig.site import records
from provisioning.rig.site.problem import Refused

Resource = dict[str, Any]


def check_carers(session: Session, resource: Resource) -> None:
    """Raises: Refused 422 if a visit or a consent names another patient's RelatedPerson."""
    patient = resource.get("subject") or resource.get("patient")
    for reference in _people(resource):
        resource_type, _, record_id = reference.partition("/")
        if resource_type != "RelatedPerson":
            raise Refused(
                422, "not-supported", f"{resource['resourceType']} names somebody who is no RelatedPerson"
            )
        if records.read(session, resource_type, record_id)["patient"] != patient:
            raise Refused(422, "business-rule", f"{resource['resourceType']} names another patient's RelatedPerson")


def carer_name(visit: Resource, people: dict[str, Resource]) -> str | None:
    """Who came with the patient, or None; `people` are the RelatedPersons by id."""
    found = next(_people(visit), None)
    return None if found is None else str(people[found.partition("/")[2]]["name"][0]["text"])


def _people(resource: Resource) -> Iterator[str]:
    if resource["resourceType"] == "Encounter":
        yield from (str(one["individual"]["reference"]) for one in resource.get("participant", []))
    elif resource["resourceType"] == "Consent":
        yield from (str(one["reference"]) for one in resource.get("performer", []))
