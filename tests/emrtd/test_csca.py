"""The trust store: every certificate in the directory is usable or is named with the reason why not.

The odd ones are made here: `cryptography` does not write explicit curve parameters, so asn1crypto does.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ecdsa
import pytest
from asn1crypto import core, keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from kiosk.emrtd import certificates
from kiosk.emrtd.csca import DEMO_MARK, TrustStore, is_demo_csca
from kiosk.errors import DemoIssuerRefused, DerInvalid, TrustStoreInvalid
from provisioning.trust.issuer import DemoTrust, make_issuer

CURVES: dict[str, tuple[Any, Any]] = {
    "secp224r1": (ec.SECP224R1(), ecdsa.NIST224p),
    "secp256r1": (ec.SECP256R1(), ecdsa.NIST256p),
    "secp384r1": (ec.SECP384R1(), ecdsa.NIST384p),
    "secp521r1": (ec.SECP521R1(), ecdsa.NIST521p),
    "brainpoolP256r1": (ec.BrainpoolP256R1(), ecdsa.BRAINPOOLP256r1),
    "brainpoolP384r1": (ec.BrainpoolP384R1(), ecdsa.BRAINPOOLP384r1),
    "brainpoolP512r1": (ec.BrainpoolP512R1(), ecdsa.BRAINPOOLP512r1),
}
Rewrite = Callable[[Any], None]


def certificate(key: Any, *, is_authority: bool = True, pss: bool = False, unit: str = "Test") -> bytes:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "UT"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
            x509.NameAttribute(NameOID.COMMON_NAME, "Test CSCA"),
        ]
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(17)
        .not_valid_before(datetime(2022, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2037, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), 32) if pss else None
    return builder.sign(key, hashes.SHA256(), rsa_padding=scheme).public_bytes(Encoding.DER)


def explicit_domain(curve: Any, form: str = "uncompressed") -> keys.ECDomainParameters:
    """The curve spelled out number by number, as Doc 9303-12 §4.1.6.2 prescribes."""
    weierstrass, length = curve.curve, (curve.curve.p().bit_length() + 7) // 8
    domain = keys.SpecifiedECDomain(
        {
            "version": 1,
            "field_id": {"field_type": "prime_field", "parameters": core.Integer(weierstrass.p())},
            "curve": {
                "a": (weierstrass.a() % weierstrass.p()).to_bytes(length, "big"),
                "b": weierstrass.b().to_bytes(length, "big"),
            },
            "base": keys.ECPoint(curve.generator.to_bytes(form)),
            "order": curve.order,
            "cofactor": 1,
        }
    )
    return keys.ECDomainParameters(name="specified", value=domain)


def with_explicit_parameters(
    key: Any, curve: Any, form: str = "uncompressed", change: Rewrite | None = None
) -> bytes:
    """A self-signed certificate whose key carries explicit parameters, signed anew."""
    plain = asn1.Certificate.load(certificate(key))
    signed = plain["tbs_certificate"]
    parameters = explicit_domain(curve, form)
    if change:
        change(parameters.chosen)
    public = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    signed["subject_public_key_info"] = keys.PublicKeyInfo(
        {
            "algorithm": {"algorithm": "ec", "parameters": parameters},
            "public_key": keys.ECPointBitString(public),
        }
    )
    plain["signature_value"] = key.sign(signed.dump(force=True), ec.ECDSA(hashes.SHA256()))
    encoded: bytes = plain.dump(force=True)
    return encoded


def load(directory: Path, **files: bytes) -> TrustStore:
    for name, data in files.items():
        (directory / f"{name}.cer").write_bytes(data)
    return TrustStore.load(directory, allow_demo=False)


@pytest.mark.parametrize("form", ["uncompressed", "compressed"])
@pytest.mark.parametrize("name", CURVES)
def test_explicit_parameters_of_a_known_curve_are_that_curve(tmp_path: Path, name: str, form: str) -> None:
    named, spelled_out = CURVES[name]
    encoded = with_explicit_parameters(ec.generate_private_key(named), spelled_out, form)
    store = load(tmp_path, odd=encoded)
    assert store.unusable == ()
    (issuer,) = store.issuers
    assert isinstance(issuer.public_key, ec.EllipticCurvePublicKey)
    assert issuer.public_key.curve.name == named.name
    assert issuer.is_signed_by(issuer)


def test_a_strangers_curve_through_a_known_key_is_refused(tmp_path: Path) -> None:
    """CVE-2020-0601: the same public key, but the base point chosen so that the private key is known."""

    def move_base_point(domain: Any) -> None:
        domain["base"] = keys.ECPoint((ecdsa.NIST256p.generator * 5).to_bytes("uncompressed"))

    encoded = with_explicit_parameters(
        ec.generate_private_key(ec.SECP256R1()), ecdsa.NIST256p, change=move_base_point
    )
    store = load(tmp_path, stranger=encoded)
    assert store.issuers == ()
    assert "explicit parameters of no known curve" in store.unusable[0].reason


def test_every_certificate_is_usable_or_named_with_its_reason(tmp_path: Path) -> None:
    rsa_key = rsa.generate_private_key(65537, 2048)
    good = {
        "rsa": certificate(rsa_key),
        "rsa_pss": certificate(rsa_key, pss=True),
        "p384": certificate(ec.generate_private_key(ec.SECP384R1())),
        "brainpool": certificate(ec.generate_private_key(ec.BrainpoolP512R1())),
        "explicit": with_explicit_parameters(ec.generate_private_key(ec.BrainpoolP256R1()), ecdsa.BRAINPOOLP256r1),
    }
    bad = {
        "koblitz": certificate(ec.generate_private_key(ec.SECP256K1())),
        "short": certificate(rsa.generate_private_key(65537, 1024)),
        "no_authority": certificate(rsa_key, is_authority=False),
        "cut_short": good["rsa"][:-20],
        "empty": b"",
        "text": b"not a certificate",
    }
    store = load(tmp_path, **good, **bad)
    assert len(store.issuers) == len(good)
    assert {item.file_name.removesuffix(".cer"): bool(item.reason) for item in store.unusable} == dict.fromkeys(
        bad, True
    )
    reasons = {item.file_name: item.reason for item in store.unusable}
    assert reasons["koblitz.cer"] == "curve secp256k1"
    assert reasons["short.cer"] == "RSA of 1024 bits"
    assert reasons["no_authority.cer"] == "not a certification authority"
    assert all(issuer.is_signed_by(issuer) for issuer in store.issuers)


def test_one_pem_file_may_hold_several_certificates_and_a_damaged_one_is_named(tmp_path: Path) -> None:
    issuers = [make_issuer(name) for name in ("one", "two")]
    blocks = [issuer.csca.public_bytes(Encoding.PEM) for issuer in issuers]
    (tmp_path / "all.pem").write_bytes(b"".join(blocks) + blocks[0].replace(b"MII", b"M*I", 1))
    store = TrustStore.load(tmp_path, allow_demo=True)
    assert len(store.issuers) == 2
    assert [item.file_name for item in store.unusable] == ["all.pem"]


def test_same_certificate_twice_counts_once(tmp_path: Path, trust: DemoTrust) -> None:
    for name in ("a.pem", "b.pem"):
        (tmp_path / name).write_bytes(trust.trusted.csca.public_bytes(Encoding.PEM))
    assert len(TrustStore.load(tmp_path, allow_demo=True).issuers) == 1


def test_demonstration_issuer_is_refused_where_it_is_not_allowed(trust: DemoTrust) -> None:
    with pytest.raises(DemoIssuerRefused, match=r"demo\.pem"):
        TrustStore.load(trust.csca_dir, allow_demo=False)


def test_demonstration_issuer_is_known_by_its_mark_whoever_made_it() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    assert is_demo_csca(certificates.parse(certificate(key, unit=DEMO_MARK)))
    assert not is_demo_csca(certificates.parse(certificate(key)))


def test_directory_that_is_not_there_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(TrustStoreInvalid):
        TrustStore.load(tmp_path / "nowhere", allow_demo=False)


def test_signer_is_looked_up_by_key_and_not_by_name_alone(trust: DemoTrust) -> None:
    """After a change of its key a CSCA has the same name: the old key must not be blamed for the new signer."""
    signer = certificates.parse(trust.trusted.signer.public_bytes(Encoding.DER))
    successor = certificates.parse(make_issuer("Demo Issuer").csca.public_bytes(Encoding.DER))
    assert successor.subject == signer.issuer
    assert TrustStore((successor,)).candidates(signer) == ()


def test_malformed_certificate_is_named() -> None:
    with pytest.raises(DerInvalid, match="certificate"):
        certificates.parse(b"\x30\x03\x02\x01\x05")
