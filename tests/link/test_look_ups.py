"""Insurance and departments: what the site says, and what the visitor gets when it says nothing."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from kiosk import messages as m
from kiosk.errors import DepartmentsUnknown
from provisioning.rig import people


def look_up(kiosk, who):
    return kiosk.link.look_up_insurance(m.LookUpInsurance(session_id=uuid4(), person=who))


def test_insured_visitor_is_known_with_card_and_validity(kiosk, person):
    answer = look_up(kiosk, person("lan"))
    assert (answer.state, answer.portal_code) == ("valid", "000")
    assert (answer.card_number, answer.valid_until) == ("DN4980000001234", date(2027, 12, 31))


@pytest.mark.parametrize("persona", people.everybody(), ids=lambda persona: persona.id)
def test_everybody_of_the_rig_gets_the_state_the_portal_has_for_them(kiosk, person, persona):
    wanted = "not_verified_yet" if persona.hospital.insurance == "portal_down" else persona.hospital.insurance
    assert look_up(kiosk, person(persona.id)).state == wanted


def test_name_unlike_the_portals_is_told_apart(kiosk, person):
    answer = look_up(kiosk, person("lan").model_copy(update={"name": "Nguyễn Thị Ngọc Lân"}))
    assert (answer.state, answer.portal_code) == ("name_differs", "060")


def test_date_of_birth_unlike_the_portals_is_told_apart(kiosk, person):
    answer = look_up(kiosk, person("lan").model_copy(update={"date_of_birth": date(1985, 4, 13)}))
    assert (answer.state, answer.portal_code) == ("data_differs", "070")


def test_somebody_the_portal_has_never_heard_of_is_not_insured(kiosk, person):
    answer = look_up(kiosk, person("lan").model_copy(update={"citizen_number": "098000000000"}))
    assert (answer.state, answer.portal_code, answer.card_number) == ("not_insured", "050", None)


def test_portal_that_is_down_leaves_insurance_not_verified_yet(kiosk, hospital, person):
    hospital.faults.portal_down = True
    assert look_up(kiosk, person("lan")) == m.InsuranceAnswer(state="not_verified_yet")


@pytest.mark.parametrize("fault", ["away", "slow", "error_500", "busy", "html", "token_refused"])
def test_hospital_on_a_bad_day_leaves_insurance_not_verified_yet(kiosk_in_a_hurry, hospital, person, fault):
    hospital.faults.set(fault)
    assert look_up(kiosk_in_a_hurry, person("lan")) == m.InsuranceAnswer(state="not_verified_yet")


def test_departments_come_with_rooms_in_both_languages_and_how_many_wait(kiosk, visit):
    kiosk.link.register_visit(visit(department_code="D"))
    answer = kiosk.link.departments(m.Nothing())

    assert answer.from_cache_at is None
    assert [department.code for department in answer.departments] == list("ABCDEF")
    eyes = answer.departments[3]
    assert eyes.name == {"vi": "Mắt", "en": "Ophthalmology"}
    assert eyes.room == {"vi": "Phòng 207, tầng 2", "en": "Room 207, first floor"}
    assert eyes.waiting == 7


def test_departments_of_yesterday_are_shown_while_the_hospital_is_away(kiosk, hospital):
    fresh = kiosk.link.departments(m.Nothing())
    hospital.faults.set("away")
    kiosk.restart()

    cached = kiosk.link.departments(m.Nothing())
    assert cached.from_cache_at is not None
    assert [found.name for found in cached.departments] == [found.name for found in fresh.departments]
    assert {found.waiting for found in cached.departments} == {None}  # was true then only


def test_departments_never_heard_of_send_the_visitor_to_staff(kiosk, hospital):
    hospital.faults.set("away")
    with pytest.raises(DepartmentsUnknown):
        kiosk.link.departments(m.Nothing())


def test_first_heartbeat_lays_in_departments_and_queue_numbers(kiosk, hospital):
    kiosk.link.heartbeat.beat()
    hospital.faults.set("away")
    assert len(kiosk.link.departments(m.Nothing()).departments) == 6
    assert kiosk.link.health(m.Nothing()).queue_numbers_left == 40
