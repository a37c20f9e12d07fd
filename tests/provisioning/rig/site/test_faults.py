"""The hospital's bad days, as they look from outside."""

from __future__ import annotations

import socket
import threading
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
import requests
from sqlalchemy import select

from kiosk.sync.fhir.bundle import Envelope
from kiosk.sync.fhir.transaction import reconcile_bundle
from provisioning.rig.site.tables import Delivery


def test_away_refuses_connections_and_coming_back_is_at_the_same_address(client, hospital, bundle):
    hospital.faults.set("away")
    with pytest.raises(requests.ConnectionError):
        client.get("/metadata")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", hospital._port)).close()

    hospital.faults.set("up")
    assert client.post("", bundle()).status_code == 200


def test_lost_reply_commits_and_then_breaks_the_connection(client, hospital, bundle):
    hospital.faults.set("lost_reply", deliveries=1)
    with pytest.raises(requests.ConnectionError):
        client.post("", bundle())
    assert len(hospital.encounters()) == 1
    assert client.post("", bundle()).status_code == 200


def test_fault_for_one_delivery_leaves_everything_else_alone(client, hospital, bundle):
    hospital.faults.set("error_500", deliveries=1)
    assert client.get("/HealthcareService").status_code == 200
    assert [client.post("", bundle()).status_code for _ in range(2)] == [500, 200]


def test_faults_say_what_they_are_named_for(client, hospital, bundle):
    hospital.faults.set("busy")
    answer = client.post("", bundle())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    hospital.faults.set("html")
    answer = client.post("", bundle())
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html")
    hospital.faults.set("token_refused")
    assert client.token().status_code == 401
    assert client.post("", bundle()).status_code == 401
    assert hospital.encounters() == []


def test_several_who_match_refuse_a_patient_by_number_and_take_a_flagged_one(client, hospital, bundle):
    hospital.faults.set("several_match")
    sent = bundle()
    answer = client.post("", sent)
    assert (answer.status_code, answer.json()["issue"][0]["code"]) == (412, "multiple-matches")
    visit_id = UUID(sent["entry"][1]["resource"]["identifier"][0]["value"])
    envelope = Envelope(uuid4(), "kiosk-test", 2, datetime.now(UTC), None)
    anew = reconcile_bundle(sent, visit_id, envelope, hospital.hospital.systems)
    assert client.post("", anew).status_code == 200
    assert [found["reconcile"] for found in hospital.encounters()] == [True]
    assert [found["status"] for found in hospital.transactions()] == [412, 200]


def test_data_that_is_refused_is_answered_by_an_outcome_and_the_next_is_taken(client, hospital, bundle):
    hospital.faults.set("refuses_data", deliveries=1)
    answer = client.post("", bundle())
    assert (answer.status_code, answer.json()["resourceType"]) == (422, "OperationOutcome")
    assert client.post("", bundle()).status_code == 200
    assert len(hospital.encounters()) == 1


@pytest.mark.parametrize("nonsense", [[], {}, {"entry": [{}]}, {"entry": 7}], ids=str)
def test_nonsense_is_refused_as_such_whatever_the_fault(client, hospital, nonsense):
    hospital.faults.set("several_match")
    assert client.post("", nonsense).status_code == 400


def test_whoever_watches_is_told_of_each_mode(hospital):
    modes = []
    hospital.faults.watch(modes.append)
    hospital.faults.set("busy")
    hospital.faults.set("up")
    assert modes == ["busy", "up"]


def test_slow_hospital_is_hurried_by_a_change_of_mode(client, hospital, bundle):
    hospital.faults.set("slow")  # ten seconds each
    answers = []
    thread = threading.Thread(target=lambda: answers.append(client.post("", bundle()).status_code))
    thread.start()
    while not in_flight(hospital):
        thread.join(timeout=0.01)
    hospital.faults.set("up")
    thread.join(timeout=5)
    assert answers == [200]


def in_flight(hospital):
    """Whether the hospital is at work on a transaction."""
    with hospital.hospital.sessions.begin() as session:
        return session.scalar(select(Delivery.key).where(Delivery.status.is_(None)))


def test_unknown_fault_is_refused(hospital):
    with pytest.raises(ValueError, match="no such fault"):
        hospital.faults.set("on fire")
