"""Transactions: all or nothing, found rather than doubled, and only what a hospital may safely keep."""

from __future__ import annotations

import copy
import json
from uuid import uuid4

import pytest

from provisioning.rig.site.server import StandInSite

KINDS = ("Patient", "Encounter", "Consent", "Provenance", "Coverage", "Task", "CoverageEligibilityRequest")


def kept(hospital):
    return {kind: len(hospital.hospital.all_of(kind)) for kind in KINDS if hospital.hospital.all_of(kind)}


def entry_of(bundle, kind):
    return next(entry for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind)


def test_visit_is_kept_with_literal_references_and_a_number(client, hospital, bundle):
    answer = client.post("", bundle())
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/fhir+json")
    entries = answer.json()["entry"]
    assert [entry["response"]["status"] for entry in entries] == ["201 Created"] * 4

    (encounter,) = hospital.hospital.all_of("Encounter")
    (patient,) = hospital.hospital.all_of("Patient")
    assert encounter["subject"]["reference"] == f"Patient/{patient['id']}"
    place = encounter["location"][0]["location"]["reference"]
    assert client.get(f"/{place}").json()["name"] == "Phòng 101, tầng 1"
    assert encounter["identifier"][1]["value"] == "A013"


def test_same_visit_under_another_key_is_found_and_not_doubled(client, hospital, bundle):
    sent = bundle()
    first, second = client.post("", sent).json(), client.post("", sent).json()
    assert [entry["response"]["status"] for entry in second["entry"]] == ["200 OK"] * 4
    assert [entry["resource"] for entry in second["entry"]] == [entry["resource"] for entry in first["entry"]]
    assert set(kept(hospital).values()) == {1}


@pytest.mark.parametrize("kind", ["Patient", "Encounter", "Consent", "Provenance"])
def test_fault_in_any_entry_leaves_nothing_of_the_others(client, hospital, bundle, kind):
    sent = bundle()
    faulty = entry_of(sent, kind)["resource"]
    faulty.pop({"Patient": "name", "Encounter": "status", "Consent": "scope", "Provenance": "agent"}[kind])
    answer = client.post("", sent)
    assert answer.status_code == 422
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert kept(hospital) == {}


def test_fault_found_late_takes_the_queue_number_back(client, hospital, bundle):
    sent = bundle()
    entry_of(sent, "Provenance")["resource"]["target"] = [{"reference": "Patient/nobody"}]
    assert client.post("", sent).status_code == 404
    assert kept(hospital) == {}
    client.post("", bundle())
    assert hospital.encounters()[0]["queue_number"] == "A013"


@pytest.mark.parametrize(
    ("kind", "element", "value"),
    [
        ("Patient", "birthDate", "01/02/1990"),
        ("Patient", "gender", "F"),
        ("Patient", "name", [{"text": " "}]),
        ("Patient", "identifier", [{"value": "098000000001"}]),
        ("Encounter", "status", "nonsense"),
        ("Encounter", "class", {"system": "x", "code": "IMP"}),
        ("Encounter", "location", []),
        ("Consent", "policy", []),
    ],
)
def test_value_a_hospital_cannot_use_is_refused_without_being_repeated(client, bundle, kind, element, value):
    sent = bundle()
    entry_of(sent, kind)["resource"][element] = value
    answer = client.post("", sent)
    assert answer.status_code == 422
    assert answer.json()["issue"][0]["diagnostics"] == f"{kind}.{element} is missing or wrong"


@pytest.mark.parametrize(
    ("spoil", "status"),
    [
        (lambda b: b.update(type="batch"), 400),
        (lambda b: b.update(entry=[]), 400),
        (lambda b: b.update(entry="x"), 400),
        (lambda b: b.update(entry=b["entry"] * 20), 400),
        (lambda b: b["entry"].append(b["entry"][0]), 400),
        (lambda b: b["entry"][0].pop("request"), 400),
        (lambda b: b["entry"][0].pop("fullUrl"), 400),
        (lambda b: b["entry"][0]["request"].update(method="DELETE"), 400),
        (lambda b: b["entry"][0]["request"].update(url="Encounter"), 400),
        (lambda b: b["entry"][0]["request"].update(ifNoneExist="name=Mai"), 400),
        (lambda b: b["entry"][0]["request"].update(ifNoneExist=""), 400),
        (lambda b: b["entry"][0].update(resource={"resourceType": "Medication"}), 422),
        (lambda b: b["entry"][0].update(resource=None), 422),
        (lambda b: entry_of(b, "Encounter")["resource"]["subject"].update(reference=f"urn:uuid:{uuid4()}"), 400),
    ],
)
def test_bundle_of_the_wrong_structure_is_refused(client, hospital, bundle, spoil, status):
    sent = copy.deepcopy(bundle())
    spoil(sent)
    assert client.post("", sent).status_code == status
    assert kept(hospital) == {}


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b"null"])
def test_body_that_is_no_bundle_is_refused(client, body):
    answer = client.post("", body)
    assert answer.status_code == 400
    assert answer.json()["resourceType"] == "OperationOutcome"


