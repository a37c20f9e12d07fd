"""What the visitor agreed to (Consent), and how an identity was checked (Provenance)."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote
from uuid import UUID

from kiosk.messages import ConsentRecord, IdentityEvidence
from kiosk.sync.fhir.systems import (
    ACCESS_PROTOCOL,
    DOCUMENT_EXPIRY,
    DOCUMENT_VERDICT,
    FACE_DECISION,
    KIOSK,
    Resource,
    Systems,
    coded,
    identifier,
)


def consent(
    record: ConsentRecord, visit_id: UUID, subject: str, systems: Systems, *, carer: str | None = None
) -> Resource:
    """A Consent that names the very text, in its version and language, that was agreed to.

    `carer` refers to the RelatedPerson who agreed for the subject.
    """
    text = f"{quote(record.text_version, safe='.')}:{quote(record.language, safe='')}"
    resource: Resource = {
        "resourceType": "Consent",
        "identifier": [identifier(systems.visit, str(visit_id))],
        "status": "active",
        "scope": coded("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy"),
        "category": [coded("http://loinc.org", "59284-0")],
        "patient": {"reference": subject},
        "dateTime": record.given_at.isoformat(timespec="seconds"),
        "policy": [{"uri": f"urn:kiosk:consent-text:{text}"}],
    }
    return resource if carer is None else {**resource, "performer": [{"reference": carer}]}


def identity_provenance(
    evidence: IdentityEvidence,
    kiosk_id: str,
    tag: Resource,
    targets: tuple[str, ...],
    at: datetime,
) -> Resource:
    """A Provenance of the identity in `targets`: which checks vouch for it, none of their data.

    Provenance has no identifier, so `tag` with the visit id makes it findable, and its creation conditional.
    """
    checks = {
        DOCUMENT_VERDICT: evidence.document_verdict,
        ACCESS_PROTOCOL: evidence.access_protocol,
        FACE_DECISION: evidence.face_decision,
        DOCUMENT_EXPIRY: evidence.document_expiry,
    }
    participant = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
    return {
        "resourceType": "Provenance",
        "meta": {"tag": [tag]},
        "target": [{"reference": target} for target in targets],
        "recorded": at.isoformat(timespec="milliseconds"),
        "activity": {"text": "identity verification"},
        "agent": [{"type": coded(participant, "verifier"), "who": {"identifier": identifier(KIOSK, kiosk_id)}}],
        "entity": [
            {"role": "source", "what": {"identifier": identifier(system, value)}}
            for system, value in checks.items()
        ],
    }
