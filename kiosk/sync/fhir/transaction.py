"""The transaction Bundles the kiosk delivers: a visit, a pending number, a visit to be reconciled."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import partial
from uuid import UUID, uuid5

from kiosk.messages import IdentityEvidence, RegisterVisit
from kiosk.sync.fhir import systems as s
from kiosk.sync.fhir.bundle import Envelope, bundle, create
from kiosk.sync.fhir.consent import consent, identity_provenance
from kiosk.sync.fhir.coverage import coverage, eligibility_request
from kiosk.sync.fhir.encounter import bind_number_patch, by_visit, encounter
from kiosk.sync.fhir.patient import patient
from kiosk.sync.fhir.related_person import of_patient, related_person
from kiosk.sync.fhir.systems import Resource, Systems, identifier, token


def visit_bundle(message: RegisterVisit, envelope: Envelope, systems: Systems) -> Resource:
    """Everything a hospital needs to know of a visit, created together or not at all.

    Every entry is a conditional create, so a bundle that arrives twice exists once even where the site has
    forgotten its Idempotency-Key. Only the conditions of the Patient and of a child's carer are about more than
    this visit, so a 412 means that several patients match, or carers, which comes of several patients.
    """
    refer, by_visit_id = partial(_urn, message.visit_id), token("identifier", systems.visit, str(message.visit_id))
    subject, visit, carer = refer("Patient"), refer("Encounter"), refer("RelatedPerson") if message.carer else None
    by_number = token("identifier", systems.citizen_number, message.person.citizen_number)
    arrived = encounter(message, subject, envelope.device_time, systems, carer=carer)
    agreed = consent(message.consent, message.visit_id, subject, systems, carer=carer)
    entries = [
        create(subject, patient(message.person, systems), by_number),
        *_carer(message, subject, systems),
        *_insurance(message, subject, envelope, systems),
        create(visit, arrived, by_visit_id),
        create(refer("Consent"), agreed, by_visit_id),
        _evidence(message.visit_id, message.evidence, (visit, subject), envelope, systems.visit),
    ]
    if message.carer and carer:
        entries.append(_evidence(message.visit_id, message.carer.evidence, (carer,), envelope, s.CARER_EVIDENCE))
    return bundle(envelope, entries)


def bind_number_bundle(visit_id: UUID, number: str, envelope: Envelope, systems: Systems) -> Resource:
    """Tell the site which pending queue number the visitor holds."""
    request = {"method": "PATCH", "url": by_visit(visit_id, systems)}
    return bundle(envelope, [{"resource": bind_number_patch(number, systems), "request": request}])


def reconcile_bundle(refused: Resource, visit_id: UUID, envelope: Envelope, systems: Systems) -> Resource:
    """The same visit for a site that knows several patients by this number: on a new, flagged Patient.

    Its condition is the visit id now, and a Task asks the site's staff to merge the records. A child's carer is
    sent anew as well, for the one known before belongs to another Patient.
    """
    entries = copy.deepcopy(refused["entry"])
    by_identifier = token("identifier", systems.visit, str(visit_id))
    for entry in entries:
        resource = entry["resource"]
        if resource["resourceType"] not in ("Patient", "RelatedPerson"):
            continue
        known_by = [one for one in resource["identifier"] if one["system"] != s.CARER_OF_PATIENT]
        resource["identifier"] = [*known_by, identifier(systems.visit, str(visit_id))]
        entry["request"]["ifNoneExist"] = by_identifier
        if resource["resourceType"] == "Patient":
            resource["meta"] = {"tag": [{"system": s.RECONCILIATION, "code": "several-patients-match"}]}
    task = {
        "resourceType": "Task",
        "identifier": [identifier(systems.visit, str(visit_id))],
        "status": "requested",
        "intent": "order",
        "code": s.coded(s.RECONCILIATION, "several-patients-match"),
        "focus": {"reference": _urn(visit_id, "Patient")},
        "for": {"reference": _urn(visit_id, "Patient")},
        "authoredOn": envelope.device_time.isoformat(timespec="seconds"),
    }
    return bundle(envelope, [*entries, create(_urn(visit_id, "Task"), task, by_identifier)])


def _carer(message: RegisterVisit, subject: str, systems: Systems) -> Iterator[Resource]:
    """Who brought the child, known again when they bring this child again."""
    if message.carer is not None:
        known_by = of_patient(message.carer, message.person)
        found = related_person(message.carer, known_by, subject, systems)
        condition = token("identifier", known_by["system"], known_by["value"])
        yield create(_urn(message.visit_id, "RelatedPerson"), found, condition)


def _evidence(
    visit_id: UUID, evidence: IdentityEvidence, targets: tuple[str, ...], envelope: Envelope, tag_system: str
) -> Resource:
    tag = {"system": tag_system, "code": str(visit_id)}
    found = identity_provenance(evidence, envelope.kiosk_id, tag, targets, envelope.device_time)
    return create(_urn(visit_id, f"Provenance {tag_system}"), found, token("_tag", tag_system, str(visit_id)))


def _insurance(message: RegisterVisit, subject: str, envelope: Envelope, systems: Systems) -> Iterator[Resource]:
    """The card as confirmed for this visit; where it could not yet be asked, the request to check it later."""
    by_identifier = token("identifier", systems.visit, str(message.visit_id))
    found = coverage(message.insurance, subject, systems)
    if message.insurance.state == "not_verified_yet":
        found = eligibility_request(subject, envelope.device_time)
    if found is not None:
        found.setdefault("identifier", []).append(identifier(systems.visit, str(message.visit_id)))
        yield create(_urn(message.visit_id, found["resourceType"]), found, by_identifier)


def _urn(visit_id: UUID, resource_type: str) -> str:
    return f"urn:uuid:{uuid5(visit_id, resource_type)}"
