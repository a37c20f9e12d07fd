"""A refused document, from the link to the hospital: signed, once, and never held up by a patient."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select
from uuid6 import uuid7

from kiosk import messages as m
from provisioning.rig.site.tables import Delivery

from .conftest import Kiosk


@pytest.fixture
def refused():
    """A document that was refused."""

    def make(**over):
        values = {
            "session_id": uuid4(),
            "event_id": uuid7(),
            "at": datetime.now(UTC),
            "code": "document_forged",
            "reasons": ("sod_signature_wrong",),
            "access_protocol": "PACE-CAN",
        }
        return m.SecurityEvent.model_validate({**values, **over})

    return make


def at_work(hospital):
    """Whether it has taken a transaction and not answered it yet."""
    with hospital.hospital.sessions.begin() as session:
        return session.scalar(select(Delivery.key).where(Delivery.status.is_(None)))


def until(true):
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def told(hospital):
    return [(found["event_id"], found["code"], found["reasons"]) for found in hospital.security_events()]


def test_hospital_hears_of_it_once_however_often_it_is_handed_over_and_delivered(kiosk, hospital, refused):
    event = refused()
    for _ in range(2):
        kiosk.link.record_security_event(event)
        kiosk.deliver_everything()
    assert told(hospital) == [(str(event.event_id), "document_forged", ["sod_signature_wrong"])]
    (known,) = hospital.security_events()
    assert (known["kiosk"], known["access_protocol"]) == ("kiosk-test", "PACE-CAN")
    assert datetime.fromisoformat(known["at"]) <= datetime.now(UTC)
    assert kiosk.waiting() == 0


def test_handing_over_waits_for_no_hospital(kiosk, hospital, refused):
    hospital.faults.set("away")
    event = refused()
    kiosk.link.record_security_event(event)
    kiosk.deliver_everything()
    assert kiosk.link.health(m.Nothing()).outbox_waiting == 1

    kiosk.restart()
    hospital.faults.set("up")
    kiosk.deliver_everything()
    assert [found[0] for found in told(hospital)] == [str(event.event_id)]


def test_background_thread_delivers_it_by_itself(background_kiosk, refused, hospital):
    background_kiosk.link.start()
    background_kiosk.link.record_security_event(refused())
    until(lambda: background_kiosk.waiting() == 0)
    assert len(told(hospital)) == 1


@pytest.fixture
def patient_kiosk(tmp_path, hospital):
    """One that gives the hospital all the time there is."""
    made = Kiosk(tmp_path / "kiosk", hospital, timeout_s=30.0, every_s=0.02)
    yield made
    made.close()


def test_patient_whose_delivery_hangs_holds_no_security_event(patient_kiosk, hospital, refused, visit):
    kiosk = patient_kiosk
    hospital.faults.slow_s = 60.0
    hospital.faults.set("slow", deliveries=1)
    kiosk.store.commit_visit(visit())
    kiosk.link.start()
    until(lambda: at_work(hospital))
    kiosk.link.record_security_event(refused())
    until(lambda: told(hospital))
    assert hospital.encounters() == []
    hospital.faults.set("up")
    until(lambda: kiosk.waiting() == 0)
    assert (len(hospital.encounters()), len(told(hospital))) == (1, 1)


def test_reply_that_is_lost_makes_no_second_event(kiosk, hospital, refused):
    hospital.faults.set("lost_reply", deliveries=1)
    kiosk.link.record_security_event(refused())
    kiosk.deliver_everything()
    assert kiosk.waiting() == 1
    kiosk.deliver_everything()
    assert kiosk.waiting() == 0
    assert len(told(hospital)) == 1


def test_patient_whose_visit_is_refused_or_stuck_holds_no_security_event(kiosk, hospital, refused, visit):
    kiosk.link.heartbeat.beat()
    hospital.faults.set("error_500")
    kiosk.link.register_visit(visit())
    hospital.faults.set("refuses_data", deliveries=1)
    kiosk.link.record_security_event(refused())
    kiosk.deliver_everything()
    assert kiosk.link.health(m.Nothing()).alarms == ("site_refused",)
    assert hospital.encounters() == []
    assert len(told(hospital)) == 1


def test_alert_that_was_altered_on_the_way_is_refused_and_set_aside_with_an_alarm(
    kiosk, hospital, refused, monkeypatch
):
    deliver = kiosk.site._deliver

    def altered(event_id, body, timeout_s):
        return deliver(event_id, body.replace(b"sod_signature_wrong", b"dg2_hash_wrong"), timeout_s)

    monkeypatch.setattr(kiosk.site, "_deliver", altered)
    kiosk.link.record_security_event(refused())
    kiosk.deliver_everything()
    assert told(hospital) == []
    assert kiosk.link.health(m.Nothing()).alarms == ("site_refused",)

    monkeypatch.undo()
    assert kiosk.link.release_parked(m.ReleaseParked()).count == 1
    kiosk.deliver_everything()
    assert len(told(hospital)) == 1


def test_nothing_personal_is_in_what_is_sent(kiosk, hospital, refused):
    event = refused()
    kiosk.link.record_security_event(event)
    kiosk.deliver_everything()
    (sent,) = [found["bundle"] for found in hospital.transactions()]
    alert, provenance = (entry["resource"] for entry in sent["entry"])
    assert {key for key in alert} == {
        "resourceType",
        "type",
        "subtype",
        "action",
        "recorded",
        "outcome",
        "agent",
        "source",
        "entity",
        "meta",
    }
    assert [detail["valueString"] for detail in alert["entity"][0]["detail"]] == [
        "sod_signature_wrong",
        "PACE-CAN",
        str(event.session_id),
    ]
    assert provenance["target"] == [{"reference": sent["entry"][0]["fullUrl"]}]
    assert "Patient" not in json.dumps(sent)
