"""What the hospital needs of a resource before it keeps it: the structure that safety hangs on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from provisioning.rig.site.problem import Refused

Check = Callable[[Any], bool]


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _one_of(*codes: str) -> Check:
    return lambda value: value in codes


def _list_of(check: Check) -> Check:
    return lambda value: isinstance(value, list) and bool(value) and all(check(item) for item in value)


def _if_any(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _with(**checks: Check) -> Check:
    return lambda value: isinstance(value, dict) and all(check(value.get(key)) for key, check in checks.items())


def _parsed(parse: Callable[[str], object]) -> Check:
    def check(value: Any) -> bool:
        try:
            parse(value)
        except (TypeError, ValueError):
            return False
        return True

    return check


_date, _instant = _parsed(date.fromisoformat), _parsed(datetime.fromisoformat)
_identifier = _with(system=_text, value=_text)
_identifiers = _list_of(_identifier)
_reference = _with(reference=_text)
_concept = _with(coding=_list_of(_with(system=_text, code=_text)))
_money_codes = _one_of("active", "cancelled", "draft", "entered-in-error")

REQUIRED: dict[str, dict[str, Check]] = {
    "Patient": {
        "identifier": _identifiers,
        "name": _list_of(_with(text=_text)),
        "gender": _one_of("male", "female", "other", "unknown"),
        "birthDate": _date,
    },
    "RelatedPerson": {
        "identifier": _identifiers,
        "active": _flag,
        "patient": _reference,
        "relationship": _list_of(_concept),
        "name": _list_of(_with(text=_text)),
    },
    "Coverage": {
        "identifier": _identifiers,
        "status": _money_codes,
        "beneficiary": _reference,
        "payor": _list_of(_with(display=_text)),
    },
    "CoverageEligibilityRequest": {
        "status": _money_codes,
        "purpose": _list_of(_one_of("auth-requirements", "benefits", "discovery", "validation")),
        "patient": _reference,
        "created": _date,
        "insurer": _with(display=_text),
    },
    "Encounter": {
        "identifier": _identifiers,
        "status": _one_of("planned", "arrived"),
        "class": _with(system=_text, code=_one_of("AMB")),
        "priority": _concept,
        "subject": _reference,
        "period": _with(start=_instant),
        "location": _list_of(_with(location=_reference)),
        "participant": _if_any(_list_of(_with(individual=_reference))),
    },
    "Consent": {
        "identifier": _identifiers,
        "status": _one_of("active"),
        "scope": _concept,
        "category": _list_of(_concept),
        "patient": _reference,
        "dateTime": _instant,
        "policy": _list_of(_with(uri=_text)),
        "performer": _if_any(_list_of(_reference)),
    },
    "Provenance": {
        "target": _list_of(_reference),
        "recorded": _instant,
        "agent": _list_of(_with(who=_with(identifier=_identifier))),
    },
    "AuditEvent": {
        "type": _with(system=_text, code=_text),
        "subtype": _list_of(_with(system=_text, code=_text)),
        "meta": _with(tag=_list_of(_with(system=_text, code=_text))),
        "recorded": _instant,
        "agent": _list_of(_with(who=_with(identifier=_identifier), requestor=_flag)),
        "source": _with(observer=_with(identifier=_identifier)),
        "entity": _list_of(_with(what=_with(identifier=_identifier))),
    },
    "Task": {
        "status": _one_of("requested"),
        "intent": _one_of("order"),
        "focus": _reference,
    },
}
"""What may be sent, and what each must have."""


def check(resource: Any) -> None:
    """Raises: Refused 422 naming the element that is missing or wrong, never its value."""
    resource_type = resource.get("resourceType") if isinstance(resource, dict) else None
    if resource_type not in REQUIRED:
        raise Refused(422, "not-supported", "this resource is not taken here")
    for element, good in REQUIRED[resource_type].items():
        if not good(resource.get(element)):
            raise Refused(422, "structure", f"{resource_type}.{element} is missing or wrong")
