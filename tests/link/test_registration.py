"""A visit from the visitor's touch to the hospital's record, on good days and bad."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from kiosk import messages as m
from kiosk.errors import QueueNumbersUsedUp


def numbers(hospital):
    return [(found["queue_number"], found["pending_queue_number"]) for found in hospital.encounters()]


def test_visit_is_registered_at_once_with_the_hospitals_number(kiosk, hospital, visit):
    answer = kiosk.link.register_visit(visit(department_code="C"))

    assert (answer.state, answer.queue_number) == ("registered", "C010")  # nine took a number at the desk before
    assert (answer.people_ahead, answer.wait_minutes) == (9, 36)
    (registered,) = hospital.encounters()
    assert registered["visit_id"] == str(answer.visit_id)
    assert registered["queue_number"] == "C010"
    assert kiosk.waiting() == 0


def test_visitor_of_75_gets_a_number_of_the_priority_series(kiosk, hospital, person, visit):
    kiosk.link.register_visit(visit())
    answer = kiosk.link.register_visit(visit(person("tu"), priority="age_75_and_over"))

    assert (answer.queue_number, answer.people_ahead) == ("UC001", 0)
    assert [found["priority"] for found in hospital.encounters()] == ["R", "age_75_and_over"]


def test_hospital_away_then_back_registers_the_visit_once_under_both_numbers(kiosk, hospital, visit):
    kiosk.link.heartbeat.beat()
    hospital.faults.set("away")
    message = visit()
    answer = kiosk.link.register_visit(message)
    assert (answer.state, answer.queue_number, answer.reason) == ("pending", "T1-001", "site_unreachable")
    assert hospital.encounters() == []

    hospital.faults.set("up")
    kiosk.deliver_everything()
    kiosk.deliver_everything()

    assert numbers(hospital) == [("C010", "T1-001")]
    assert hospital.encounters()[0]["visit_id"] == str(message.visit_id)
    assert kiosk.waiting() == 0
    assert [found["status"] for found in hospital.transactions()] == [200, 200]


def test_answer_lost_after_registration_brings_the_same_number_on_the_second_try(kiosk, hospital, visit):
    hospital.faults.set("lost_reply", deliveries=1)
    answer = kiosk.link.register_visit(visit())

    assert (answer.state, answer.queue_number) == ("registered", "C010")
    assert numbers(hospital) == [("C010", None)]
    first, second = hospital.transactions()
    assert (first["event_id"], first["replayed"]) == (second["event_id"], False)
    assert second["replayed"]


def test_answer_lost_twice_gives_a_pending_number_bound_to_the_one_visit_later(kiosk, hospital, visit):
    kiosk.link.heartbeat.beat()
    hospital.faults.set("lost_reply", deliveries=2)
    answer = kiosk.link.register_visit(visit())
    assert (answer.state, answer.reason) == ("pending", "site_answer_lost")

    kiosk.deliver_everything()

    assert numbers(hospital) == [("C010", "T1-001")]
    assert kiosk.store.visit(answer.visit_id).site_number == "C010"


def test_slow_hospital_finishes_after_the_visitor_left_with_a_pending_number(kiosk, hospital, visit):
    kiosk.link.heartbeat.beat()
    hospital.faults.slow_s = 0.3
    hospital.faults.set("slow", deliveries=1)
    answer = kiosk.link.register_visit(visit(deadline_s=0.25))
    assert (answer.state, answer.reason) == ("pending", "site_timed_out")

    while kiosk.waiting():  # 409 while the hospital is still at it
        kiosk.deliver_everything()

    assert numbers(hospital) == [("C010", "T1-001")]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [("error_500", "site_failed"), ("html", "site_spoke_nonsense"), ("busy", "site_busy")],
)
def test_hospital_that_answers_badly_gives_a_pending_number_and_is_asked_again(
    kiosk, hospital, visit, fault, reason
):
    kiosk.link.heartbeat.beat()
    hospital.faults.retry_after_s = 0
    hospital.faults.set(fault)
    answer = kiosk.link.register_visit(visit())
    assert (answer.state, answer.reason) == ("pending", reason)

    hospital.faults.set("up")
    kiosk.deliver_everything()
    assert numbers(hospital) == [("C010", "T1-001")]


def test_refused_credentials_hold_every_delivery_and_raise_an_alarm(kiosk, hospital, person, visit):
    kiosk.link.heartbeat.beat()
    hospital.sign_in.revoke_all()
    hospital.faults.set("token_refused")
    first = kiosk.link.register_visit(visit())
    assert (first.state, first.reason) == ("pending", "site_token_refused")
    kiosk.link.heartbeat.beat()
    health = kiosk.link.health(m.Nothing())
    assert health.site == "site_token_refused"
    assert "site_token_refused" in health.alarms
    assert health.outbox_waiting == 2
    assert health.outbox_oldest_s >= 0

    hospital.faults.set("up")
    kiosk.link.heartbeat.beat()  # the site is back: nothing is held any more
    kiosk.deliver_everything()
    assert kiosk.link.health(m.Nothing()).alarms == ()
    assert numbers(hospital) == [("C010", "T1-001")]


def test_token_that_was_revoked_is_renewed_without_the_visitor_noticing(kiosk, hospital, visit):
    kiosk.link.register_visit(visit())
    hospital.sign_in.revoke_all()
    assert kiosk.link.register_visit(visit()).state == "registered"


def test_patient_known_twice_is_registered_anew_and_flagged_for_reconciliation(
    kiosk, hospital, visit, register_twice
):
    register_twice()
    answer = kiosk.link.register_visit(visit())

    assert answer.state == "registered"
    assert [found["reconcile"] for found in hospital.encounters()] == [True]
    (task,) = hospital.hospital.all_of("Task")
    assert task["code"]["coding"][0]["code"] == "several-patients-match"
    assert len(hospital.hospital.all_of("Patient")) == 3
    assert [found["status"] for found in hospital.transactions()] == [412, 200]


def test_reconciled_visit_keeps_its_place_before_the_pending_number(kiosk, hospital, visit, register_twice):
    register_twice()
    kiosk.link.heartbeat.beat()
    hospital.faults.set("away")
    answer = kiosk.link.register_visit(visit())
    hospital.faults.set("up")
    kiosk.deliver_everything()

    assert numbers(hospital) == [("C010", answer.queue_number)]
    assert [found["status"] for found in hospital.transactions()] == [412, 200, 200]


def test_visit_the_hospital_refuses_is_parked_with_an_alarm_while_others_go_on(kiosk, hospital, person, visit):
    kiosk.link.heartbeat.beat()
    refused = kiosk.link.register_visit(visit(person("lan"), department_code="Z"))
    assert (refused.state, refused.reason) == ("pending", "site_refused")
    assert kiosk.link.health(m.Nothing()).alarms == ("site_refused",)

    assert kiosk.link.register_visit(visit(person("minh"))).state == "registered"
    assert kiosk.link.register_visit(visit(person("lan"))).state == "registered"
    kiosk.deliver_everything()
    assert [found["status"] for found in hospital.transactions()] == [422, 200, 200]


def test_parked_visit_is_tried_again_when_a_technician_releases_it(kiosk, hospital, visit):
    kiosk.link.heartbeat.beat()
    hospital.hospital.departments.pop("C")
    assert kiosk.link.register_visit(visit(department_code="C")).reason == "site_refused"

    hospital.hospital.departments["C"] = hospital.hospital.departments["A"].model_copy(update={"code": "C"})
    assert kiosk.store.release_parked() == 2
    kiosk.deliver_everything()
    assert numbers(hospital) == [("C013", "T1-001")]
    assert kiosk.link.health(m.Nothing()).alarms == ()


def test_leased_numbers_used_up_sends_the_visitor_to_staff_and_loses_nothing(kiosk, hospital, visit):
    hospital.faults.set("away")
    message = visit()
    with pytest.raises(QueueNumbersUsedUp):
        kiosk.link.register_visit(message)
    assert kiosk.waiting() == 1

    hospital.faults.set("up")
    assert kiosk.link.register_visit(message).queue_number == "C010"
    assert numbers(hospital) == [("C010", None)]


def test_asking_again_for_the_same_visit_gives_the_same_answer(kiosk, hospital, visit):
    kiosk.link.heartbeat.beat()
    message = visit()
    assert kiosk.link.register_visit(message) == kiosk.link.register_visit(message)

    hospital.faults.set("away")
    message = visit()
    assert kiosk.link.register_visit(message) == kiosk.link.register_visit(message)
    assert kiosk.store.leased_numbers_left() == 39


def test_many_visitors_at_once_get_different_numbers_and_one_record_each(kiosk, hospital, person, visit):
    same = person()
    messages = [visit(same, deadline_s=10) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(kiosk.link.register_visit, messages))

    assert sorted(answer.queue_number for answer in answers) == [f"C0{n}" for n in range(10, 16)]
    assert len(hospital.hospital.all_of("Patient")) == 1
    assert len(hospital.encounters()) == 6


def test_unverified_insurance_travels_as_a_request_to_check_it_later(kiosk, hospital, visit):
    kiosk.link.register_visit(visit(insurance=m.InsuranceAnswer(state="not_verified_yet")))
    (request,) = hospital.hospital.all_of("CoverageEligibilityRequest")
    assert request["purpose"] == ["validation"]
    assert hospital.hospital.all_of("Coverage") == []


def test_slip_is_passed_to_the_printer(kiosk):
    slip = m.PrintSlip(session_id=uuid4(), slip_id=uuid4(), template="ticket", language="vi", values={})
    assert kiosk.link.print_slip(slip).state == "confirmed"
    assert kiosk.printer.slips == [slip]


def test_end_of_a_session_is_acknowledged(kiosk):
    assert kiosk.link.end_session(m.SessionEnded(session_id=uuid4())) == m.Nothing()
