"""EF.SOD: every algorithm taken, every way to forge it refused, and OpenSSL's opinion of the ones we make."""

import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from kiosk.emrtd import certificates, sod, tlv
from kiosk.emrtd.csca import TrustStore
from kiosk.emrtd.passive_authentication import authenticate
from kiosk.emrtd.reasons import Reason, verdict_on
from kiosk.errors import CardAnswerInvalid, DerInvalid
from kiosk.identity.verdict import DocumentVerdict
from provisioning.trust.issuer import DemoTrust
from provisioning.trust.security_object import make_sod

GROUPS = {1: b"a\x02\x00\x01", 2: b"u\x02\x00\x02", 14: b"n\x00"}
TODAY = date(2026, 11, 25)


@pytest.fixture
def encoded(trust: DemoTrust) -> bytes:
    return make_sod(GROUPS, trust.trusted.signer, trust.trusted.signer_key)


def test_listed_hashes_are_those_of_the_files(encoded: bytes) -> None:
    security_object = sod.parse(encoded)
    assert set(security_object.hashes) == {1, 2, 14}
    assert security_object.matches(1, GROUPS[1])
    assert not security_object.matches(1, GROUPS[1] + b"\0")
    assert not security_object.matches(13, b"")


def test_openssl_agrees_with_the_signature(encoded: bytes, trust: DemoTrust, tmp_path: Path) -> None:
    (tmp_path / "sod").write_bytes(tlv.parse_one(encoded, 0x77).value)
    (tmp_path / "csca").write_bytes(trust.trusted.csca.public_bytes(Encoding.PEM))
    command = ["openssl", "cms", "-verify", "-inform", "DER", "-in", tmp_path / "sod", "-CAfile", tmp_path / "csca"]
    result = subprocess.run(
        [*command, "-purpose", "any", "-out", tmp_path / "content"], capture_output=True, text=True
    )
    assert "successful" in result.stderr
    assert (tmp_path / "content").read_bytes().startswith(b"0")


def test_trusted_signature_has_no_findings(encoded: bytes, store: TrustStore) -> None:
    assert authenticate(sod.parse(encoded), store, TODAY).issuer_is_trusted


def rewritten(encoded: bytes, change: Callable[[Any], None]) -> bytes:
    """EF.SOD with a part of its SignedData changed."""
    envelope = cms.ContentInfo.load(tlv.parse_one(encoded, 0x77).value)
    change(envelope["content"])
    return tlv.encode(0x77, envelope.dump(force=True))


def test_other_hashes_under_the_old_signature_are_found(
    encoded: bytes, store: TrustStore, trust: DemoTrust
) -> None:
    other = make_sod({**GROUPS, 1: b"a\0"}, trust.trusted.signer, trust.trusted.signer_key)
    content = cms.ContentInfo.load(tlv.parse_one(other, 0x77).value)["content"]["encap_content_info"]

    def swap(signed: Any) -> None:
        signed["encap_content_info"] = content

    findings = authenticate(sod.parse(rewritten(encoded, swap)), store, TODAY)
    assert findings.reasons == (Reason.SOD_DIGEST_WRONG,)


def test_changed_signature_is_found(encoded: bytes, store: TrustStore) -> None:
    def flip(signed: Any) -> None:
        signature = bytearray(signed["signer_infos"][0]["signature"].native)
        signature[-1] ^= 1
        signed["signer_infos"][0]["signature"] = bytes(signature)

    assert authenticate(sod.parse(rewritten(encoded, flip)), store, TODAY).reasons == (Reason.SOD_SIGNATURE_WRONG,)


def drop_attributes(signed: Any) -> None:
    signed["signer_infos"][0]["signed_attrs"] = None


def drop_certificates(signed: Any) -> None:
    signed["certificates"] = None


def two_signers(signed: Any) -> None:
    signed["signer_infos"] = [signed["signer_infos"][0], signed["signer_infos"][0]]


def other_content(signed: Any) -> None:
    signed["encap_content_info"]["content_type"] = "data"


def other_serial(signed: Any) -> None:
    signed["signer_infos"][0]["sid"].chosen["serial_number"] = 1


def other_signed_content(signed: Any) -> None:
    attributes = signed["signer_infos"][0]["signed_attrs"]
    next(item for item in attributes if item["type"].native == "content_type")["values"] = ["data"]


@pytest.mark.parametrize(
    "change",
    [drop_attributes, drop_certificates, two_signers, other_content, other_signed_content, other_serial],
    ids=lambda change: change.__name__,
)  # fmt: skip
def test_sod_that_breaks_the_standard_is_refused(encoded: bytes, change: Callable[[Any], None]) -> None:
    with pytest.raises(DerInvalid):
        sod.parse(rewritten(encoded, change))


@pytest.mark.parametrize(
    "contents", [b"", b"\x77\x00", b"\x77\x02\x30\x00", b"\x60\x00", b"\x77\x05\x30\x03\x02\x01\x05"]
)
def test_what_is_no_sod_is_named(contents: bytes) -> None:
    with pytest.raises(CardAnswerInvalid):
        sod.parse(contents)


# the algorithms of Doc 9303-12 ---------------------------------------------------------------------------


