"""Making EF.SOD: the document signer signs the hashes of all data groups. ICAO Doc 9303-10 §4.6.2; RFC 5652."""

from __future__ import annotations

import hashlib

from asn1crypto import algos, cms, core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from kiosk.emrtd import tlv

_LDS_SECURITY_OBJECT = "2.23.136.1.1.1"
_SHA256 = algos.DigestAlgorithm({"algorithm": "sha256"})


def lds_security_object(data_groups: dict[int, bytes]) -> bytes:
    """The signed content: version 0, SHA-256, number and hash of each data group."""
    rows = [
        tlv.encode(0x30, core.Integer(number).dump(), core.OctetString(hashlib.sha256(contents).digest()).dump())
        for number, contents in sorted(data_groups.items())
    ]
    return tlv.encode(0x30, core.Integer(0).dump(), _SHA256.dump(), tlv.encode(0x30, *rows))


def make_sod(data_groups: dict[int, bytes], signer: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> bytes:
    """EF.SOD over `data_groups`; `key` need not be the signer's, which makes a forgery."""
    content = lds_security_object(data_groups)
    certificate = asn1_x509.Certificate.load(signer.public_bytes(Encoding.DER))
    attributes = cms.CMSAttributes(
        [
            {"type": "content_type", "values": [_LDS_SECURITY_OBJECT]},
            {"type": "message_digest", "values": [hashlib.sha256(content).digest()]},
        ]
    )
    signature = key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256()))
    signer_info = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            {
                "issuer_and_serial_number": {
                    "issuer": certificate.issuer,
                    "serial_number": certificate.serial_number,
                }
            }
        ),
        "digest_algorithm": _SHA256,
        "signed_attrs": attributes,
        "signature_algorithm": {"algorithm": "sha256_ecdsa"},
        "signature": signature,
    }
    signed_data = {
        "version": "v3",
        "digest_algorithms": [_SHA256],
        "encap_content_info": {"content_type": _LDS_SECURITY_OBJECT, "content": core.ParsableOctetString(content)},
        "certificates": [certificate],
        "signer_infos": [signer_info],
    }
    return tlv.encode(0x77, cms.ContentInfo({"content_type": "signed_data", "content": signed_data}).dump())
