"""The rig's own CA and keys."""

from __future__ import annotations

import stat
from datetime import timedelta

from cryptography import x509

from provisioning.rig.site import credentials


def test_keys_are_the_owners_alone_and_made_once(tmp_path):
    made = credentials.make_credentials(tmp_path / "site")
    assert stat.S_IMODE((tmp_path / "site").stat().st_mode) == 0o700
    for file in (made.server_key_file, made.client_key_file):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = {file: file.read_bytes() for file in (tmp_path / "site").iterdir()}
    credentials.make_credentials(tmp_path / "site")
    assert {file: file.read_bytes() for file in (tmp_path / "site").iterdir()} == before


def test_certificates_that_run_out_soon_are_renewed_and_the_client_key_stays(tmp_path, monkeypatch):
    monkeypatch.setattr(credentials, "VALID_FOR", timedelta(days=6))
    made = credentials.make_credentials(tmp_path)
    client_key, server = made.client_key_file.read_bytes(), made.server_file.read_bytes()
    monkeypatch.undo()
    credentials.make_credentials(tmp_path)
    assert made.client_key_file.read_bytes() == client_key
    assert made.server_file.read_bytes() != server


def test_the_ca_may_sign_servers_and_nothing_below_it(tmp_path):
    made = credentials.make_credentials(tmp_path)
    ca = x509.load_pem_x509_certificate(made.ca_file.read_bytes())
    server = x509.load_pem_x509_certificate(made.server_file.read_bytes())
    server.verify_directly_issued_by(ca)
    assert ca.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0
    assert not server.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
