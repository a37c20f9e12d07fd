"""The key the kiosk signs in with."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from drivers.site.smart_backend_services import read_client_key, thumbprint
from kiosk.errors import ClientKeyUnusable


def written(file, key, mode=0o600):
    pem = serialization.PrivateFormat.PKCS8
    file.write_bytes(key.private_bytes(serialization.Encoding.PEM, pem, serialization.NoEncryption()))
    file.chmod(mode)
    return file


def test_key_on_p384_of_mode_0600_is_read(tmp_path):
    key = ec.generate_private_key(ec.SECP384R1())
    assert read_client_key(written(tmp_path / "key.pem", key)).private_numbers() == key.private_numbers()


def test_key_others_can_read_is_refused(tmp_path):
    with pytest.raises(ClientKeyUnusable, match="0600"):
        read_client_key(written(tmp_path / "key.pem", ec.generate_private_key(ec.SECP384R1()), 0o644))


def test_key_on_another_curve_is_refused(tmp_path):
    with pytest.raises(ClientKeyUnusable, match="P-384"):
        read_client_key(written(tmp_path / "key.pem", ec.generate_private_key(ec.SECP256R1())))


@pytest.mark.parametrize("content", [b"", b"not a key"])
def test_file_without_a_key_is_refused(tmp_path, content):
    file = tmp_path / "key.pem"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(ClientKeyUnusable):
        read_client_key(file)


def test_missing_key_is_named(tmp_path):
    with pytest.raises(ClientKeyUnusable):
        read_client_key(tmp_path / "none.pem")


def test_key_id_is_the_jwk_thumbprint_of_rfc_7638():
    key = ec.derive_private_key(0x1234567890ABCDEF, ec.SECP384R1()).public_key()
    numbers = key.public_numbers()
    x, y = (urlsafe_b64encode(n.to_bytes(48)).rstrip(b"=").decode() for n in (numbers.x, numbers.y))
    canonical = f'{{"crv":"P-384","kty":"EC","x":"{x}","y":"{y}"}}'
    assert json.loads(canonical)["kty"] == "EC"
    wanted = urlsafe_b64encode(hashlib.sha256(canonical.encode()).digest()).rstrip(b"=").decode()
    assert thumbprint(key) == wanted
