"""The insurance portal as the hospital sees it: it answers from what the rig's people are said to have."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

from kiosk.sync.fhir.coverage import INSURER
from kiosk.sync.fhir.systems import PORTAL_RESULT, Systems, value_of
from provisioning.rig import people
from provisioning.rig.site.checks import check
from provisioning.rig.site.problem import Refused

Resource = dict[str, Any]

_CODES = {"valid": "000", "not_insured": "050", "expired": "010", "name_differs": "060"}
_NO_DATA, _NAME_DIFFERS, _BIRTH_DATE_DIFFERS = "050", "060", "070"


def submit(request: Resource, systems: Systems, today: date, *, portal_down: bool) -> Resource:
    """CoverageEligibilityRequest/$submit. Raises: Refused 422."""
    check(request)
    if request["resourceType"] != "CoverageEligibilityRequest":
        raise Refused(422, "invalid", "not a CoverageEligibilityRequest")
    patient: Resource = next(iter(request.get("contained", [])), {})
    check(patient)
    number = value_of(patient["identifier"], systems.citizen_number)
    persona = next((found for found in people.everybody() if found.card.citizen_number == number), None)
    response: Resource = {
        "resourceType": "CoverageEligibilityResponse",
        "status": "active",
        "purpose": request["purpose"],
        "patient": {"identifier": {"system": systems.citizen_number, "value": number}},
        "created": today.isoformat(),
        "request": {"display": "the request this answers"},
        "outcome": "complete",
        "insurer": INSURER,
    }
    if portal_down or (persona and persona.hospital.insurance == "portal_down"):
        error = {"code": {"text": "the insurance portal does not answer"}}
        return {**response, "outcome": "error", "error": [error]}
    code = _portal_code(persona, patient)
    response["extension"] = [{"url": PORTAL_RESULT, "valueCode": code}]
    return {**response, **_card(persona, code, response["patient"], systems)}


def _portal_code(persona: people.Persona | None, patient: Resource) -> str:
    if persona is None:
        return _NO_DATA
    if _plain(patient["name"][0]["text"]) != _plain(persona.card.name):
        return _NAME_DIFFERS
    if patient["birthDate"] != persona.card.date_of_birth.isoformat():
        return _BIRTH_DATE_DIFFERS
    return _CODES[persona.hospital.insurance]


def _card(persona: people.Persona | None, code: str, patient: Resource, systems: Systems) -> Resource:
    """The insurance card, where the portal has one, and whether it is in force."""
    card = persona.hospital.insurance_card if persona else None
    if persona is None or card is None:
        return {}
    coverage: Resource = {
        "resourceType": "Coverage",
        "id": "coverage",
        "identifier": [{"system": systems.insurance_card, "value": card}],
        "status": "active",
        "beneficiary": patient,
        "payor": [INSURER],
    }
    if persona.hospital.insurance_valid_until:
        coverage["period"] = {"end": persona.hospital.insurance_valid_until.isoformat()}
    return {
        "contained": [coverage],
        "insurance": [{"coverage": {"reference": "#coverage"}, "inforce": code == "000"}],
    }


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()
