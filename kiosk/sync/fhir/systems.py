"""Identifier systems, which the site configures, and the kiosk's own code systems and extensions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self
from urllib.parse import quote

from kiosk.errors import SettingsInvalid

Resource = dict[str, Any]
"""A FHIR resource or datatype in its JSON form."""

KIOSK = "urn:kiosk:kiosk"
EVENT = "urn:kiosk:event"
EVENT_SEQUENCE = "urn:kiosk:event-sequence"
SCHEMA_VERSION = "urn:kiosk:schema-version"
SERVER_TIME_OFFSET = "urn:kiosk:server-time-offset-s"
SERVICE = "urn:kiosk:service"
PRIORITY = "urn:kiosk:priority"
DOCUMENT_VERDICT = "urn:kiosk:document-verdict"
ACCESS_PROTOCOL = "urn:kiosk:access-protocol"
FACE_DECISION = "urn:kiosk:face-decision"
DOCUMENT_EXPIRY = "urn:kiosk:document-expiry"
SECURITY_EVENT = "urn:kiosk:security-event"
SECURITY_REASON = "urn:kiosk:security-reason"
SESSION = "urn:kiosk:session"
RELATIONSHIP = "urn:kiosk:relationship"
CARER_OF_PATIENT = "urn:kiosk:carer-of-patient"
CARER_EVIDENCE = "urn:kiosk:carer-evidence"
RECONCILIATION = "urn:kiosk:reconciliation"
PORTAL_RESULT = "urn:kiosk:bhyt-portal-result"

WAITING_COUNT = "urn:kiosk:waiting-count"
PEOPLE_AHEAD = "urn:kiosk:people-ahead"
WAIT_MINUTES = "urn:kiosk:wait-minutes"
TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"


@dataclass(frozen=True)
class Systems:
    """The identifier systems of one site."""

    citizen_number: str
    insurance_card: str
    visit: str
    queue_number: str
    pending_queue_number: str
    department: str

    @classmethod
    def from_settings(cls, identifier_systems: Mapping[str, str]) -> Self:
        """Raises: SettingsInvalid naming the systems that are missing or unknown."""
        wanted = {field.name for field in fields(cls)}
        if wanted != set(identifier_systems):
            different = ", ".join(sorted(wanted ^ set(identifier_systems)))
            raise SettingsInvalid(f"site.identifier_systems: missing or unknown: {different}")
        return cls(**identifier_systems)


def identifier(system: str, value: str) -> Resource:
    """An Identifier."""
    return {"system": system, "value": value}


def coded(system: str, code: str, text: str | None = None) -> Resource:
    """A CodeableConcept with one coding."""
    concept: Resource = {"coding": [{"system": system, "code": code}]}
    return concept if text is None else {**concept, "text": text}


def token(parameter: str, system: str, value: str) -> str:
    """A search by token, as `identifier=system|value`. R4 §3.1.1.4.10."""
    return f"{parameter}={quote(system, safe=':/')}|{quote(value, safe='')}"


def value_of(identifiers: list[Resource], system: str) -> str | None:
    """The value of the first identifier of `system`, or None."""
    return next((str(found["value"]) for found in identifiers if found.get("system") == system), None)