def rsa_chain(name: str = "RSA") -> tuple[x509.Certificate, x509.Certificate, rsa.RSAPrivateKey]:
    """A CSCA and signer with RSA keys, the former signing with PSS."""
    issuer_key, key = rsa.generate_private_key(65537, 2048), rsa.generate_private_key(65537, 2048)
    pss = padding.PSS(padding.MGF1(hashes.SHA512()), 20)

    def build(subject: str, public: rsa.RSAPublicKey, *, is_authority: bool) -> x509.Certificate:
        names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)]) for text in (subject, name)]
        return (
            x509.CertificateBuilder()
            .subject_name(names[0])
            .issuer_name(names[1])
            .public_key(public)
            .serial_number(5)
            .not_valid_before(datetime(2022, 1, 1, tzinfo=UTC))
            .not_valid_after(datetime(2037, 1, 1, tzinfo=UTC))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .sign(issuer_key, hashes.SHA512(), rsa_padding=pss)
        )

    return (
        build(name, issuer_key.public_key(), is_authority=True),
        build("signer", key.public_key(), is_authority=False),
        key,
    )


PSS_SHA256 = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
PSS_PARAMETERS: dict[str, Any] = {
    "algorithm": "rsassa_pss",
    "parameters": {
        "hash_algorithm": {"algorithm": "sha256"},
        "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": "sha256"}},
        "salt_length": 32,
    },
}
SIGNING = {
    "PKCS#1 v1.5 naming its hash": (padding.PKCS1v15(), {"algorithm": "sha256_rsa"}),
    "PKCS#1 v1.5 without a hash": (padding.PKCS1v15(), {"algorithm": "rsassa_pkcs1v15"}),
    "PSS": (PSS_SHA256, PSS_PARAMETERS),
}


@pytest.mark.parametrize("kind", SIGNING)
def test_rsa_signatures_are_taken(encoded: bytes, kind: str) -> None:
    csca, signer, key = rsa_chain()
    scheme, identifier = SIGNING[kind]

    def sign_anew(signed: Any) -> None:
        info = signed["signer_infos"][0]
        enclosed = cms.CertificateSet([cms.CertificateChoices("certificate", asn1_of(signer))])
        signed["certificates"] = enclosed
        info["sid"].chosen["serial_number"] = 5
        attributes = b"\x31" + info["signed_attrs"].dump()[1:]
        info["signature_algorithm"] = identifier
        info["signature"] = key.sign(attributes, scheme, hashes.SHA256())

    security_object = sod.parse(rewritten(encoded, sign_anew))
    store = TrustStore((certificates.parse(csca.public_bytes(Encoding.DER)),))
    assert authenticate(security_object, store, TODAY).reasons == ()
    assert authenticate(security_object, TrustStore(()), TODAY).reasons == (Reason.ISSUER_NOT_IN_STORE,)


def asn1_of(certificate: x509.Certificate) -> Any:
    return asn1.Certificate.load(certificate.public_bytes(Encoding.DER))


@pytest.mark.parametrize("algorithm", ["sha1_ecdsa", "sha256_rsa", "ed25519"])
def test_algorithm_that_is_not_taken_leads_to_no_trust(encoded: bytes, store: TrustStore, algorithm: str) -> None:
    def rename(signed: Any) -> None:
        signed["signer_infos"][0]["signature_algorithm"] = {"algorithm": algorithm}

    findings = authenticate(sod.parse(rewritten(encoded, rename)), store, TODAY)
    assert findings.reasons == (Reason.ALGORITHM_NOT_TAKEN,)
    assert not findings.issuer_is_trusted


@pytest.mark.parametrize("salt_length", [10**12, 2**70, -1])
def test_absurd_salt_length_leads_to_no_trust(encoded: bytes, salt_length: int) -> None:
    csca, signer, _ = rsa_chain()
    parameters = {**PSS_PARAMETERS["parameters"], "salt_length": salt_length}

    def rename(signed: Any) -> None:
        info = signed["signer_infos"][0]
        signed["certificates"] = cms.CertificateSet([cms.CertificateChoices("certificate", asn1_of(signer))])
        info["sid"].chosen["serial_number"] = 5
        info["signature_algorithm"] = {"algorithm": "rsassa_pss", "parameters": parameters}

    store = TrustStore((certificates.parse(csca.public_bytes(Encoding.DER)),))
    findings = authenticate(sod.parse(rewritten(encoded, rename)), store, TODAY)
    assert findings.reasons == (Reason.ALGORITHM_NOT_TAKEN,)


# the verdict ---------------------------------------------------------------------------------------------


def test_nothing_proven_is_never_authentic() -> None:
    assert verdict_on((), issuer_is_trusted=False, chip_is_proven=True) is DocumentVerdict.ISSUER_NOT_TRUSTED
    assert verdict_on((), issuer_is_trusted=True, chip_is_proven=False) is (
        DocumentVerdict.DATA_AUTHENTIC_CHIP_NOT_PROVEN
    )


@pytest.mark.parametrize("reason", [item for item in Reason if item.endswith(("_wrong", "_withheld", "_refused"))])
def test_proof_of_forgery_outweighs_everything(reason: Reason) -> None:
    assert verdict_on((reason,), issuer_is_trusted=True, chip_is_proven=True) is DocumentVerdict.FORGED
