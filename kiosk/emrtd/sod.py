"""EF.SOD: the hashes of all data groups, signed by the document signer. ICAO Doc 9303-10 §4.6.2; RFC 5652."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from asn1crypto import algos, cms, core

from kiosk.emrtd import certificates, signatures, tlv
from kiosk.emrtd.certificates import Certificate
from kiosk.emrtd.ciphers import equal
from kiosk.emrtd.der import reading_der
from kiosk.errors import DerInvalid

LDS_SECURITY_OBJECT = "2.23.136.1.1.1"
_FILE_TAG = 0x77
_SET = b"\x31"


class DataGroupHash(core.Sequence):  # type: ignore[misc]  # asn1crypto is untyped
    """Number and hash of one data group."""

    _fields = [("number", core.Integer), ("hash", core.OctetString)]  # noqa: RUF012 (asn1crypto's form)


class DataGroupHashes(core.SequenceOf):  # type: ignore[misc]
    """The hashes of all data groups."""

    _child_spec = DataGroupHash


class LdsVersionInfo(core.Sequence):  # type: ignore[misc]
    """LDS and Unicode version."""

    _fields = [("lds_version", core.PrintableString), ("unicode_version", core.PrintableString)]  # noqa: RUF012


class LdsSecurityObject(core.Sequence):  # type: ignore[misc]
    """What the document signer signs."""

    _fields = [  # noqa: RUF012
        ("version", core.Integer),
        ("hash_algorithm", algos.DigestAlgorithm),
        ("data_group_hashes", DataGroupHashes),
        ("lds_version_info", LdsVersionInfo, {"optional": True}),
    ]


@dataclass(frozen=True, repr=False)
class SecurityObject:
    """EF.SOD as read; nothing about it is proven."""

    hash_name: str
    hashes: dict[int, bytes]
    signer: Certificate
    _content: bytes
    _message_digest: bytes
    _digest_name: str
    _signed_attributes: bytes
    _signature: bytes
    _signature_algorithm: algos.SignedDigestAlgorithm

    def lists(self, data_group: int) -> bool:
        """Whether a hash of this data group is signed."""
        return data_group in self.hashes

    def matches(self, data_group: int, contents: bytes) -> bool:
        """Whether the file's raw bytes have the listed hash. Raises: UnusableAlgorithm."""
        expected = self.hashes.get(data_group, b"")
        return equal(signatures.digest(self.hash_name, contents), expected)

    def content_matches_digest(self) -> bool:
        """Whether the list of hashes is the one the signed attributes speak of. Raises: UnusableAlgorithm."""
        return equal(signatures.digest(self._digest_name, self._content), self._message_digest)

    def signature_is_valid(self) -> bool:
        """Whether the enclosed signer signed the attributes. Raises: DerInvalid, UnusableKey, UnusableAlgorithm."""
        return signatures.is_valid(
            self.signer.public_key,
            self._signature_algorithm,
            self._signature,
            self._signed_attributes,
            hash_hint=self._digest_name,
        )


def parse(contents: bytes) -> SecurityObject:
    """EF.SOD's parts. Raises: TlvInvalid, DerInvalid."""
    wrapped = tlv.parse_one(contents, _FILE_TAG).value
    with reading_der("EF.SOD"):
        envelope = cms.ContentInfo.load(tlv.parse_one(wrapped, 0x30).raw, strict=True)
        if envelope["content_type"].native != "signed_data":
            raise DerInvalid("EF.SOD is no SignedData")
        signed = envelope["content"]
        if signed["encap_content_info"]["content_type"].dotted != LDS_SECURITY_OBJECT:
            raise DerInvalid("EF.SOD signs another kind of content")
        if len(signed["signer_infos"]) != 1:
            raise DerInvalid("EF.SOD has not exactly one signer")
        return _security_object(signed, signed["signer_infos"][0])


def _security_object(signed: Any, signer_info: Any) -> SecurityObject:
    content: bytes = signed["encap_content_info"]["content"].contents
    listed = LdsSecurityObject.load(content, strict=True)
    attributes = signer_info["signed_attrs"]
    return SecurityObject(
        hash_name=listed["hash_algorithm"]["algorithm"].native,
        hashes=_hashes(listed["data_group_hashes"]),
        signer=_signer(signed["certificates"], signer_info["sid"]),
        _content=content,
        _message_digest=_attribute(attributes, "message_digest").native,
        _digest_name=signer_info["digest_algorithm"]["algorithm"].native,
        # the signature is over the attributes as a SET, not under the implicit tag they travel with
        _signed_attributes=_SET + _checked(attributes).dump()[1:],
        _signature=signer_info["signature"].native,
        _signature_algorithm=signer_info["signature_algorithm"],
    )


def _hashes(rows: Any) -> dict[int, bytes]:
    found = {row["number"].native: row["hash"].native for row in rows}
    if len(found) != len(rows):
        raise DerInvalid("EF.SOD lists a data group twice")
    return found


def _checked(attributes: Any) -> Any:
    if _attribute(attributes, "content_type").dotted != LDS_SECURITY_OBJECT:
        raise DerInvalid("EF.SOD's signed content type is another")
    return attributes


def _attribute(attributes: Any, kind: str) -> Any:
    """The single value of a signed attribute; both that are needed are mandatory. RFC 5652 §5.3."""
    found = [item["values"] for item in attributes if item["type"].native == kind]
    if len(found) != 1 or len(found[0]) != 1:
        raise DerInvalid(f"EF.SOD's {kind} attribute")
    return found[0][0]


def _signer(enclosed: Any, signer_id: Any) -> Certificate:
    for choice in enclosed:
        if choice.name == "certificate":
            certificate = certificates.parse(choice.chosen.dump())
            if _is_meant(certificate, signer_id):
                return certificate
    raise DerInvalid("EF.SOD holds no certificate of its signer")


def _is_meant(certificate: Certificate, signer_id: Any) -> bool:
    if signer_id.name == "subject_key_identifier":
        return bool(certificate.subject_key_id == signer_id.native)
    return bool(certificate.serial_number == signer_id.chosen["serial_number"].native)
