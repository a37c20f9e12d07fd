"""Security events: taken only as the kiosk that is registered here signed them."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.api_jws import PyJWS
from jwt.utils import base64url_encode

from drivers.site.smart_backend_services import thumbprint
from kiosk.sync.fhir.canonical import canonical_json
from kiosk.sync.fhir.systems import ACCESS_PROTOCOL, EVENT, KIOSK, SECURITY_REASON, value_of
from provisioning.rig.site.problem import Refused

Resource = dict[str, Any]
ALGORITHMS = ["ES384"]


def check_signatures(entries: list[Resource], client_key: ec.EllipticCurvePublicKey) -> None:
    """Every AuditEvent needs a Provenance that signs it and nothing else. Raises: Refused 422."""
    creates = [entry for entry in entries if entry["request"]["method"] == "POST"]
    provenances = [entry["resource"] for entry in creates if entry["resource"]["resourceType"] == "Provenance"]
    for entry in creates:
        if entry["resource"]["resourceType"] == "AuditEvent":
            signatures = [
                signature
                for provenance in provenances
                if provenance["target"] == [{"reference": entry.get("fullUrl")}]
                for signature in provenance.get("signature", [])
            ]
            if len(signatures) != 1:
                raise Refused(422, "security", "an AuditEvent needs one signature")
            _check(entry["resource"], signatures[0], client_key)


def _check(alert: Resource, signature: Any, client_key: ec.EllipticCurvePublicKey) -> None:
    try:
        header, payload, proof = base64.b64decode(signature["data"], validate=True).decode("ascii").split(".")
        if payload:
            raise ValueError("not detached")
        whole = b".".join((header.encode(), base64url_encode(canonical_json(alert)), proof.encode()))
        signed = PyJWS().decode_complete(whole, client_key, algorithms=ALGORITHMS)
        kid = signed["header"].get("kid")
    except (jwt.InvalidTokenError, binascii.Error, LookupError, TypeError, ValueError):
        raise Refused(422, "security", "the signature is not good") from None
    if kid != thumbprint(client_key):
        raise Refused(422, "security", "the signature is another key's")
    # the tag is what makes it exist once, and is not among what is signed
    tags = [tag["code"] for tag in alert["meta"]["tag"] if tag["system"] == EVENT]
    if tags != [_event_id(alert)]:
        raise Refused(422, "security", "the tag is another event's")


def _event_id(alert: Resource) -> str | None:
    return value_of([entity["what"]["identifier"] for entity in alert["entity"]], EVENT)


def as_told(alert: Resource) -> dict[str, Any]:
    """What an AuditEvent says, for the rig to show."""
    details = [detail for entity in alert["entity"] for detail in entity.get("detail", [])]
    found: dict[str, list[str]] = {}
    for detail in details:
        found.setdefault(detail["type"], []).append(detail["valueString"])
    return {
        "event_id": _event_id(alert),
        "at": alert["recorded"],
        "kiosk": value_of([alert["source"]["observer"]["identifier"]], KIOSK),
        "code": alert["subtype"][0]["code"],
        "reasons": found.get(SECURITY_REASON, []),
        "access_protocol": next(iter(found.get(ACCESS_PROTOCOL, [])), None),
    }
