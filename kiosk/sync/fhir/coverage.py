"""Health insurance (bảo hiểm y tế): Coverage, the question about it, and what the portal's answer means."""

from __future__ import annotations

from datetime import date, datetime

from kiosk.messages import InsuranceAnswer, InsuranceState, Person
from kiosk.sync.fhir.patient import patient
from kiosk.sync.fhir.systems import PORTAL_RESULT, Resource, Systems, identifier, value_of

INSURER: Resource = {"display": "Bảo hiểm xã hội Việt Nam"}

_STATES: dict[InsuranceState, tuple[str, ...]] = {
    "valid": ("000", "001", "002", "004"),
    "expired": ("003", "010"),
    "not_insured": ("050",),
    "name_differs": ("060", "061"),
    "data_differs": ("051", "052", "053", "070", "205"),
}
_STATE_BY_CODE = {code: state for state, codes in _STATES.items() for code in codes}


def state_of(portal_code: str) -> InsuranceState:
    """What the visitor is told for a result code of the insurance portal.

    Everything else, faults of the portal (100, 101, 401), revoked or reduced cards (110, 120-124), a child
    without a card (130), is for the insurance desk: not verified yet, and never a refusal.
    """
    return _STATE_BY_CODE.get(portal_code, "not_verified_yet")


def coverage(insurance: InsuranceAnswer, beneficiary: str, systems: Systems) -> Resource | None:
    """A Coverage, or None where the site has not confirmed an insurance card."""
    if insurance.state != "valid" or insurance.card_number is None:
        return None
    resource: Resource = {
        "resourceType": "Coverage",
        "identifier": [identifier(systems.insurance_card, insurance.card_number)],
        "status": "active",
        "type": {
            "coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "PUBLICPOL"}],
            "text": "BHYT",
        },
        "subscriberId": insurance.card_number,
        "beneficiary": {"reference": beneficiary},
        "payor": [INSURER],
    }
    if insurance.valid_until:
        resource["period"] = {"end": insurance.valid_until.isoformat()}
    return resource


def eligibility_request(beneficiary: str, created: datetime) -> Resource:
    """A CoverageEligibilityRequest: please check this person's insurance."""
    return {
        "resourceType": "CoverageEligibilityRequest",
        "status": "active",
        "purpose": ["validation"],
        "patient": {"reference": beneficiary},
        "created": created.date().isoformat(),
        "insurer": INSURER,
    }


def eligibility_question(person: Person, created: datetime, systems: Systems) -> Resource:
    """The body of CoverageEligibilityRequest/$submit; the patient travels inside, so no URL carries them."""
    return {
        **eligibility_request("#patient", created),
        "contained": [{"id": "patient", **patient(person, systems)}],
    }


def insurance_answer(response: Resource, systems: Systems) -> InsuranceAnswer:
    """What a CoverageEligibilityResponse says; the site carries the portal's code in an extension."""
    if response["resourceType"] != "CoverageEligibilityResponse":
        raise ValueError("not a CoverageEligibilityResponse")
    extensions = response.get("extension", [])
    codes = [found["valueCode"] for found in extensions if found["url"] == PORTAL_RESULT]
    if not codes:
        return InsuranceAnswer(state="not_verified_yet")
    contained: list[Resource] = response.get("contained", [])
    covered = next((found for found in contained if found["resourceType"] == "Coverage"), Resource())
    until = covered.get("period", {}).get("end")
    return InsuranceAnswer(
        state=state_of(codes[0]),
        portal_code=codes[0],
        card_number=value_of(covered.get("identifier", []), systems.insurance_card),
        valid_until=date.fromisoformat(until) if until else None,
    )
