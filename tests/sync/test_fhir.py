"""What is sent, and what of the answers is believed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from kiosk.errors import SettingsInvalid, SiteNotSuitable, SiteSpokeNonsense
from kiosk.messages import InsuranceAnswer
from kiosk.sync.fhir import answers
from kiosk.sync.fhir.bundle import Envelope
from kiosk.sync.fhir.coverage import state_of
from kiosk.sync.fhir.systems import Systems, token
from kiosk.sync.fhir.transaction import reconcile_bundle, visit_bundle


@pytest.fixture
def envelope():
    return Envelope(uuid4(), "kiosk-test", 7, datetime(2026, 11, 25, 2, 30, tzinfo=UTC), 1.25)


def by_type(bundle):
    return {entry["resource"]["resourceType"]: entry for entry in bundle["entry"]}


def test_bundle_creates_everything_conditionally_and_refers_only_within_itself(visit, envelope, systems):
    message = visit()
    bundle = visit_bundle(message, envelope, systems)
    found = by_type(bundle)

    assert list(found) == ["Patient", "Coverage", "Encounter", "Consent", "Provenance"]
    conditions = {name: entry["request"]["ifNoneExist"] for name, entry in found.items()}
    by_visit = f"urn:kiosk:visit|{message.visit_id}"
    assert conditions == {
        "Patient": "identifier=urn:kiosk:citizen-number|098199912345",
        "Coverage": f"identifier={by_visit}",
        "Encounter": f"identifier={by_visit}",
        "Consent": f"identifier={by_visit}",
        "Provenance": f"_tag={by_visit}",
    }
    patient = found["Patient"]["fullUrl"]
    assert found["Encounter"]["resource"]["subject"]["reference"] == patient
    assert found["Coverage"]["resource"]["beneficiary"]["reference"] == patient
    assert found["Consent"]["resource"]["patient"]["reference"] == patient
    targets = [target["reference"] for target in found["Provenance"]["resource"]["target"]]
    assert targets == [found["Encounter"]["fullUrl"], patient]


def test_same_visit_builds_the_same_bundle(visit, envelope, systems):
    message = visit()
    assert visit_bundle(message, envelope, systems) == visit_bundle(message, envelope, systems)


def test_name_is_sent_as_the_chip_has_it_and_not_cut_apart(visit, envelope, systems):
    patient = by_type(visit_bundle(visit(), envelope, systems))["Patient"]["resource"]
    assert patient["name"] == [{"use": "official", "text": "Đặng Thị Hoa Chuông"}]


@pytest.mark.parametrize(
    ("priority", "system", "code"),
    [
        ("none", "http://terminology.hl7.org/CodeSystem/v3-ActPriority", "R"),
        ("age_75_and_over", "urn:kiosk:priority", "age_75_and_over"),
        ("under_6", "urn:kiosk:priority", "under_6"),
    ],
)
def test_place_in_the_queue_by_law_is_no_clinical_urgency(visit, envelope, systems, priority, system, code):
    encounter = by_type(visit_bundle(visit(priority=priority), envelope, systems))["Encounter"]["resource"]
    assert encounter["priority"]["coding"] == [{"system": system, "code": code}]


def test_evidence_names_the_checks_and_none_of_their_data(visit, envelope, systems):
    provenance = by_type(visit_bundle(visit(), envelope, systems))["Provenance"]["resource"]
    found = {
        entity["what"]["identifier"]["system"]: entity["what"]["identifier"]["value"]
        for entity in provenance["entity"]
    }
    assert found == {
        "urn:kiosk:document-verdict": "authentic",
        "urn:kiosk:access-protocol": "pace",
        "urn:kiosk:face-decision": "verified",
        "urn:kiosk:document-expiry": "not_expired",
    }
    assert "098199912345" not in json.dumps(provenance)


@pytest.mark.parametrize("state", ["not_insured", "expired", "name_differs", "data_differs"])
def test_insurance_that_is_not_valid_sends_no_coverage(visit, envelope, systems, state):
    bundle = visit_bundle(visit(insurance=InsuranceAnswer(state=state, card_number="DN1")), envelope, systems)
    assert {"Coverage", "CoverageEligibilityRequest"} & set(by_type(bundle)) == set()


def test_reconciled_bundle_depends_on_nothing_the_site_holds_but_the_visit(visit, envelope, systems):
    message = visit()
    first = visit_bundle(message, envelope, systems)
    before = json.dumps(first)
    bundle = reconcile_bundle(first, message.visit_id, envelope, systems)

    assert json.dumps(first) == before
    for entry in bundle["entry"]:
        assert entry["request"]["ifNoneExist"].endswith(f"=urn:kiosk:visit|{message.visit_id}")
    found = by_type(bundle)
    assert found["Patient"]["resource"]["meta"]["tag"][0]["code"] == "several-patients-match"
    assert found["Task"]["resource"]["focus"]["reference"] == found["Patient"]["fullUrl"]


def test_search_token_escapes_what_would_change_the_search():
    assert token("identifier", "urn:x", "a|b&c,d") == "identifier=urn:x|a%7Cb%26c%2Cd"


def test_identifier_systems_must_be_complete():
    with pytest.raises(SettingsInvalid, match="pending_queue_number"):
        Systems.from_settings({"citizen_number": "urn:x"})


@pytest.mark.parametrize(
    ("code", "state"),
    [
        *(("000", "valid"), ("001", "valid"), ("002", "valid"), ("004", "valid")),
        *(("003", "expired"), ("010", "expired"), ("050", "not_insured")),
        *(("060", "name_differs"), ("061", "name_differs")),
        *(("051", "data_differs"), ("052", "data_differs"), ("053", "data_differs")),
        *(("070", "data_differs"), ("205", "data_differs")),
        *(("100", "not_verified_yet"), ("101", "not_verified_yet"), ("401", "not_verified_yet")),
        *(("110", "not_verified_yet"), ("120", "not_verified_yet"), ("130", "not_verified_yet")),
        ("777", "not_verified_yet"),
    ],
)
def test_portal_codes_the_visitor_is_told_apart(code, state):
    assert state_of(code) == state


def response(**over):
    encounter = {
        "resourceType": "Encounter",
        "identifier": [
            {"system": "urn:kiosk:visit", "value": "6b3f2c1e-9d1c-4a53-8b5e-0f6f7d3f2a11"},
            {"system": "urn:kiosk:queue-number", "value": "A027"},
        ],
        **over,
    }
    return {"type": "transaction-response", "entry": [{"response": {}}, {"resource": encounter}]}


def test_registered_number_is_read_from_the_encounter(systems):
    answer = answers.visit_answer(response(), systems)
    assert (answer.state, answer.queue_number, answer.people_ahead) == ("registered", "A027", None)


@pytest.mark.parametrize(
    "nonsense",
    [
        {},
        {"type": "searchset"},
        {"type": "transaction-response", "entry": []},
        {"type": "transaction-response", "entry": "no"},
        response(identifier=[]),
        response(identifier=[{"system": "urn:kiosk:visit", "value": "6b3f2c1e-9d1c-4a53-8b5e-0f6f7d3f2a11"}]),
        response(identifier=[{"system": "urn:kiosk:visit", "value": "not a uuid"}]),
        response(extension=[{"url": "urn:kiosk:people-ahead", "valueInteger": "many"}]),
        response(extension=[{}]),
    ],
)
def test_answer_that_does_not_name_the_visit_and_its_number_is_not_believed(systems, nonsense):
    with pytest.raises(SiteSpokeNonsense):
        answers.visit_answer(nonsense, systems)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"null", b'"x"', b'{"resourceType": "OperationOutcome"}', b"\xff"]
)
def test_body_that_is_not_the_resource_asked_for_is_not_believed(body):
    with pytest.raises(SiteSpokeNonsense):
        answers.resource(body, "Bundle")


def test_error_about_nonsense_quotes_none_of_it(systems):
    with pytest.raises(SiteSpokeNonsense) as raised:
        answers.visit_answer(response(identifier=[{"system": "urn:kiosk:visit", "value": "098199912345"}]), systems)
    assert "098199912345" not in str(raised.value)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize(
    ("over", "lack"),
    [
        ({"fhirVersion": "5.0.0"}, "FHIR R4"),
        ({"format": ["application/fhir+xml"]}, "JSON"),
        ({"rest": [{"mode": "server"}]}, "transaction"),
    ],
)
def test_site_that_lacks_what_the_kiosk_needs_is_named(over, lack):
    statement = {
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "rest": [{"mode": "server", "interaction": [{"code": "transaction"}]}],
    }
    answers.check_capability(statement)
    with pytest.raises(SiteNotSuitable, match=lack):
        answers.check_capability({**statement, **over})


def test_department_without_its_place_is_not_believed(systems):
    service = {
        "resourceType": "HealthcareService",
        "id": "1",
        "active": True,
        "identifier": [{"system": "urn:kiosk:department", "value": "A"}],
        "name": "Mắt",
        "location": [{"reference": "Location/9"}],
    }
    with pytest.raises(SiteSpokeNonsense):
        answers.departments([service], systems)
