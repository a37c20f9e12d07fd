"""A refused document as a hospital hears of it: an AuditEvent, and a Provenance that carries its signature."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC
from uuid import uuid5

from kiosk.messages import SecurityEvent
from kiosk.sync.fhir import systems as s
from kiosk.sync.fhir.bundle import Envelope, bundle, create
from kiosk.sync.fhir.canonical import CANONICALIZATION, canonical_json
from kiosk.sync.fhir.systems import Resource, identifier

Sign = Callable[[bytes], str]
"""Signs bytes with the kiosk's client key: a JWS in compact form, detached. RFC 7515 appendix F."""

_DCM = "http://dicom.nema.org/resources/ontology/DCM"
_AGENT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"


def audit_event(event: SecurityEvent, kiosk_id: str) -> Resource:
    """What happened, in codes. R4 §6.4 AuditEvent: it has no identifier, so its own stands among its entities."""
    kiosk = {"identifier": identifier(s.KIOSK, kiosk_id)}
    details = [
        *({"type": s.SECURITY_REASON, "valueString": reason} for reason in event.reasons),
        *([{"type": s.ACCESS_PROTOCOL, "valueString": event.access_protocol}] if event.access_protocol else []),
        {"type": s.SESSION, "valueString": str(event.session_id)},
    ]
    return {
        "resourceType": "AuditEvent",
        "type": {"system": _DCM, "code": "110113", "display": "Security Alert"},
        "subtype": [{"system": s.SECURITY_EVENT, "code": event.code}],
        "action": "E",
        "recorded": event.at.astimezone(UTC).isoformat(timespec="milliseconds"),
        "outcome": "8",
        "agent": [{"who": kiosk, "requestor": False}],
        "source": {"observer": kiosk},
        "entity": [{"what": {"identifier": identifier(s.EVENT, str(event.event_id))}, "detail": details}],
    }


def security_bundle(event: SecurityEvent, envelope: Envelope, sign: Sign) -> Resource:
    """Both resources, created together or not at all, and once however often they arrive.

    Raises: ValueError if the envelope is another event's.
    """
    if envelope.event_id != event.event_id:
        raise ValueError("another event's envelope")
    alert = audit_event(event, envelope.kiosk_id)
    tag = {"tag": [{"system": s.EVENT, "code": str(event.event_id)}]}
    by_tag = s.token("_tag", s.EVENT, str(event.event_id))
    full_url = f"urn:uuid:{uuid5(event.event_id, 'AuditEvent')}"
    provenance = {
        "resourceType": "Provenance",
        "meta": tag,
        "target": [{"reference": full_url}],
        "recorded": alert["recorded"],
        "activity": {"text": "refusal of a document"},
        "agent": [{"type": s.coded(_AGENT, "author"), "who": alert["source"]["observer"]}],
        "signature": [_signature(alert, sign)],
    }
    entries = [
        create(full_url, {**alert, "meta": tag}, by_tag),
        create(f"urn:uuid:{uuid5(event.event_id, 'Provenance')}", provenance, by_tag),
    ]
    return bundle(envelope, entries)


def _signature(alert: Resource, sign: Sign) -> Resource:
    """The kiosk's signature. R4 §2.24.0.12 Signature; §6.1.2 Digital Signatures."""
    return {
        "type": [{"system": "urn:iso-astm:E1762-95:2013", "code": "1.2.840.10065.1.12.1.14"}],
        "when": alert["recorded"],
        "who": alert["source"]["observer"],
        "targetFormat": f"application/fhir+json;canonicalization={CANONICALIZATION}",
        "sigFormat": "application/jose",
        "data": base64.b64encode(sign(canonical_json(alert)).encode("ascii")).decode("ascii"),
    }
