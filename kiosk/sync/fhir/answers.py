"""What a site's answers mean; anything unexpected in them is SiteSpokeNonsense, never a guess."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable
from typing import ParamSpec, TypeVar
from uuid import UUID

from kiosk.errors import SiteNotSuitable, SiteSpokeNonsense
from kiosk.messages import Department, InsuranceAnswer, VisitAnswer
from kiosk.sync.fhir import coverage
from kiosk.sync.fhir import systems as s
from kiosk.sync.fhir.systems import Resource, Systems

Parameters = ParamSpec("Parameters")
Meaning = TypeVar("Meaning")


def _sensible(read: Callable[Parameters, Meaning]) -> Callable[Parameters, Meaning]:
    """Turn the surprises of foreign data into one named error, without quoting the data."""

    @functools.wraps(read)
    def reader(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Meaning:
        try:
            return read(*args, **kwargs)
        except (AttributeError, LookupError, StopIteration, TypeError, ValueError) as error:
            raise SiteSpokeNonsense(f"{read.__name__}: {type(error).__name__}") from None

    return reader


@_sensible
def resource(body: bytes, *resource_types: str) -> Resource:
    """The resource in `body`, which must be one of `resource_types`."""
    found = json.loads(body)
    if found["resourceType"] not in resource_types:
        raise ValueError("another resource")
    return dict(found)


@_sensible
def entries(searchset: Resource) -> list[Resource]:
    """The resources of one page of a search."""
    if searchset["type"] != "searchset":
        raise ValueError("not a searchset")
    return [dict(entry["resource"]) for entry in searchset.get("entry", [])]


@_sensible
def visit_answer(response: Resource, systems: Systems) -> VisitAnswer:
    """The registered visit in a transaction-response that carries its Encounter."""
    if response["type"] != "transaction-response":
        raise ValueError("not a transaction-response")
    encounter = _first(response, "Encounter")
    return VisitAnswer(
        visit_id=UUID(s.value_of(encounter["identifier"], systems.visit)),
        state="registered",
        queue_number=s.value_of(encounter["identifier"], systems.queue_number) or _missing(),
        people_ahead=_number(encounter, s.PEOPLE_AHEAD),
        wait_minutes=_number(encounter, s.WAIT_MINUTES),
    )


@_sensible
def check_security_event_taken(response: Resource, event_id: str) -> None:
    """Make sure that a transaction-response is about this very security event."""
    if response["type"] != "transaction-response":
        raise ValueError("not a transaction-response")
    alert = _first(response, "AuditEvent")
    known = [entity["what"].get("identifier", {}) for entity in alert["entity"]]
    if s.value_of(known, s.EVENT) != event_id:
        raise ValueError("another event")


@_sensible
def departments(resources: Iterable[Resource], systems: Systems) -> tuple[Department, ...]:
    """The active HealthcareServices of a search, with the Locations that came along."""
    known = {f"{found['resourceType']}/{found['id']}": found for found in resources}
    services = [
        found for found in known.values() if found["resourceType"] == "HealthcareService" and found.get("active")
    ]
    return tuple(_department(service, known, systems) for service in services)


def _department(service: Resource, known: dict[str, Resource], systems: Systems) -> Department:
    place = known[service["location"][0]["reference"]]
    return Department(
        code=s.value_of(service["identifier"], systems.department) or _missing(),
        name=_translated(service, "name"),
        room=_translated(place, "name"),
        waiting=_number(service, s.WAITING_COUNT),
    )


@_sensible
def insurance(response: Resource, systems: Systems) -> InsuranceAnswer:
    """The insurance state in a CoverageEligibilityResponse."""
    return coverage.insurance_answer(response, systems)


@_sensible
def leased_numbers(parameters: Resource) -> tuple[str, ...]:
    """The queue numbers in the answer to $lease-queue-numbers."""
    found = tuple(part["valueString"] for part in parameters["parameter"] if part["name"] == "number")
    if not all(isinstance(number, str) and number for number in found):
        raise ValueError("not a number")
    return found


@_sensible
def next_page(bundle: Resource) -> str | None:
    """The address of a searchset's next page, or None on the last."""
    return next((str(link["url"]) for link in bundle.get("link", []) if link["relation"] == "next"), None)


@_sensible
def check_capability(statement: Resource) -> None:
    """Raises: SiteNotSuitable unless the site speaks FHIR R4 in JSON and takes transactions."""
    lacks = []
    if not str(statement["fhirVersion"]).startswith("4.0"):
        lacks.append("FHIR R4")
    if not {"json", "application/fhir+json"} & set(statement["format"]):
        lacks.append("JSON")
    interactions = {found["code"] for rest in statement["rest"] for found in rest.get("interaction", [])}
    if "transaction" not in interactions:
        lacks.append("transaction")
    if lacks:
        raise SiteNotSuitable(f"the site lacks {', '.join(lacks)}")


def _first(response: Resource, resource_type: str) -> Resource:
    """The first resource of a type in an answer."""
    resources = (dict(entry.get("resource", {})) for entry in response["entry"])
    return next(found for found in resources if found.get("resourceType") == resource_type)


def _translated(resource: Resource, element: str) -> dict[str, str]:
    """A string by language: the element itself is Vietnamese, its translation extensions the others."""
    texts = {"vi": str(resource[element])}
    for extension in resource.get(f"_{element}", {}).get("extension", []):
        if extension["url"] == s.TRANSLATION:
            parts = {part["url"]: part for part in extension["extension"]}
            texts[str(parts["lang"]["valueCode"])] = str(parts["content"]["valueString"])
    return texts


def _number(resource: Resource, url: str) -> int | None:
    return next(
        (int(found["valueInteger"]) for found in resource.get("extension", []) if found["url"] == url), None
    )


def _missing() -> str:
    raise ValueError("an identifier is missing")
