"""A child's visit as it is sent: the child is the patient, the carer speaks for them, no more is claimed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from kiosk.messages import Carer, IdentityEvidence
from kiosk.sync.fhir.bundle import Envelope
from kiosk.sync.fhir.transaction import reconcile_bundle, visit_bundle

CHILD, CARER = "098222000415", "098185004127"


@pytest.fixture
def envelope():
    return Envelope(uuid4(), "kiosk-test", 7, datetime(2026, 11, 25, 2, 30, tzinfo=UTC), 1.25)


@pytest.fixture
def childs_visit(visit):
    def make(child=CHILD, **over):
        own = IdentityEvidence(document_verdict="authentic", access_protocol="pace", face_decision="not_compared")
        carers = IdentityEvidence(document_verdict="authentic", access_protocol="bac", face_decision="verified")
        carer = Carer(citizen_number=CARER, name="Nguyễn Thị Ngọc Lan", evidence=carers)
        return visit(citizen_number=child, priority="under_6", evidence=own, carer=carer, **over)

    return make


def entries(bundle, resource_type):
    return [entry for entry in bundle["entry"] if entry["resource"]["resourceType"] == resource_type]


def one(bundle, resource_type):
    (entry,) = entries(bundle, resource_type)
    return entry


def test_child_is_the_patient_and_the_carer_came_along_and_consents(childs_visit, envelope, systems):
    bundle = visit_bundle(childs_visit(), envelope, systems)
    patient, carer = one(bundle, "Patient"), one(bundle, "RelatedPerson")
    assert patient["resource"]["identifier"][0]["value"] == CHILD
    assert carer["resource"]["patient"]["reference"] == patient["fullUrl"]

    encounter, consent = one(bundle, "Encounter")["resource"], one(bundle, "Consent")["resource"]
    assert encounter["subject"]["reference"] == consent["patient"]["reference"] == patient["fullUrl"]
    assert [who["individual"]["reference"] for who in encounter["participant"]] == [carer["fullUrl"]]
    assert [who["reference"] for who in consent["performer"]] == [carer["fullUrl"]]
    assert one(bundle, "Coverage")["resource"]["beneficiary"]["reference"] == patient["fullUrl"]


def test_no_more_of_the_carer_is_sent_than_number_name_and_what_they_say_they_are(childs_visit, envelope, systems):
    carer = one(visit_bundle(childs_visit(), envelope, systems), "RelatedPerson")["resource"]
    assert set(carer) == {"resourceType", "identifier", "active", "patient", "relationship", "name"}
    (relationship,) = carer["relationship"]
    assert relationship["coding"] == [{"system": "urn:kiosk:relationship", "code": "parent-or-guardian-as-stated"}]
    assert "chưa xác minh" in relationship["text"]


def test_evidence_says_whose_face_was_verified_and_whose_was_not_compared(childs_visit, envelope, systems):
    bundle = visit_bundle(childs_visit(), envelope, systems)
    found = {}
    for entry in entries(bundle, "Provenance"):
        values = {
            entity["what"]["identifier"]["system"]: entity["what"]["identifier"]["value"]
            for entity in entry["resource"]["entity"]
        }
        for target in entry["resource"]["target"]:
            found[target["reference"]] = values["urn:kiosk:face-decision"], values["urn:kiosk:access-protocol"]
    assert found == {
        one(bundle, "Patient")["fullUrl"]: ("not_compared", "pace"),
        one(bundle, "Encounter")["fullUrl"]: ("not_compared", "pace"),
        one(bundle, "RelatedPerson")["fullUrl"]: ("verified", "bac"),
    }
    assert not any(number in json.dumps(entries(bundle, "Provenance")) for number in (CHILD, CARER))


def test_every_entry_has_a_condition_and_an_address_of_its_own(childs_visit, envelope, systems):
    message = childs_visit()
    bundle = visit_bundle(message, envelope, systems)
    keys = [(entry["request"]["url"], entry["request"]["ifNoneExist"]) for entry in bundle["entry"]]
    assert len(set(keys)) == len(keys) == 7
    assert len({entry["fullUrl"] for entry in bundle["entry"]}) == 7
    assert ("RelatedPerson", f"identifier=urn:kiosk:carer-of-patient|{CHILD}%2F{CARER}") in keys
    assert visit_bundle(message, envelope, systems) == bundle


def test_carer_of_two_children_is_never_found_as_the_other_child_s(childs_visit, envelope, systems):
    conditions = [
        one(visit_bundle(childs_visit(child), envelope, systems), "RelatedPerson")["request"]["ifNoneExist"]
        for child in (CHILD, "098223000777")
    ]
    assert len(set(conditions)) == 2


def test_adult_s_own_visit_names_nobody_else(visit, envelope, systems):
    bundle = visit_bundle(visit(), envelope, systems)
    assert entries(bundle, "RelatedPerson") == []
    assert "participant" not in one(bundle, "Encounter")["resource"]
    assert "performer" not in one(bundle, "Consent")["resource"]
    assert len(entries(bundle, "Provenance")) == 1


def test_reconciled_child_gets_a_carer_of_their_own_who_is_never_found_for_the_merged_one(
    childs_visit, envelope, systems
):
    message = childs_visit()
    bundle = reconcile_bundle(visit_bundle(message, envelope, systems), message.visit_id, envelope, systems)
    carer = one(bundle, "RelatedPerson")
    assert carer["request"]["ifNoneExist"] == f"identifier=urn:kiosk:visit|{message.visit_id}"
    assert [found["system"] for found in carer["resource"]["identifier"]] == [
        "urn:kiosk:citizen-number",
        "urn:kiosk:visit",
    ]
    assert carer["resource"]["patient"]["reference"] == one(bundle, "Patient")["fullUrl"]
    assert "meta" not in carer["resource"]
    for entry in bundle["entry"]:
        assert entry["request"]["ifNoneExist"].endswith(f"|{UUID(str(message.visit_id))}")
