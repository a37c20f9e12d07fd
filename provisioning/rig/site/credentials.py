"""The rig's own CA, the hospital's TLS certificate and the kiosk's client key; made at set-up, kept in var/."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

VALID_FOR = timedelta(days=90)
RENEW_BEFORE = timedelta(days=7)


@dataclass(frozen=True)
class Credentials:
    """Where everything lies."""

    ca_file: Path
    server_file: Path
    server_key_file: Path
    client_key_file: Path

    def client_public_key(self) -> ec.EllipticCurvePublicKey:
        """The key the hospital knows the kiosk by."""
        key = serialization.load_pem_private_key(self.client_key_file.read_bytes(), password=None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return key.public_key()


def make_credentials(directory: Path) -> Credentials:
    """The credentials in `directory`; made where they are missing or run out soon."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    names = ("ca.pem", "server.pem", "server_key.pem", "client_key.pem")
    made = Credentials(*(directory / name for name in names))
    if not made.client_key_file.exists():
        _write_key(made.client_key_file, ec.generate_private_key(ec.SECP384R1()))
    if not _still_good(made):
        _make_certificates(made)
    return made


def _still_good(made: Credentials) -> bool:
    if not all(file.exists() for file in (made.ca_file, made.server_file, made.server_key_file)):
        return False
    certificate = x509.load_pem_x509_certificate(made.server_file.read_bytes())
    return certificate.not_valid_after_utc - RENEW_BEFORE > datetime.now(UTC)


def _make_certificates(made: Credentials) -> None:
    ca_key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = _name("Kiosk rig CA")
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    ca = (
        _certificate(ca_name, ca_name, ca_key.public_key(), ca_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(ca_key, hashes.SHA256())
    )
    names: list[x509.GeneralName] = [x509.IPAddress(IPv4Address("127.0.0.1")), x509.DNSName("localhost")]
    server = (
        _certificate(_name("Stand-in hospital"), ca_name, server_key.public_key(), ca_key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    _write_key(made.server_key_file, server_key)
    made.ca_file.write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    made.server_file.write_bytes(server.public_bytes(serialization.Encoding.PEM))


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, issuer_key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _write_key(file: Path, key: ec.EllipticCurvePrivateKey) -> None:
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as opened:
        opened.write(pem)