def test_unknown_department_is_refused(client, bundle):
    assert client.post("", bundle(department_code="Z")).status_code == 422


def test_several_patients_of_one_number_are_412(client, hospital, bundle):
    sent = bundle()
    second = copy.deepcopy(sent)
    for one in (sent, second):
        entry_of(one, "Patient")["request"].pop("ifNoneExist")
    entry_of(second, "Encounter")["request"].pop("ifNoneExist")
    assert [client.post("", one).status_code for one in (sent, second)] == [200, 200]
    answer = client.post("", bundle())
    assert (answer.status_code, answer.json()["issue"][0]["code"]) == (412, "multiple-matches")


def pending(visit_id, number, system="urn:kiosk:pending-queue-number", operation="add"):
    parts = [
        {"name": "type", "valueCode": operation},
        {"name": "path", "valueString": "Encounter"},
        {"name": "name", "valueString": "identifier"},
        {"name": "value", "valueIdentifier": {"system": system, "value": number}},
    ]
    patch = {"resourceType": "Parameters", "parameter": [{"name": "operation", "part": parts}]}
    request = {"method": "PATCH", "url": f"Encounter?identifier=urn:kiosk:visit|{visit_id}"}
    return {"resourceType": "Bundle", "type": "transaction", "entry": [{"resource": patch, "request": request}]}


def test_pending_number_is_bound_to_its_visit_once(client, hospital, bundle):
    client.post("", bundle())
    (visit,) = hospital.encounters()
    for _ in range(2):
        assert client.post("", pending(visit["visit_id"], "T1-001")).status_code == 200
    (encounter,) = hospital.hospital.all_of("Encounter")
    assert [found["value"] for found in encounter["identifier"]] == [visit["visit_id"], "A013", "T1-001"]
    assert encounter["meta"]["versionId"] == "2"


def test_pending_number_of_another_visit_is_refused(client, hospital, bundle):
    for _ in range(2):
        client.post("", bundle())
    first, second = (found["visit_id"] for found in hospital.encounters())
    assert client.post("", pending(first, "T1-001")).status_code == 200
    assert client.post("", pending(second, "T1-001")).status_code == 422


def test_patch_cannot_do_anything_else(client, hospital, bundle):
    client.post("", bundle())
    visit_id = hospital.encounters()[0]["visit_id"]
    assert client.post("", pending(uuid4(), "T1-001")).status_code == 404
    assert client.post("", pending(visit_id, "A001", system="urn:kiosk:queue-number")).status_code == 422
    assert client.post("", pending(visit_id, "T1-001", operation="delete")).status_code == 422


def test_search_and_read_find_what_was_kept(client, bundle):
    client.post("", bundle())
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    query = b"identifier=urn%3Akiosk%3Acitizen-number%7C098000000001"
    found = client.post("/Patient/_search", query, **form).json()
    assert found["total"] == 1
    patient = found["entry"][0]["resource"]
    assert client.get(f"/Patient/{patient['id']}").json() == patient
    assert client.get(f"/Encounter/{patient['id']}").status_code == 404
    assert client.get("/Medication/1").status_code == 404
    assert client.post("/Patient/_search", b"name=Mai", **form).status_code == 400


def test_transactions_are_shown_as_received(client, hospital, bundle):
    sent = bundle()
    client.post("", sent, key='"one"')
    client.post("", sent, key='"one"')
    shown = hospital.transactions()
    assert [(found["event_id"], found["status"], found["replayed"]) for found in shown] == [
        ("one", 200, False),
        ("one", 200, True),
    ]
    assert shown[0]["bundle"] == sent
    assert '"resourceType": "Bundle"' in hospital.last_transaction_json()


def test_record_outlives_the_hospitals_restart(client, hospital, bundle, tmp_path):
    with StandInSite(tmp_path / "another") as first:
        encounter = first.hospital.receive(json.dumps(bundle()).encode(), '"k"', None)["entry"][1]["resource"]
    with StandInSite(tmp_path / "another") as again:
        assert [found["visit_id"] for found in again.encounters()] == [encounter["identifier"][0]["value"]]


def test_fault_takes_back_even_the_queue_number(client, hospital, bundle):
    sent = bundle()
    sent["entry"][-1]["resource"]["target"] = [{"reference": "Patient/nobody"}]
    assert client.post("", sent).status_code == 404
    assert kept(hospital) == {}
    client.post("", bundle())
    assert [found["queue_number"] for found in hospital.encounters()] == ["A013"]
