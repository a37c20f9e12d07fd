"""Demonstration issuers: a CSCA with a document signer the rig trusts, and a pair it does not know.

Made at set-up and kept out of the repository; every certificate carries `csca.DEMO_MARK`, which the production
profile refuses.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from kiosk.emrtd.csca import DEMO_MARK

_NOT_BEFORE = datetime(2021, 1, 1, tzinfo=UTC)
_SIGNER_NOT_AFTER = datetime(2061, 1, 1, tzinfo=UTC)
_CSCA_NOT_AFTER = datetime(2071, 1, 1, tzinfo=UTC)
"""Long enough for a card issued at 40 that holds until 60."""
_KEY_MODE = 0o600


@dataclass(frozen=True, repr=False)
class Issuer:
    """A CSCA certificate, a document signer under it, and the signer's key."""

    csca: x509.Certificate
    signer: x509.Certificate
    signer_key: ec.EllipticCurvePrivateKey


@dataclass(frozen=True, repr=False)
class DemoTrust:
    """The issuer the rig's kiosk trusts, one it does not know, and the directory of what it trusts."""

    trusted: Issuer
    unknown: Issuer
    csca_dir: Path


def make_demo_trust(directory: Path) -> DemoTrust:
    """Load the demonstration issuers in `directory`, making them first where they are missing."""
    csca_dir = directory / "csca"
    csca_dir.mkdir(parents=True, exist_ok=True)
    trusted = _load_or_make(directory / "trusted", "Demo Issuer")
    unknown = _load_or_make(directory / "unknown", "Unknown Demo Issuer")
    (csca_dir / "demo.pem").write_bytes(trusted.csca.public_bytes(Encoding.PEM))
    return DemoTrust(trusted, unknown, csca_dir)


def _load_or_make(directory: Path, name: str) -> Issuer:
    if not (directory / "signer.key").exists():
        directory.mkdir(parents=True, exist_ok=True)
        _save(make_issuer(name), directory)
    key = load_pem_private_key((directory / "signer.key").read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return Issuer(
        csca=x509.load_pem_x509_certificate((directory / "csca.pem").read_bytes()),
        signer=x509.load_pem_x509_certificate((directory / "signer.pem").read_bytes()),
        signer_key=key,
    )


def _save(issuer: Issuer, directory: Path) -> None:
    """The key last, for it marks the pair as complete."""
    (directory / "csca.pem").write_bytes(issuer.csca.public_bytes(Encoding.PEM))
    (directory / "signer.pem").write_bytes(issuer.signer.public_bytes(Encoding.PEM))
    encoded = issuer.signer_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    descriptor = os.open(directory / "signer.key", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _KEY_MODE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(encoded)


def make_issuer(name: str) -> Issuer:
    """A fresh CSCA and signer; the CSCA's key signs once and is forgotten. Doc 9303-12 §7.1 (profiles)."""
    csca_key = ec.generate_private_key(ec.BrainpoolP384R1())
    csca = (
        _builder(name, name, csca_key.public_key(), csca_key.public_key(), _CSCA_NOT_AFTER)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(is_authority=True), critical=True)
        .sign(csca_key, hashes.SHA384())
    )
    return _with_signer(csca, name, csca_key.public_key(), csca_key)


def impostor_of(issuer: Issuer) -> Issuer:
    """A signer who names `issuer`'s CSCA as its own, but is signed by a key of the forger's."""
    claimed_key = issuer.csca.public_key()
    assert isinstance(claimed_key, ec.EllipticCurvePublicKey)
    name = issuer.csca.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    return _with_signer(issuer.csca, str(name), claimed_key, ec.generate_private_key(ec.BrainpoolP384R1()))


def _with_signer(
    csca: x509.Certificate, name: str, named_key: ec.EllipticCurvePublicKey, key: ec.EllipticCurvePrivateKey
) -> Issuer:
    """A document signer that names `named_key` as its issuer's and is signed with `key`."""
    signer_key = ec.generate_private_key(ec.BrainpoolP256R1())
    signer = (
        _builder(f"{name} Document Signer", name, signer_key.public_key(), named_key, _SIGNER_NOT_AFTER)
        .add_extension(_key_usage(is_authority=False), critical=True)
        .sign(key, hashes.SHA384())
    )
    return Issuer(csca, signer, signer_key)


def _builder(
    subject: str,
    issuer: str,
    key: ec.EllipticCurvePublicKey,
    issuer_key: ec.EllipticCurvePublicKey,
    not_after: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_NOT_BEFORE)
        .not_valid_after(not_after)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, DEMO_MARK),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _key_usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
