"""Queue numbers: never twice on a day, from the start each morning, whoever asks at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date


def registered(client, sent):
    answer = client.post("", sent)
    assert answer.status_code == 200
    encounters = [entry["resource"] for entry in answer.json()["entry"]]
    identifiers = [found for one in encounters if one["resourceType"] == "Encounter" for found in one["identifier"]]
    return next(found for found in identifiers if found["system"] == "urn:kiosk:queue-number")


def test_numbers_start_again_each_day_and_say_which_day(client, calendar, bundle):
    assert [registered(client, bundle())["value"] for _ in range(2)] == ["A013", "A014"]
    calendar.day = date(2026, 11, 26)
    assert registered(client, bundle()) == {
        "system": "urn:kiosk:queue-number",
        "value": "A013",
        "period": {"start": "2026-11-26"},
    }


def test_departments_and_those_served_first_have_series_of_their_own(client, bundle):
    first = {"priority": "age_75_and_over"}
    wanted = [({}, "A013"), (first, "UA001"), ({"department_code": "B"}, "B005"), (first, "UA002"), ({}, "A014")]
    assert [registered(client, bundle(**over))["value"] for over, _ in wanted] == [number for _, number in wanted]


def test_thirty_registrations_at_once_get_thirty_numbers(client, hospital, bundle):
    sent = [bundle(f"0980000000{n % 4:02d}") for n in range(30)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda one: registered(client, one)["value"], sent))
    assert sorted(found) == [f"A{n:03d}" for n in range(13, 43)]
    assert len(hospital.hospital.all_of("Patient")) == 4


def lease(client, kiosk_id, count):
    parameters = [
        {"name": "kiosk", "valueIdentifier": {"system": "urn:kiosk:kiosk", "value": kiosk_id}},
        {"name": "count", "valuePositiveInt": count},
    ]
    answer = client.post("/$lease-queue-numbers", {"resourceType": "Parameters", "parameter": parameters})
    return answer, [part["valueString"] for part in answer.json().get("parameter", [])]


def test_each_kiosk_has_a_series_of_its_own_that_never_starts_again(client, calendar):
    assert lease(client, "one", 2)[1] == ["T1-001", "T1-002"]
    assert lease(client, "two", 1)[1] == ["T2-001"]
    calendar.day = date(2026, 11, 26)
    assert lease(client, "one", 2)[1] == ["T1-003", "T1-004"]


def test_leases_at_once_share_no_number(client):
    with ThreadPoolExecutor(8) as pool:
        found = [
            number for _, leased in pool.map(lambda _: lease(client, "one", 5), range(10)) for number in leased
        ]
    assert len(set(found)) == 50


def test_lease_of_nothing_or_of_everything_is_refused(client):
    for count in (0, -1, 100_000, "many"):
        assert lease(client, "one", count)[0].status_code == 422


def test_people_ahead_are_those_of_the_department_and_of_those_served_first(client, hospital, bundle):
    client.post("", bundle())
    client.post("", bundle(priority="age_75_and_over"))
    client.post("", bundle())
    ahead = [
        found["extension"][0]["valueInteger"]
        for found in sorted(hospital.hospital.all_of("Encounter"), key=lambda one: one["identifier"][1]["value"])
    ]
    assert ahead == [12, 14, 0]  # A013, A014 (13 and the one of 75), UA001
