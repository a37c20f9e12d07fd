"""The envelope every event travels in: a transaction Bundle whose meta and identifier say which event it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kiosk.sync.fhir import systems as s
from kiosk.sync.fhir.systems import Resource, identifier

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


def create(full_url: str, resource: Resource, if_none_exist: str) -> Resource:
    """An entry that creates a resource unless one matches `if_none_exist`. R4 §3.1.0.8.1."""
    request = {"method": "POST", "url": resource["resourceType"], "ifNoneExist": if_none_exist}
    return {"fullUrl": full_url, "resource": resource, "request": request}


def bundle(envelope: Envelope, entries: list[Resource]) -> Resource:
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
