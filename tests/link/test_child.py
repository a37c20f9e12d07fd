"""A child's visit at the hospital: one patient, one carer who is theirs, registered once whatever happens."""

from __future__ import annotations

import json
from datetime import date
from uuid import uuid4

import pytest

from drivers.site.fhir_site import FhirSite
from kiosk import messages as m
from kiosk.errors import SiteRefused
from kiosk.sync.fhir.patient import patient
from provisioning.rig.site import records


def own(face: m.ProvenFace) -> m.IdentityEvidence:
    return m.IdentityEvidence(document_verdict="authentic", access_protocol="pace", face_decision=face)


def child(number: str = "098222000415", name: str = "Trần Gia Bảo") -> m.Person:
    return m.Person(citizen_number=number, name=name, date_of_birth=date(2022, 3, 9), gender="male")


@pytest.fixture
def childs_visit(visit, person):
    def make(who=None, carer="lan"):
        adult = person(carer)
        brought = m.Carer(citizen_number=adult.citizen_number, name=adult.name, evidence=own("verified"))
        made = visit(who or child(), priority="under_6")
        return m.RegisterVisit.model_validate({**dict(made), "carer": brought, "evidence": own("not_compared")})

    return make


def test_child_is_registered_first_in_line_with_the_carer_beside_them(kiosk, hospital, childs_visit):
    answer = kiosk.link.register_visit(childs_visit())
    assert (answer.state, answer.queue_number) == ("registered", "UC001")
    (registered,) = hospital.encounters()
    assert (registered["patient"], registered["carer"]) == ("Trần Gia Bảo", "Nguyễn Thị Ngọc Lan")
    assert registered["priority"] == "under_6"
    (consent,), (carer,) = hospital.hospital.all_of("Consent"), hospital.hospital.all_of("RelatedPerson")
    assert consent["performer"] == [{"reference": f"RelatedPerson/{carer['id']}"}]
    assert carer["patient"] == consent["patient"]


def test_same_carer_with_the_same_child_again_is_known_and_with_another_child_is_theirs(
    kiosk, hospital, childs_visit
):
    for who in (child(), child(), child("098223000777", "Trần Gia Hân")):
        kiosk.link.register_visit(childs_visit(who))
    carers = hospital.hospital.all_of("RelatedPerson")
    assert len(hospital.encounters()) == 3
    assert len({carer["patient"]["reference"] for carer in carers}) == len(carers) == 2


def test_a_carer_s_own_visit_makes_them_a_patient_of_their_own(kiosk, hospital, childs_visit, visit, person):
    kiosk.link.register_visit(childs_visit())
    kiosk.link.register_visit(visit(person("lan")))
    assert sorted((found["patient"], found["carer"]) for found in hospital.encounters()) == [
        ("Nguyễn Thị Ngọc Lan", None),
        ("Trần Gia Bảo", "Nguyễn Thị Ngọc Lan"),
    ]


def test_child_s_reply_lost_after_registering_still_makes_one_visit_and_one_carer(kiosk, hospital, childs_visit):
    hospital.faults.set("lost_reply", deliveries=1)
    assert kiosk.link.register_visit(childs_visit()).state == "registered"
    kiosk.deliver_everything()
    assert len(hospital.encounters()) == len(hospital.hospital.all_of("RelatedPerson")) == 1


def test_child_the_hospital_has_twice_is_registered_anew_with_a_carer_of_the_new_record(
    kiosk, hospital, childs_visit
):
    kiosk.link.register_visit(childs_visit())
    with hospital.hospital.sessions.begin() as session:
        records.create(session, patient(child(), hospital.hospital.systems))
    assert kiosk.link.register_visit(childs_visit()).state == "registered"
    assert [found["reconcile"] for found in hospital.encounters()].count(True) == 1
    assert {found["carer"] for found in hospital.encounters()} == {"Nguyễn Thị Ngọc Lan"}
    carers = hospital.hospital.all_of("RelatedPerson")
    assert len({carer["patient"]["reference"] for carer in carers}) == 2


def test_carer_is_named_in_the_event_s_body_only_and_goes_with_it(kiosk, hospital, childs_visit):
    hospital.faults.set("away")
    kiosk.link.heartbeat.beat()
    message = childs_visit()
    kiosk.store.commit_visit(message)
    waiting = kiosk.store.next_event(kiosk.store.lane_of(message.visit_id))
    assert "Ngọc Lan" in waiting.body.decode()

    hospital.faults.set("up")
    kiosk.deliver_everything()
    with kiosk.store._database.transaction() as db:
        rows = db.execute("select * from outbox").fetchall() + db.execute("select * from visit").fetchall()
    assert len(rows) == 2
    secret = ("Ngọc Lan", "Gia Bảo", "098222000415", "098185004127")
    assert not [value for row in rows for value in row if any(one in str(value) for one in secret)]


@pytest.mark.parametrize("named_in", ["Encounter", "Consent"])
def test_hospital_refuses_a_visit_that_names_another_patient_s_carer(kiosk, hospital, childs_visit, named_in):
    kiosk.link.register_visit(childs_visit())
    (theirs,) = hospital.hospital.all_of("RelatedPerson")
    bundle = _bundle_of(kiosk, childs_visit(child("098223000777", "Trần Gia Hân")))
    for entry in bundle["entry"]:
        resource = entry["resource"]
        if resource["resourceType"] == named_in == "Encounter":
            resource["participant"][0]["individual"]["reference"] = f"RelatedPerson/{theirs['id']}"
        if resource["resourceType"] == named_in == "Consent":
            resource["performer"][0]["reference"] = f"RelatedPerson/{theirs['id']}"
    site: FhirSite = kiosk.site
    with pytest.raises(SiteRefused):
        site.deliver(str(uuid4()), json.dumps(bundle).encode(), 5.0)
    assert len(hospital.encounters()) == 1


@pytest.mark.parametrize("element", ["identifier", "patient", "relationship", "name"])
def test_hospital_refuses_a_carer_without(kiosk, hospital, childs_visit, element):
    bundle = _bundle_of(kiosk, childs_visit())
    for entry in bundle["entry"]:
        if entry["resource"]["resourceType"] == "RelatedPerson":
            del entry["resource"][element]
    with pytest.raises(SiteRefused):
        kiosk.site.deliver(str(uuid4()), json.dumps(bundle).encode(), 5.0)
    assert hospital.encounters() == []


def _bundle_of(kiosk, message):
    """The very body that waits to be sent."""
    kiosk.store.commit_visit(message)
    return json.loads(kiosk.store.next_event(kiosk.store.lane_of(message.visit_id)).body)
