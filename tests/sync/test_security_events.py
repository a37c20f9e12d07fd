"""Security events in the record: committed once, signed, in a lane of their own, and nobody in them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlcipher3 import dbapi2
from uuid6 import uuid7

from kiosk import messages as m
from kiosk.sync.fhir.canonical import canonical_json
from kiosk.sync.fhir.security import audit_event
from kiosk.sync.store import Store


def sign(content: bytes) -> str:
    """What is signed, in plain sight."""
    return f"h..{base64.urlsafe_b64encode(content).decode()}"


@pytest.fixture
def event() -> m.SecurityEvent:
    return m.SecurityEvent(
        session_id=UUID("019a0000-0000-7000-8000-000000000001"),
        event_id=UUID("019a0000-0000-7000-8000-000000000002"),
        at=datetime(2026, 11, 25, 8, 30, 15, 123456, UTC),
        code="document_forged",
        reasons=("dg1_hash_wrong", "dg2_hash_wrong"),
        access_protocol="PACE-CAN",
    )


CANONICAL = (
    '{"action":"E","agent":[{"requestor":false,"who":{"identifier":{"system":"urn:kiosk:kiosk","value":"k-1"}}}],'
    '"entity":[{"detail":[{"type":"urn:kiosk:security-reason","valueString":"dg1_hash_wrong"},'
    '{"type":"urn:kiosk:security-reason","valueString":"dg2_hash_wrong"},'
    '{"type":"urn:kiosk:access-protocol","valueString":"PACE-CAN"},'
    '{"type":"urn:kiosk:session","valueString":"019a0000-0000-7000-8000-000000000001"}],'
    '"what":{"identifier":{"system":"urn:kiosk:event","value":"019a0000-0000-7000-8000-000000000002"}}}],'
    '"outcome":"8","recorded":"2026-11-25T08:30:15.123+00:00","resourceType":"AuditEvent",'
    '"source":{"observer":{"identifier":{"system":"urn:kiosk:kiosk","value":"k-1"}}},'
    '"subtype":[{"code":"document_forged","system":"urn:kiosk:security-event"}],'
    '"type":{"code":"110113","display":"Security Alert","system":"http://dicom.nema.org/resources/ontology/DCM"}}'
)


def test_bytes_that_are_signed_are_these(event: m.SecurityEvent) -> None:
    assert canonical_json(audit_event(event, "k-1")).decode() == CANONICAL


def test_what_a_server_adds_is_not_among_them(event: m.SecurityEvent) -> None:
    kept = {**audit_event(event, "k-1"), "id": "17", "meta": {"versionId": "1"}, "text": {"status": "generated"}}
    assert canonical_json(kept).decode() == CANONICAL


def test_canonical_form_keeps_diacritics_and_escapes_as_rfc_8785_does() -> None:
    resource = {"b": 'Bệnh viện "A"\n\u001f\u007f', "a": ["\\", True]}
    assert canonical_json(resource) == '{"a":["\\\\",true],"b":"Bệnh viện \\"A\\"\\n\\u001f\x7f"}'.encode()


@pytest.mark.parametrize("value", [1, 1.5, None, [{"x": 2}]])
def test_numbers_have_no_canonical_form_here(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_json({"value": value})


def test_event_is_committed_once_with_its_own_id_and_its_signature_over_the_alert(
    store: Store, event: m.SecurityEvent
) -> None:
    store.commit_security_event(event, sign)
    store.commit_security_event(event, sign)
    (lane,) = store.lanes_waiting()
    waiting = store.next_event(lane)
    assert waiting is not None
    assert (waiting.event_id, waiting.kind, waiting.visit_id) == (event.event_id, "security_event", None)
    alert, provenance = (entry["resource"] for entry in json.loads(waiting.body)["entry"])
    data = base64.b64decode(provenance["signature"][0]["data"]).decode()
    assert data == sign(canonical_json(alert))
    assert store.security_events() == 1


def test_signature_that_fails_leaves_nothing_behind(store: Store, event: m.SecurityEvent) -> None:
    def cannot(_: bytes) -> str:
        raise ValueError("no key")

    with pytest.raises(ValueError, match="no key"):
        store.commit_security_event(event, cannot)
    assert store.security_events() == 0
    assert store.lanes_waiting() == ()


def test_patient_who_is_stuck_or_parked_holds_no_security_event(
    store: Store, visit: Callable[..., m.RegisterVisit], event: m.SecurityEvent
) -> None:
    store.commit_visit(visit())
    (patient,) = store.lanes_waiting()
    store.commit_security_event(event, sign)
    assert store.lanes_waiting() == (patient, f"security/{event.event_id}")
    stuck = store.next_event(patient)
    assert stuck is not None
    store.park(stuck, "site_refused")
    assert store.lanes_waiting() == (f"security/{event.event_id}",)


def test_parked_security_event_parks_nothing_else_and_can_be_released_alone(
    store: Store, visit: Callable[..., m.RegisterVisit], event: m.SecurityEvent
) -> None:
    store.commit_security_event(event, sign)
    store.commit_security_event(event.model_copy(update={"event_id": uuid7()}), sign)
    store.commit_visit(visit())
    first, second, patient = store.lanes_waiting()
    for lane in (first, patient):
        found = store.next_event(lane)
        assert found is not None
        store.park(found, "site_refused")
    assert store.lanes_waiting() == (second,)
    assert store.release_parked(event.event_id) == 1
    assert store.lanes_waiting() == (first, second)
    assert store.release_parked(uuid4()) == 0
    assert store.release_parked() == 1


def test_delivered_event_keeps_its_record_and_nothing_more(store: Store, event: m.SecurityEvent) -> None:
    store.commit_security_event(event, sign)
    (lane,) = store.lanes_waiting()
    waiting = store.next_event(lane)
    assert waiting is not None
    store.delivered(waiting, None)
    assert store.lanes_waiting() == ()
    assert store.undelivered() == ()
    store.commit_security_event(event, sign)
    assert store.lanes_waiting() == ()


@pytest.mark.parametrize("change", ["update security_event set code = 'nothing'", "delete from security_event"])
def test_database_itself_refuses_to_change_or_delete_a_security_event(
    store: Store, event: m.SecurityEvent, change: str
) -> None:
    store.commit_security_event(event, sign)
    with pytest.raises(dbapi2.IntegrityError):
        store._database._connection.execute(change)


def test_what_a_technician_sees_of_the_outbox_is_ids_kinds_ages_and_codes(
    store: Store, visit: Callable[..., m.RegisterVisit], event: m.SecurityEvent
) -> None:
    store.commit_visit(visit())
    store.commit_security_event(event, sign)
    found = store.next_event(store.lanes_waiting()[0])
    assert found is not None
    store.park(found, "site_refused")
    seen = store.undelivered()
    assert [(one.kind, one.state, one.code) for one in seen] == [
        ("register_visit", "parked", "site_refused"),
        ("security_event", "waiting", None),
    ]
