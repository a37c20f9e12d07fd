"""Everything that crosses the wire, both ways, against HL7's own JSON schema of R4 (4.0.1)."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from jsonschema import Draft6Validator

from kiosk import messages as m
from kiosk.sync.fhir.coverage import eligibility_question

pytestmark = pytest.mark.long

SCHEMA_FILE = Path(__file__).parents[2] / "var" / "fhir-r4" / "fhir.schema.json"


@pytest.fixture(scope="module")
def faults_of():
    """Tells what is wrong with a resource, those inside a Bundle too."""
    if not SCHEMA_FILE.exists():
        pytest.fail(f"{SCHEMA_FILE} is not there: run provisioning/rig/site/fetch_schema.sh")
    definitions = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))["definitions"]
    for definition in definitions.values():
        if "properties" in definition:  # HL7's file forgets it, and lets a string pass for a Reference
            definition["type"] = "object"
    # each resource is held against its own type: "one of 160 types does not match" helps nobody
    definitions["ResourceList"] = {"type": "object", "required": ["resourceType"]}

    def check(resource):
        schema = {"$ref": f"#/definitions/{resource['resourceType']}", "definitions": definitions}
        found = [f"{error.json_path}: {error.message}" for error in Draft6Validator(schema).iter_errors(resource)]
        inner = [entry["resource"] for entry in resource.get("entry", []) if "resource" in entry]
        for one in [*inner, *resource.get("contained", [])]:
            found += check(one)
        return found

    return check


def _with_carer(made, adult):
    """The visit as a child's: whose face was compared is the carer's."""
    compared = {"document_verdict": "authentic", "access_protocol": "pace", "face_decision": "verified"}
    carer = {"citizen_number": adult.citizen_number, "name": adult.name, "evidence": compared}
    not_compared = {**compared, "face_decision": "not_compared"}
    return m.RegisterVisit.model_validate({**dict(made), "carer": carer, "evidence": not_compared})


@pytest.fixture
def everything(kiosk, hospital, person, visit, register_twice):
    """A day with every kind of visit."""
    kiosk.link.heartbeat.beat()
    for insurance in (None, m.InsuranceAnswer(state="not_verified_yet"), m.InsuranceAnswer(state="not_insured")):
        for priority in ("none", "age_75_and_over", "under_6"):
            kiosk.link.register_visit(visit(person("minh"), insurance=insurance, priority=priority))
    kiosk.link.register_visit(_with_carer(visit(person("minh"), priority="under_6"), person("lan")))
    register_twice()
    kiosk.link.register_visit(visit(person("lan")))
    kiosk.link.register_visit(visit(department_code="Z"))
    hospital.faults.set("away")
    kiosk.link.register_visit(visit(person("tu")))
    hospital.faults.set("up")
    kiosk.link.record_security_event(
        m.SecurityEvent(
            session_id=uuid4(),
            event_id=uuid4(),
            at=datetime.now(UTC),
            code="document_forged",
            reasons=("dg1_hash_wrong", "dg2_hash_wrong"),
            access_protocol="PACE-CAN",
        )
    )
    kiosk.deliver_everything()
    return hospital


def test_every_transaction_the_kiosk_sends_is_valid_r4(everything, faults_of):
    sent = [found["bundle"] for found in everything.transactions()]
    types = {entry["resource"]["resourceType"] for bundle in sent for entry in bundle["entry"]}
    assert types == {
        "Patient",
        "RelatedPerson",
        "Coverage",
        "CoverageEligibilityRequest",
        "Encounter",
        "Consent",
        "Provenance",
        "Task",
        "AuditEvent",
        "Parameters",
    }
    assert [faults_of(bundle) for bundle in sent] == [[]] * len(sent)


def test_question_about_insurance_is_valid_r4(kiosk, person, faults_of):
    systems = kiosk.store._systems
    assert faults_of(eligibility_question(person("lan"), datetime.now(UTC), systems)) == []


def test_everything_the_stand_in_hospital_says_is_valid_r4(everything, kiosk, person, visit, faults_of):
    hospital = everything.hospital
    ask = kiosk.site._ask
    question = json.dumps(eligibility_question(person("lan"), datetime.now(UTC), kiosk.store._systems)).encode()
    lease = json.dumps(
        {
            "resourceType": "Parameters",
            "parameter": [
                {"name": "kiosk", "valueIdentifier": {"system": "urn:kiosk:kiosk", "value": "k"}},
                {"name": "count", "valuePositiveInt": 2},
            ],
        }
    ).encode()
    told = ("Patient", "RelatedPerson", "Consent", "Encounter", "Coverage", "Task", "Location", "AuditEvent")
    said = [
        json.loads(ask("GET", "/metadata", 5.0).body),
        json.loads(ask("GET", "/HealthcareService?active=true", 5.0).body),
        json.loads(ask("POST", "/CoverageEligibilityRequest/$submit", 5.0, question).body),
        json.loads(ask("POST", "/$lease-queue-numbers", 5.0, lease).body),
        json.loads(ask("POST", "/Encounter/_search", 5.0, b"identifier=urn:kiosk:visit|none").body),
        *(found for kind in told for found in hospital.all_of(kind)),
    ]
    everything.faults.portal_down = True
    said.append(json.loads(ask("POST", "/CoverageEligibilityRequest/$submit", 5.0, question).body))
    sent = json.dumps(everything.transactions()[0]["bundle"], ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Idempotency-Key": f'"{uuid4()}"'}
    said.append(json.loads(ask("POST", "", 5.0, sent, headers).body))
    outcome = kiosk.site._https.send("GET", f"{everything.base_url}/Patient/none", headers={}, timeout_s=5.0)
    said.append(json.loads(outcome.body))

    assert [faults_of(resource) for resource in said] == [[]] * len(said)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda encounter: encounter.update(status="nonsense"),
        lambda encounter: encounter.pop("class"),
        lambda encounter: encounter.update(actualPeriod={}),  # R5's name
        lambda encounter: encounter.update(subject="Patient/1"),
        lambda encounter: encounter["period"].update(start="25/11/2026"),
    ],
    ids=["status", "no class", "R5", "reference", "date"],
)
def test_schema_catches_what_is_not_r4(everything, faults_of, spoil):
    encounter = copy.deepcopy(everything.hospital.all_of("Encounter")[0])
    assert faults_of(encounter) == []
    spoil(encounter)
    assert faults_of(encounter) != []
