"""The token endpoint lets in who holds the key, and nobody else."""

from __future__ import annotations

import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec


def test_good_assertion_gets_a_bearer_token(client):
    answer = client.token()
    assert answer.status_code == 200
    granted = answer.json()
    assert (granted["token_type"], granted["expires_in"]) == ("bearer", 300)
    client.session.headers["Authorization"] = f"Bearer {granted['access_token']}"
    assert client.get("/HealthcareService?active=true").status_code == 200


@pytest.mark.parametrize(
    "over",
    [
        {"aud": "https://elsewhere.example/token"},
        {"iss": "another"},
        {"sub": "another"},
        {"exp": int(time.time()) - 60},
        {"exp": int(time.time()) + 3600},
        {"exp": None},
        {"jti": None},
        {"iss": None},
    ],
    ids=lambda over: next(iter(over)),
)
def test_assertion_with_a_wrong_claim_is_refused(client, over):
    answer = client.token(client.assertion(**over))
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_client"})


def test_assertion_of_another_key_is_refused(client):
    assert client.token(client.assertion(key=ec.generate_private_key(ec.SECP384R1()))).status_code == 400


def test_assertion_under_another_algorithm_is_refused(client):
    claims = jwt.decode(client.assertion(), options={"verify_signature": False})
    for key, algorithm in ((None, "none"), ("a shared secret of 32 bytes or so", "HS256")):
        assert client.token(jwt.encode(claims, key, algorithm=algorithm)).status_code == 400


def test_assertion_is_good_once(client):
    assertion = client.assertion()
    assert client.token(assertion).status_code == 200
    assert client.token(assertion).status_code == 400


@pytest.mark.parametrize(
    "over",
    [
        {"grant_type": "password"},
        {"scope": "patient/*.read"},
        {"client_assertion_type": "x"},
        {"client_assertion": "x"},
    ],
)
def test_form_that_is_not_backend_services_is_refused(client, over):
    assert client.token(**over).status_code == 400


@pytest.mark.parametrize("header", [None, "Bearer nonsense", "Basic a2lvc2s6"])
def test_nothing_is_told_to_somebody_who_has_not_signed_in(client, bundle, header):
    client.session.headers["Authorization"] = header
    for answer in (
        client.post("", bundle()),
        client.post("/CoverageEligibilityRequest/$submit", {}),
        client.post("/$lease-queue-numbers", {}),
        client.post("/Patient/_search", b"identifier=a|b"),
        client.get("/HealthcareService"),
        client.get("/Patient/1"),
    ):
        assert answer.status_code == 401
        assert answer.json()["issue"][0]["code"] == "login"


def test_anybody_may_read_what_the_hospital_can_do(client, hospital):
    client.session.headers["Authorization"] = None
    statement = client.get("/metadata").json()
    assert (statement["resourceType"], statement["fhirVersion"]) == ("CapabilityStatement", "4.0.1")
    assert client.get("/.well-known/smart-configuration").json()["token_endpoint"] == hospital.token_url
