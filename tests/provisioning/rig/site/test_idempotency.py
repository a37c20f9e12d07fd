"""The Idempotency-Key header."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from provisioning.rig.site import idempotency
from provisioning.rig.site.tables import Delivery


def test_same_key_and_body_get_the_same_answer_and_change_nothing(client, hospital, bundle):
    sent = bundle()
    first, second = (client.post("", sent, key='"k"') for _ in range(2))
    assert first.json() == second.json()
    assert len(hospital.encounters()) == 1


def test_same_key_with_another_body_is_422(client, hospital, bundle):
    client.post("", bundle(), key='"k"')
    assert client.post("", bundle(), key='"k"').status_code == 422
    assert len(hospital.encounters()) == 1


def test_key_in_flight_is_409_until_its_work_is_done(client, hospital, bundle):
    sent = json.dumps(bundle()).encode()
    digest = hashlib.sha256(sent).hexdigest()
    assert idempotency.claim(hospital.hospital.sessions, '"k"', digest) is None
    answer = client.post("", sent, key='"k"')
    assert (answer.status_code, answer.json()["issue"][0]["code"]) == (409, "lock-error")

    idempotency.release(hospital.hospital.sessions, '"k"')
    assert client.post("", sent, key='"k"').status_code == 200


def test_key_abandoned_by_a_crash_may_be_taken_up_again(client, hospital, bundle):
    sent = json.dumps(bundle()).encode()
    digest = hashlib.sha256(sent).hexdigest()
    idempotency.claim(hospital.hospital.sessions, '"k"', digest)
    with hospital.hospital.sessions.begin() as session:
        session.get_one(Delivery, '"k"').started_at_s -= 2 * idempotency.ABANDONED_AFTER_S
    assert client.post("", sent, key='"k"').status_code == 200


def test_refused_request_may_be_sent_again_under_its_key(client, hospital, bundle):
    sent = bundle(department_code="Z")
    assert client.post("", sent, key='"k"').status_code == 422
    hospital.hospital.departments["Z"] = hospital.hospital.departments["A"]
    assert (
        client.post("", sent, key='"k"').status_code == 422
    )  # the place itself is not there; asked anew, not replayed
    assert [found["replayed"] for found in hospital.transactions()] == [False, False]


def test_key_is_needed(client, hospital, bundle):
    body = json.dumps(bundle()).encode()
    answer = client.session.post(hospital.base_url, data=body, timeout=10)
    assert answer.status_code == 400


@pytest.mark.parametrize(("digest", "status"), [("sha-256=:AAAA:", 400), ("md5=:AAAA:", 400)])
def test_body_unlike_its_digest_is_refused(client, bundle, digest, status):
    assert client.post("", bundle(), **{"Content-Digest": digest}).status_code == status


def test_same_event_from_many_sides_at_once_is_registered_once(client, hospital, bundle):
    sent = bundle()
    with ThreadPoolExecutor(8) as pool:
        found = {answer.status_code for answer in pool.map(lambda _: client.post("", sent, key='"k"'), range(16))}
    assert found <= {200, 409}
    assert len(hospital.encounters()) == 1
