"""What the driver sends: signed in, nothing personal in an address, the same body for the same event."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from urllib.parse import parse_qs

import jwt
import pytest

from kiosk import errors

EVENT = "01920000-0000-7000-8000-000000000001"


def assertion_of(request):
    return parse_qs(request[3].decode())["client_assertion"][0]


def asked(server, path):
    return [request for request in server.requests if request[1] == path]


def test_assertion_is_what_smart_backend_services_asks_for(server, site_for, credentials):
    anything = server(404)
    site_for(anything.settings()).ping(2.0)
    (request,) = asked(anything, "/token")
    form = {key: values[0] for key, values in parse_qs(request[3].decode()).items()}
    assert form["grant_type"] == "client_credentials"
    assert form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

    header = jwt.get_unverified_header(form["client_assertion"])
    claims = jwt.decode(
        form["client_assertion"],
        credentials.client_public_key(),
        algorithms=["ES384"],
        audience=anything.settings().token_url,
    )
    assert (header["alg"], header["typ"]) == ("ES384", "JWT")
    assert header["kid"]
    assert claims["iss"] == claims["sub"] == "kiosk"
    assert 0 < claims["exp"] - time.time() <= 300


def test_token_is_asked_for_once_and_used_for_many_calls(server, site_for):
    anything = server(404)
    site = site_for(anything.settings())
    for _ in range(3):
        with pytest.raises(errors.SiteRefused):
            site.departments()
    assert len(asked(anything, "/token")) == 1
    assert len(asked(anything, "/fhir/metadata")) == 1


def test_token_that_is_not_accepted_is_renewed_once_and_no_more(server, site_for):
    anything = server(401)
    with pytest.raises(errors.SiteTokenRefused):
        site_for(anything.settings()).departments()
    tokens = asked(anything, "/token")
    assert len(tokens) == 2
    first, second = (jwt.decode(assertion_of(found), options={"verify_signature": False}) for found in tokens)
    assert first["jti"] != second["jti"]


def test_token_that_soon_expires_is_renewed_before_it_does(server, site_for, reply):
    anything = server(404)
    anything.token = reply(200, b'{"access_token": "t", "token_type": "bearer", "expires_in": 0}')
    site = site_for(anything.settings())
    for _ in range(2):
        with pytest.raises(errors.SiteRefused):
            site.departments()
    assert len(asked(anything, "/token")) == 2


@pytest.mark.parametrize("status", [400, 401, 403])
def test_refused_assertion_is_a_refused_token(server, site_for, reply, status):
    anything = server()
    anything.token = reply(status, b'{"error": "invalid_client"}')
    with pytest.raises(errors.SiteTokenRefused):
        site_for(anything.settings()).ping(2.0)


@pytest.mark.parametrize("granted", [b"", b"[]", b"{}", b'{"access_token": "", "token_type": "bearer"}'])
def test_token_endpoint_that_grants_nothing_is_nonsense(server, site_for, reply, granted):
    anything = server()
    anything.token = reply(200, granted)
    with pytest.raises(errors.SiteSpokeNonsense):
        site_for(anything.settings()).ping(2.0)


def test_kiosk_whose_clock_is_off_signs_by_the_sites_clock(server, site_for, reply):
    anything = server(404)
    hour_ahead = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 3600))

    def metadata(handler):
        handler.date_time_string = lambda *_: hour_ahead
        reply(200, json.dumps({**STATEMENT}).encode())(handler)

    anything.metadata = metadata
    site = site_for(anything.settings())
    site.ping(2.0)
    claims = jwt.decode(assertion_of(asked(anything, "/token")[0]), options={"verify_signature": False})
    assert abs(claims["iat"] - time.time() - 3600) < 60
    assert abs(site.clock_offset_s() - 3600) < 60


STATEMENT = {
    "resourceType": "CapabilityStatement",
    "fhirVersion": "4.0.1",
    "format": ["json"],
    "rest": [{"mode": "server", "interaction": [{"code": "transaction"}]}],
}


def test_delivery_carries_its_event_id_and_digest(server, site_for):
    anything = server(404)
    body = '{"name": "Nguyễn"}'.encode()
    with pytest.raises(errors.SiteRefused):
        site_for(anything.settings()).deliver(EVENT, body, 2.0)
    _, path, headers, sent = anything.requests[-1]
    assert (path, sent) == ("/fhir", body)
    assert headers["Idempotency-Key"] == f'"{EVENT}"'
    assert headers["Content-Type"] == "application/fhir+json"
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    assert headers["Content-Digest"] == f"sha-256=:{digest}:"


def test_nothing_personal_is_in_any_address(hospital, site_for, person):
    paths = []
    site = site_for(hospital.settings())
    send = site._https.send
    site._https.send = lambda method, url, **more: (paths.append(url), send(method, url, **more))[1]
    assert site.look_up_insurance(person).state == "valid"
    assert site.departments()
    assert site.lease_queue_numbers("kiosk-test", 2) == ("T1-001", "T1-002")
    told = " ".join(paths)
    assert not any(word in told for word in (person.citizen_number, "Nguy", "1985"))


def test_second_page_of_departments_is_fetched(server, site_for, reply):
    anything = server()
    place = {"resourceType": "Location", "id": "1", "name": "Phòng 1"}

    def service(code):
        return {
            "resourceType": "HealthcareService",
            "id": code,
            "active": True,
            "identifier": [{"system": "urn:kiosk:department", "value": code}],
            "name": code,
            "location": [{"reference": "Location/1"}],
        }

    def page(handler):
        last = "page=2" in handler.path
        link = [] if last else [{"relation": "next", "url": f"{anything.address}/fhir/HealthcareService?page=2"}]
        found = [service("B")] if last else [service("A"), place]
        bundle = {
            "resourceType": "Bundle",
            "type": "searchset",
            "link": link,
            "entry": [{"resource": r} for r in found],
        }
        reply(200, json.dumps(bundle).encode())(handler)

    anything.fhir = page
    assert [department.code for department in site_for(anything.settings()).departments()] == ["A", "B"]


def test_token_is_not_taken_to_a_page_that_is_elsewhere(server, site_for):
    other = server()
    link = [{"relation": "next", "url": f"{other.address}/fhir/HealthcareService?page=2"}]
    bundle = {"resourceType": "Bundle", "type": "searchset", "link": link}
    with pytest.raises(errors.SiteSpokeNonsense):
        site_for(server(200, json.dumps(bundle).encode()).settings()).departments()
    assert other.requests == []
