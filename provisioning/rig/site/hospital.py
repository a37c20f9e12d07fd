"""The hospital without its network: what it does with what it is sent."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select
from sqlalchemy.orm import Session

from kiosk.sync.fhir.systems import RECONCILIATION, Systems, value_of
from kiosk.trusted_clock import VIETNAM
from provisioning.rig.site import idempotency, insurance, queue_numbers, records, security_events, transactions
from provisioning.rig.site.carers import carer_name
from provisioning.rig.site.departments import Department, healthcare_service, load, location
from provisioning.rig.site.faults import Faults
from provisioning.rig.site.problem import Refused
from provisioning.rig.site.tables import Delivery, Received, Sessions, clear

Resource = dict[str, Any]
MAX_LEASE = 200


def today_in_vietnam() -> date:
    """The day queue numbers count from, whatever the machine's own time zone."""
    return datetime.now(VIETNAM).date()


@dataclass
class Hospital:
    """One hospital and its record."""

    sessions: Sessions
    systems: Systems
    faults: Faults
    client_key: ec.EllipticCurvePublicKey
    today: Callable[[], date] = today_in_vietnam
    departments: dict[str, Department] = field(default_factory=load)

    def __post_init__(self) -> None:
        self._transactions = transactions.Transactions(self.systems, self.departments, self.today, self.client_key)
        self._build()

    def reset(self) -> None:
        """A new hospital: nobody was ever here."""
        with self.sessions.begin() as session:
            clear(session)
        self.departments.clear()
        self.departments.update(load())
        self._build()

    def _build(self) -> None:
        with self.sessions.begin() as session:
            for department in self.departments.values():
                if not records.search(session, "Location", self._by_code(department)):
                    records.create(session, location(department, self.systems.department))

    def receive(self, body: bytes, key: str | None, digest: str | None) -> Resource:
        """A transaction, once for each Idempotency-Key. Raises: Refused."""
        _check_digest(body, digest)
        bundle = transactions.parse(body)
        if key is None:
            raise Refused(400, "required", "the Idempotency-Key header is needed")
        replay = idempotency.claim(self.sessions, key, hashlib.sha256(body).hexdigest())
        if replay is not None:
            with self.sessions.begin() as session:
                _note(session, body, key, replay.status, replayed=True)
            return replay.answer
        try:
            self.faults.dwell(delivery=True)
            self.faults.refuse(transactions.checked_entries(bundle))
            return self._apply(bundle, body, key)
        except BaseException as error:
            idempotency.release(self.sessions, key)
            if isinstance(error, Refused):
                with self.sessions.begin() as session:
                    _note(session, body, key, error.status, replayed=False)
            raise

    def _apply(self, bundle: Any, body: bytes, key: str) -> Resource:
        with self.sessions.begin() as session:
            answer = self._transactions.apply(session, bundle)
            delivery = session.get_one(Delivery, key)
            delivery.status, delivery.answer = 200, json.dumps(answer, ensure_ascii=False)
            _note(session, body, key, 200, replayed=False)
        return answer

    def look_up_insurance(self, body: bytes) -> Resource:
        """CoverageEligibilityRequest/$submit. Raises: Refused."""
        self.faults.dwell()
        request = transactions.parse(body)
        return insurance.submit(request, self.systems, self.today(), portal_down=self.faults.portal_down)

    def lease_queue_numbers(self, body: bytes) -> Resource:
        """$lease-queue-numbers. Raises: Refused."""
        try:
            parts = {part["name"]: part for part in transactions.parse(body)["parameter"]}
            kiosk_id, count = (
                str(parts["kiosk"]["valueIdentifier"]["value"]),
                int(parts["count"]["valuePositiveInt"]),
            )
        except (LookupError, TypeError, ValueError):
            raise Refused(422, "structure", "kiosk and count are needed") from None
        if not 0 < count <= MAX_LEASE:
            raise Refused(422, "value", f"1 to {MAX_LEASE} numbers are leased at a time")
        with self.sessions.begin() as session:
            numbers = queue_numbers.lease(session, kiosk_id, count)
        parameters = [{"name": "number", "valueString": number} for number in numbers]
        return {"resourceType": "Parameters", "parameter": parameters}

    def list_departments(self) -> Resource:
        """All departments with their places, as a searchset."""
        self.faults.dwell()
        services, places = [], []
        with self.sessions.begin() as session:
            for department in self.departments.values():
                (place,) = records.search(session, "Location", self._by_code(department))
                waiting = queue_numbers.waiting(session, department, self.today())
                services.append(healthcare_service(department, self.systems.department, place.id, waiting))
                places.append(records.as_resource(place))
        return searchset(services, places)

    def search(self, resource_type: str, query: str) -> Resource:
        """A search by identifier or tag. Raises: Refused."""
        self.faults.dwell()
        with self.sessions.begin() as session:
            found = [records.as_resource(record) for record in records.search(session, resource_type, query)]
        return searchset(found, [])

    def read(self, resource_type: str, record_id: str) -> Resource:
        """A resource by id. Raises: Refused."""
        self.faults.dwell()
        with self.sessions.begin() as session:
            return records.read(session, resource_type, record_id)

    def all_of(self, resource_type: str) -> list[Resource]:
        """Everything of a type, for the rig and the tests."""
        with self.sessions.begin() as session:
            return records.everything(session, resource_type)

    def visits(self) -> list[dict[str, Any]]:
        """Every registered visit with its numbers, for the rig to show."""
        patients = {patient["id"]: patient for patient in self.all_of("Patient")}
        carers = {carer["id"]: carer for carer in self.all_of("RelatedPerson")}
        return [self._visit(encounter, patients, carers) for encounter in self.all_of("Encounter")]

    def _visit(
        self, encounter: Resource, patients: dict[str, Resource], carers: dict[str, Resource]
    ) -> dict[str, Any]:
        patient = patients[encounter["subject"]["reference"].removeprefix("Patient/")]
        tags = patient["meta"].get("tag", [])
        return {
            "visit_id": value_of(encounter["identifier"], self.systems.visit),
            "queue_number": value_of(encounter["identifier"], self.systems.queue_number),
            "pending_queue_number": value_of(encounter["identifier"], self.systems.pending_queue_number),
            "department": value_of_code(encounter["serviceType"]),
            "priority": value_of_code(encounter["priority"]),
            "patient": patient["name"][0]["text"],
            "carer": carer_name(encounter, carers),
            "arrived_at": encounter["period"]["start"],
            "reconcile": any(tag["system"] == RECONCILIATION for tag in tags),
        }

    def security_events(self) -> list[dict[str, Any]]:
        """Every document a kiosk refused, as its signed AuditEvent told it."""
        return [security_events.as_told(alert) for alert in self.all_of("AuditEvent")]

    def received(self) -> list[dict[str, Any]]:
        """Every transaction that came in, in order, with the status it was given."""
        with self.sessions.begin() as session:
            rows = session.scalars(select(Received).order_by(Received.id)).all()
            return [
                {
                    "at": row.at,
                    "event_id": row.event_id,
                    "status": row.status,
                    "replayed": row.replayed,
                    "bundle": json.loads(row.body),
                }
                for row in rows
            ]

    def _by_code(self, department: Department) -> str:
        return f"identifier={self.systems.department}|{department.code}"


def value_of_code(concept: Resource) -> str:
    """The first code of a CodeableConcept."""
    return str(concept["coding"][0]["code"])


def searchset(matches: list[Resource], included: list[Resource]) -> Resource:
    """A Bundle of search results."""
    entries = [
        {"resource": resource, "search": {"mode": mode}}
        for mode, resources in (("match", matches), ("include", included))
        for resource in resources
    ]
    bundle: Resource = {"resourceType": "Bundle", "type": "searchset", "total": len(matches)}
    return {**bundle, "entry": entries} if entries else bundle


def _check_digest(body: bytes, digest: str | None) -> None:
    """Content-Digest, where it was sent. RFC 9530 §2."""
    wanted = f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
    if digest is not None and digest != wanted:
        raise Refused(400, "invalid", "the body is not what its digest says")


def _note(session: Session, body: bytes, key: str, status: int, *, replayed: bool) -> None:
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    session.add(
        Received(at=now, event_id=key.strip('"'), status=status, replayed=replayed, body=body.decode("utf-8"))
    )
