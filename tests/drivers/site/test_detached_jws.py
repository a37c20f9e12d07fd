"""The kiosk's signature, taken apart by cryptography alone, as RFC 7515 has it."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from drivers.site.detached_jws import DetachedSigner
from drivers.site.smart_backend_services import thumbprint


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


@pytest.fixture
def key(tmp_path: Path) -> ec.EllipticCurvePrivateKey:
    made = ec.generate_private_key(ec.SECP384R1())
    file = tmp_path / "key.pem"
    file.touch(0o600)
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    file.write_bytes(made.private_bytes(pem, pkcs8, serialization.NoEncryption()))
    return made


def verify(key: ec.EllipticCurvePrivateKey, jws: str, content: bytes) -> None:
    header, payload, signature = jws.split(".")
    assert payload == ""
    r, s = (int.from_bytes(half) for half in (decoded(signature)[:48], decoded(signature)[48:]))
    signed = f"{header}.{base64.urlsafe_b64encode(content).decode().rstrip('=')}".encode()
    key.public_key().verify(encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA384()))


def test_signature_is_over_header_and_content_by_the_clients_key(
    tmp_path: Path, key: ec.EllipticCurvePrivateKey
) -> None:
    jws = DetachedSigner(tmp_path / "key.pem").sign(b'{"a":"b"}')
    header = json.loads(decoded(jws.partition(".")[0]))
    assert (header["alg"], header["kid"]) == ("ES384", thumbprint(key.public_key()))
    verify(key, jws, b'{"a":"b"}')
    with pytest.raises(InvalidSignature):
        verify(key, jws, b'{"a":"c"}')
