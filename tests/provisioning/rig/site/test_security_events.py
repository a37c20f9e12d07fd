"""The hospital takes a security event only as the kiosk it knows has signed it."""

from __future__ import annotations

import base64
import copy
import json
from datetime import UTC, datetime
from uuid import UUID, uuid4

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.api_jws import PyJWS

from drivers.site.detached_jws import DetachedSigner
from drivers.site.smart_backend_services import thumbprint
from kiosk.messages import SecurityEvent
from kiosk.sync.fhir.bundle import Envelope
from kiosk.sync.fhir.canonical import canonical_json
from kiosk.sync.fhir.security import security_bundle


@pytest.fixture
def alert(hospital):
    """What a kiosk sends of one refused document."""

    def make(sign=None, event_id=None):
        event = SecurityEvent(
            session_id=uuid4(),
            event_id=event_id or uuid4(),
            at=datetime.now(UTC),
            code="document_forged",
            reasons=("dg1_hash_wrong",),
            access_protocol="BAC",
        )
        envelope = Envelope(event.event_id, "kiosk-test", 1, datetime.now(UTC), None)
        return security_bundle(event, envelope, sign or DetachedSigner(hospital.client_key_file).sign)

    return make


def signature_of(bundle):
    return bundle["entry"][1]["resource"]["signature"][0]


def with_jws(bundle, change):
    changed = copy.deepcopy(bundle)
    jws = base64.b64decode(signature_of(changed)["data"]).decode()
    signature_of(changed)["data"] = base64.b64encode(change(jws).encode()).decode()
    return changed


def refused(client, hospital, bundle):
    answer = client.post("", bundle)
    assert hospital.security_events() == []
    assert hospital.hospital.all_of("Provenance") == []
    return answer.status_code, answer.json()["issue"][0]["code"]


def test_good_signature_is_taken_and_told(client, hospital, alert):
    event_id = uuid4()
    assert client.post("", alert(event_id=event_id)).status_code == 200
    (known,) = hospital.security_events()
    assert (known["event_id"], known["kiosk"], known["code"]) == (str(event_id), "kiosk-test", "document_forged")
    assert (known["reasons"], known["access_protocol"]) == (["dg1_hash_wrong"], "BAC")


def test_event_that_comes_again_under_another_key_exists_once(client, hospital, alert):
    sent = alert()
    for _ in range(2):
        assert client.post("", sent).status_code == 200
    assert len(hospital.security_events()) == 1


@pytest.mark.parametrize(
    "alter",
    [
        lambda alert: alert.update(recorded="2026-01-01T00:00:00.000+00:00"),
        lambda alert: alert["subtype"][0].update(code="document_expired"),
        lambda alert: alert["entity"][0]["detail"].pop(0),
        lambda alert: alert["source"]["observer"]["identifier"].update(value="another-kiosk"),
        lambda alert: alert.update(outcomeDesc="nothing happened"),
    ],
    ids=["time", "code", "reason", "kiosk", "added"],
)
def test_alert_that_was_altered_is_refused(client, hospital, alert, alter):
    sent = alert()
    alter(sent["entry"][0]["resource"])
    assert refused(client, hospital, sent) == (422, "security")


def test_alert_under_another_events_tag_is_refused(client, hospital, alert):
    sent = alert()
    sent["entry"][0]["resource"]["meta"]["tag"][0]["code"] = str(UUID(int=7))
    assert refused(client, hospital, sent) == (422, "security")


def test_signature_of_another_alert_is_refused(client, hospital, alert):
    sent, other = alert(), alert()
    signature_of(sent)["data"] = signature_of(other)["data"]
    assert refused(client, hospital, sent) == (422, "security")


@pytest.mark.parametrize("claims_the_right_key", [True, False])
def test_another_keys_signature_is_refused(client, hospital, alert, tmp_path, claims_the_right_key):
    key = ec.generate_private_key(ec.SECP384R1())
    right = serialization.load_pem_private_key(hospital.client_key_file.read_bytes(), None).public_key()
    kid = thumbprint(right if claims_the_right_key else key.public_key())

    def sign(content):
        header, _, signature = PyJWS().encode(content, key, "ES384", {"kid": kid}).split(".")
        return f"{header}..{signature}"

    assert refused(client, hospital, alert(sign)) == (422, "security")


def test_right_key_under_another_name_is_refused(client, hospital, alert):
    def sign(content):
        key = hospital.client_key_file.read_text()
        header, _, signature = PyJWS().encode(content, key, "ES384", {"kid": "another"}).split(".")
        return f"{header}..{signature}"

    assert refused(client, hospital, alert(sign)) == (422, "security")


def test_signature_without_algorithm_is_refused(client, hospital, alert):
    def sign(content):
        header, _, _ = PyJWS().encode(content, None, "none").split(".")
        return f"{header}.."

    assert refused(client, hospital, alert(sign)) == (422, "security")


@pytest.mark.parametrize(
    "change",
    [
        lambda jws: jws[:-4],
        lambda jws: jws.replace("..", "."),
        lambda jws: "",
        lambda jws: "ế..ế",
    ],
    ids=["cut", "two parts", "empty", "not ASCII"],
)
def test_what_is_no_signature_is_refused(client, hospital, alert, change):
    assert refused(client, hospital, with_jws(alert(), change)) == (422, "security")


def test_signature_that_brings_its_own_content_is_refused(client, hospital, alert):
    sent = alert()
    content = canonical_json(sent["entry"][0]["resource"])
    whole = jwt.utils.base64url_encode(content).decode()
    assert refused(client, hospital, with_jws(sent, lambda jws: jws.replace("..", f".{whole}."))) == (
        422,
        "security",
    )


def test_alert_without_provenance_or_signature_is_refused(client, hospital, alert):
    alone = alert()
    del alone["entry"][1]
    assert refused(client, hospital, alone) == (422, "security")
    unsigned = alert()
    del unsigned["entry"][1]["resource"]["signature"]
    assert refused(client, hospital, unsigned) == (422, "security")
    elsewhere = alert()
    elsewhere["entry"][1]["resource"]["target"] = [{"reference": "urn:uuid:" + str(uuid4())}]
    assert refused(client, hospital, elsewhere) == (422, "security")


@pytest.mark.parametrize("data", [17, None, "not base64!", {"a": 1}], ids=json.dumps)
def test_signature_of_another_kind_is_refused(client, hospital, alert, data):
    sent = alert()
    signature_of(sent)["data"] = data
    assert refused(client, hospital, sent) == (422, "security")
