"""The transaction Bundles the kiosk delivers: a visit, a pending number, a visit to be reconciled."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from kiosk.messages import RegisterVisit
from kiosk.sync.fhir import systems as s
from kiosk.sync.fhir.consent import consent, identity_provenance
from kiosk.sync.fhir.coverage import coverage, eligibility_request
from kiosk.sync.fhir.encounter import bind_number_patch, by_visit, encounter
from kiosk.sync.fhir.patient import patient
from kiosk.sync.fhir.systems import Resource, Systems, identifier, token

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Envelope:
    """What is known of an event beside its content; `server_time_offset_s` is site clock minus device clock."""

    event_id: UUID
    kiosk_id: str
    sequence: int
    device_time: datetime
    server_time_offset_s: float | None
    schema_version: int = SCHEMA_VERSION


def visit_bundle(message: RegisterVisit, envelope: Envelope, systems: Systems) -> Resource:
    """Everything a hospital needs to know of a visit, created together or not at all.

    Every entry is a conditional create, so a bundle that arrives twice exists once even where the site has
    forgotten its Idempotency-Key. Only the Patient's condition is about more than this visit, so a 412 means
    that several patients match.
    """
    subject, visit = _urn(message.visit_id, "Patient"), _urn(message.visit_id, "Encounter")
    by_tag = token("_tag", systems.visit, str(message.visit_id))
    by_identifier = token("identifier", systems.visit, str(message.visit_id))
    evidence = identity_provenance(
        message.evidence, envelope.kiosk_id, message.visit_id, (visit, subject), envelope.device_time, systems
    )
    entries = [
        _create(
            subject,
            patient(message.person, systems),
            token("identifier", systems.citizen_number, message.person.citizen_number),
        ),
        *_insurance(message, subject, envelope, systems),
        _create(visit, encounter(message, subject, envelope.device_time, systems), by_identifier),
        _create(
            _urn(message.visit_id, "Consent"),
            consent(message.consent, message.visit_id, subject, systems),
            by_identifier,
        ),
        _create(_urn(message.visit_id, "Provenance"), evidence, by_tag),
    ]
    return _bundle(envelope, entries)


def bind_number_bundle(visit_id: UUID, number: str, envelope: Envelope, systems: Systems) -> Resource:
    """Tell the site which pending queue number the visitor holds."""
    request = {"method": "PATCH", "url": by_visit(visit_id, systems)}
    return _bundle(envelope, [{"resource": bind_number_patch(number, systems), "request": request}])


def reconcile_bundle(refused: Resource, visit_id: UUID, envelope: Envelope, systems: Systems) -> Resource:
    """The same visit for a site that knows several patients by this number: on a new, flagged Patient.

    Its condition is the visit id now, and a Task asks the site's staff to merge the records.
    """
    entries = copy.deepcopy(refused["entry"])
    by_identifier = token("identifier", systems.visit, str(visit_id))
    for entry in entries:
        resource = entry["resource"]
        if resource["resourceType"] == "Patient":
            resource["identifier"].append(identifier(systems.visit, str(visit_id)))
            resource["meta"] = {"tag": [{"system": s.RECONCILIATION, "code": "several-patients-match"}]}
            entry["request"]["ifNoneExist"] = by_identifier
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
    return _bundle(envelope, [*entries, _create(_urn(visit_id, "Task"), task, by_identifier)])


def _insurance(message: RegisterVisit, subject: str, envelope: Envelope, systems: Systems) -> Iterator[Resource]:
    """The card as confirmed for this visit; where it could not yet be asked, the request to check it later."""
    by_identifier = token("identifier", systems.visit, str(message.visit_id))
    found = coverage(message.insurance, subject, systems)
    if message.insurance.state == "not_verified_yet":
        found = eligibility_request(subject, envelope.device_time)
    if found is not None:
        found.setdefault("identifier", []).append(identifier(systems.visit, str(message.visit_id)))
        yield _create(_urn(message.visit_id, found["resourceType"]), found, by_identifier)


def _urn(visit_id: UUID, resource_type: str) -> str:
    return f"urn:uuid:{uuid5(visit_id, resource_type)}"


def _create(full_url: str, resource: Resource, if_none_exist: str) -> Resource:
    request = {"method": "POST", "url": resource["resourceType"], "ifNoneExist": if_none_exist}
    return {"fullUrl": full_url, "resource": resource, "request": request}


def _bundle(envelope: Envelope, entries: list[Resource]) -> Resource:
    """A transaction; its meta carries the envelope, its identifier the event's id."""
    tags = {
        s.KIOSK: envelope.kiosk_id,
        s.EVENT_SEQUENCE: str(envelope.sequence),
        s.SCHEMA_VERSION: str(envelope.schema_version),
    }
    if envelope.server_time_offset_s is not None:
        tags[s.SERVER_TIME_OFFSET] = f"{envelope.server_time_offset_s:.1f}"
    return {
        "resourceType": "Bundle",
        "meta": {"tag": [{"system": system, "code": code} for system, code in tags.items()]},
        "identifier": identifier(s.EVENT, str(envelope.event_id)),
        "type": "transaction",
        "timestamp": envelope.device_time.isoformat(timespec="milliseconds"),
        "entry": entries,
    }
