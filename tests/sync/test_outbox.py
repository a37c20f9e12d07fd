"""The record's own rules: visit and event together, events immutable, order per patient."""

from __future__ import annotations

import hashlib
import json
from uuid import UUID, uuid4

import pytest
from sqlcipher3 import dbapi2

from kiosk.errors import QueueNumbersUsedUp


@pytest.fixture
def db(store):
    """The record's connection, for looking behind it."""
    return store._database._connection


def next_of(store, citizen_number):
    return store.next_event(store._lane(citizen_number))


def test_event_carries_its_envelope_and_says_the_same_in_its_body(store, visit, db):
    store.clock_offset_s = -2.5
    message = visit()
    store.commit_visit(message)
    row = db.execute(
        "select event_id, kiosk_id, sequence, device_time, server_time_offset_s, schema_version, body_sha256, body"
        " from outbox"
    ).fetchone()

    assert UUID(row[0]).version == 7
    assert row[1:3] == ("kiosk-test", 1)
    assert row[4:6] == (-2.5, 1)
    assert row[6] == hashlib.sha256(row[7]).hexdigest()
    bundle = json.loads(row[7])
    assert bundle["identifier"]["value"] == row[0]
    assert {tag["system"]: tag["code"] for tag in bundle["meta"]["tag"]} == {
        "urn:kiosk:kiosk": "kiosk-test",
        "urn:kiosk:event-sequence": "1",
        "urn:kiosk:schema-version": "1",
        "urn:kiosk:server-time-offset-s": "-2.5",
    }


def test_sequence_has_no_gaps_across_visits(store, visit, db):
    for number in ("098000000001", "098000000002", "098000000003"):
        store.commit_visit(visit(number))
    assert [row[0] for row in db.execute("select sequence from outbox order by sequence")] == [1, 2, 3]


def test_visit_committed_twice_is_one_visit_with_one_event(store, visit):
    message = visit()
    store.commit_visit(message)
    store.commit_visit(message)
    assert store.backlog().waiting == 1


@pytest.mark.parametrize(
    "change",
    [
        "update outbox set body = x'00'",
        "update outbox set lane = 'another'",
        "update outbox set event_id = 'another'",
        "update outbox set sequence = 9",
        "update outbox set device_time = 'never'",
        "update outbox set body_sha256 = ''",
        "delete from outbox",
        "delete from visit",
        "update outbox set state = 'delivered'",
        "update outbox set body = null",
    ],
)
def test_database_itself_refuses_to_change_or_delete_an_event(store, visit, db, change):
    store.commit_visit(visit())
    with pytest.raises(dbapi2.IntegrityError):
        db.execute(change)


def test_events_of_one_patient_keep_their_order_and_of_others_do_not_wait(store, visit, registered):
    first, second, other = visit("098000000001"), visit("098000000001"), visit("098000000002")
    for message in (first, second, other):
        store.commit_visit(message)
    assert len(store.lanes_waiting()) == 2
    assert next_of(store, "098000000002").visit_id == other.visit_id
    event = next_of(store, "098000000001")
    assert event.visit_id == first.visit_id

    store.delivered(event, registered(event))
    assert next_of(store, "098000000001").visit_id == second.visit_id


def test_parked_event_takes_only_its_own_visits_later_events_with_it(store, visit):
    first, second = visit(), visit()
    store.add_leased_numbers(["T1-001", "T1-002"])
    store.commit_visit(first)
    store.answer_visit(first.visit_id, "site_unreachable")
    store.commit_visit(second)
    (lane,) = store.lanes_waiting()
    store.park(store.next_event(lane), "site_refused")

    assert store.next_event(lane).visit_id == second.visit_id
    assert store.backlog().waiting == 1
    assert store.backlog().parked_codes == ("site_refused",)


def test_pending_number_of_a_visit_that_is_parked_already_is_parked_with_it(store, visit):
    message = visit()
    store.add_leased_numbers(["T1-001"])
    store.commit_visit(message)
    (lane,) = store.lanes_waiting()
    store.park(store.next_event(lane), "site_refused")
    store.answer_visit(message.visit_id, "site_refused")

    assert store.next_event(lane) is None
    assert store.release_parked() == 2
    assert [store.next_event(lane).kind, store.backlog().waiting] == ["register_visit", 2]


def test_event_that_supersedes_another_takes_its_place(store, visit):
    message = visit()
    store.add_leased_numbers(["T1-001"])
    store.commit_visit(message)
    store.answer_visit(message.visit_id, "site_unreachable")
    (lane,) = store.lanes_waiting()
    refused = store.next_event(lane)
    store.supersede(refused)

    event = store.next_event(lane)
    assert event.kind == "register_visit"
    assert event.supersedes == str(refused.event_id)
    assert event.event_id != refused.event_id


def test_leased_numbers_go_out_in_order_once_each(store, visit):
    store.add_leased_numbers(["T1-001", "T1-002"])
    store.add_leased_numbers(["T1-002"])  # the answer to a lease that was asked for twice
    messages = [visit(), visit()]
    for message in messages:
        store.commit_visit(message)
    answers = [store.answer_visit(message.visit_id, "site_unreachable").queue_number for message in messages]
    assert answers == ["T1-001", "T1-002"]
    assert store.leased_numbers_left() == 0


def test_used_up_series_leaves_the_visit_committed_and_nothing_else_changed(store, visit):
    message = visit()
    store.commit_visit(message)
    with pytest.raises(QueueNumbersUsedUp):
        store.answer_visit(message.visit_id, "site_unreachable")
    assert store.visit(message.visit_id).state == "committed"
    assert store.backlog().waiting == 1


def test_visit_registered_meanwhile_takes_no_leased_number(store, visit, registered):
    message = visit()
    store.add_leased_numbers(["T1-001"])
    store.commit_visit(message)
    (lane,) = store.lanes_waiting()
    event = store.next_event(lane)
    store.delivered(event, registered(event, "A007"))

    assert store.answer_visit(message.visit_id, "site_timed_out").queue_number == "A007"
    assert store.leased_numbers_left() == 1


def test_unknown_visit_is_none(store):
    assert store.visit(uuid4()) is None
    assert store.lane_of(uuid4()) is None


def test_event_shows_nothing_personal_of_itself(store, visit):
    store.commit_visit(visit())
    (lane,) = store.lanes_waiting()
    assert "098199912345" not in repr(store.next_event(lane))
    assert "098199912345" not in lane
