"""Transaction Bundles: all entries or none. R4 §3.1.0.11 (transaction), §3.1.0.8.1 (conditional create)."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy.orm import Session

from kiosk.sync.fhir.systems import PEOPLE_AHEAD, PRIORITY, WAIT_MINUTES, Systems, value_of
from provisioning.rig.site import queue_numbers, records
from provisioning.rig.site.carers import check_carers
from provisioning.rig.site.checks import check
from provisioning.rig.site.departments import Department
from provisioning.rig.site.problem import Refused
from provisioning.rig.site.security_events import check_signatures
from provisioning.rig.site.tables import Record, take_turn

Resource = dict[str, Any]
MAX_ENTRIES = 50


@dataclass
class _Create:
    """A POST entry: the record that exists already, or the id it will have."""

    resource: Resource
    full_url: str
    existing: Record | None
    record_id: str

    @property
    def literal(self) -> str:
        return f"{self.resource['resourceType']}/{self.record_id}"


@dataclass
class Transactions:
    """Carries out transactions for one hospital."""

    systems: Systems
    departments: dict[str, Department]
    today: Callable[[], date]
    client_key: ec.EllipticCurvePublicKey

    def apply(self, session: Session, bundle: Any) -> Resource:
        """Carry out a transaction inside the caller's; its answer.

        Raises: Refused, and the caller rolls back.
        """
        take_turn(session)
        entries = checked_entries(bundle)
        check_signatures(entries, self.client_key)
        creates = {
            index: _prepare(session, entry)
            for index, entry in enumerate(entries)
            if entry["request"]["method"] == "POST"
        }
        literals = {create.full_url: create.literal for create in creates.values()}
        if len(literals) != len(creates):
            raise Refused(400, "invalid", "two entries share a fullUrl")
        answers = []
        for index, entry in enumerate(entries):
            if index in creates:
                answers.append(self._create(session, creates[index], literals))
            else:
                answers.append(self._patch(session, entry))
        for answer in answers:
            check_carers(session, answer["resource"])
        return {"resourceType": "Bundle", "type": "transaction-response", "entry": answers}

    def _create(self, session: Session, create: _Create, literals: dict[str, str]) -> Resource:
        if create.existing is not None:
            return _answer(records.as_resource(create.existing), "200 OK")
        resource = copy.deepcopy(create.resource)
        for reference in _references(resource):
            reference["reference"] = _resolve(session, reference["reference"], literals)
        if resource["resourceType"] == "Encounter":
            self._queue(session, resource)
        return _answer(records.create(session, resource, create.record_id), "201 Created")

    def _queue(self, session: Session, encounter: Resource) -> None:
        """Give the visit its number."""
        if value_of(encounter["identifier"], self.systems.visit) is None:
            raise Refused(422, "required", "Encounter.identifier lacks the visit")
        place_id = encounter["location"][0]["location"]["reference"].removeprefix("Location/")
        place = records.read(session, "Location", place_id)
        code = value_of(place["identifier"], self.systems.department)
        department = self.departments.get(code or "")
        if department is None:
            raise Refused(422, "business-rule", "this place takes no visits")
        first = any(coding["system"] == PRIORITY for coding in encounter["priority"]["coding"])
        today = self.today()
        queued = queue_numbers.assign(session, department, today, priority=first)
        encounter["identifier"].append(
            {"system": self.systems.queue_number, "value": queued.number, "period": {"start": str(today)}}
        )
        encounter["extension"] = [
            {"url": PEOPLE_AHEAD, "valueInteger": queued.people_ahead},
            {"url": WAIT_MINUTES, "valueInteger": queued.wait_minutes},
        ]

    def _patch(self, session: Session, entry: Resource) -> Resource:
        """Bind a pending number to a visit: the one FHIRPath Patch taken here."""
        resource_type, _, query = entry["request"]["url"].partition("?")
        found = records.search(session, resource_type, query)
        if len(found) != 1:
            status, code = (404, "not-found") if not found else (412, "multiple-matches")
            raise Refused(status, code, f"{len(found)} match the patch's condition")
        added = _added_identifier(entry["resource"])
        resource = records.as_resource(found[0])
        known = {(one["system"], one["value"]) for one in resource["identifier"]}
        if (added["system"], added["value"]) in known:
            return _answer(resource, "200 OK")
        if added["system"] != self.systems.pending_queue_number:
            raise Refused(422, "business-rule", "only a pending queue number may be added")
        if records.search(session, resource_type, f"identifier={added['system']}|{added['value']}"):
            raise Refused(422, "duplicate", "this pending number is another visit's")
        resource["identifier"].append(added)
        return _answer(records.save(session, found[0], resource), "200 OK")


def checked_entries(bundle: Any) -> list[Resource]:
    """The entries, of a structure that the rest can rely on. Raises: Refused."""
    if (
        not isinstance(bundle, dict)
        or bundle.get("resourceType") != "Bundle"
        or bundle.get("type") != "transaction"
    ):
        raise Refused(400, "invalid", "not a transaction Bundle")
    entries = bundle.get("entry")
    if not isinstance(entries, list) or not 0 < len(entries) <= MAX_ENTRIES:
        raise Refused(400, "invalid", f"1 to {MAX_ENTRIES} entries are taken")
    for entry in entries:
        request = entry.get("request") if isinstance(entry, dict) else None
        if not isinstance(request, dict) or not all(isinstance(request.get(key), str) for key in ("method", "url")):
            raise Refused(400, "required", "an entry without request")
        if request["method"] == "POST":
            check(entry.get("resource"))
            if request["url"] != entry["resource"]["resourceType"]:
                raise Refused(400, "invalid", "a POST to another type")
        elif request["method"] != "PATCH" or request["url"].partition("?")[0] != "Encounter":
            raise Refused(400, "not-supported", "an entry's method is not taken here")
    return entries


def _prepare(session: Session, entry: Resource) -> _Create:
    """Whether the resource exists already. Raises: Refused 412 if several match."""
    resource, full_url = entry["resource"], entry.get("fullUrl")
    if not isinstance(full_url, str) or not full_url.startswith("urn:uuid:"):
        raise Refused(400, "invalid", "a POST without urn:uuid fullUrl")
    condition = entry["request"].get("ifNoneExist")
    found = records.search(session, resource["resourceType"], condition) if condition is not None else []
    if len(found) > 1:
        raise Refused(412, "multiple-matches", f"{len(found)} {resource['resourceType']} resources match")
    existing = found[0] if found else None
    return _Create(resource, full_url, existing, existing.id if existing else str(uuid4()))


def _references(value: Any) -> Iterator[Resource]:
    """Every element that holds a literal reference."""
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def _resolve(session: Session, reference: str, literals: dict[str, str]) -> str:
    """A reference to another entry, a conditional one (§3.1.0.11.2), or one to what is here already."""
    if reference in literals:
        return literals[reference]
    if reference.startswith("urn:"):
        raise Refused(400, "invalid", "a reference to an entry that is not there")
    resource_type, question, query = reference.partition("?")
    if question:
        found = records.search(session, resource_type, query)
        if len(found) != 1:
            raise Refused(422, "business-rule", f"{len(found)} {resource_type} resources match a reference")
        return f"{resource_type}/{found[0].id}"
    resource_type, _, record_id = reference.partition("/")
    records.read(session, resource_type, record_id)
    return reference


def _added_identifier(patch: Any) -> Resource:
    """The Identifier that a FHIRPath Patch adds to an Encounter. Raises: Refused 422."""
    try:
        (operation,) = patch["parameter"]
        parts = {part["name"]: part for part in operation["part"]}
        what = (
            operation["name"],
            parts["type"]["valueCode"],
            parts["path"]["valueString"],
            parts["name"]["valueString"],
        )
        added = parts["value"]["valueIdentifier"]
        identifier = {"system": str(added["system"]), "value": str(added["value"])}
    except (LookupError, TypeError, ValueError) as error:
        raise Refused(422, "structure", "not a FHIRPath Patch of one operation") from error
    if what != ("operation", "add", "Encounter", "identifier"):
        raise Refused(422, "not-supported", "only identifiers can be added to an Encounter")
    return identifier


def _answer(resource: Resource, status: str) -> Resource:
    version = resource["meta"]["versionId"]
    location = f"{resource['resourceType']}/{resource['id']}/_history/{version}"
    response = {"status": status, "location": location, "etag": f'W/"{version}"'}
    return {"resource": resource, "response": response}


def parse(body: bytes) -> Any:
    """The JSON in `body`. Raises: Refused 400."""
    try:
        return json.loads(body)
    except ValueError:
        raise Refused(400, "structure", "not JSON") from None
