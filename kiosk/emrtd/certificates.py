"""Document signer and CSCA certificates, read leniently: many in the field break X.509 in harmless ways.

ICAO Doc 9303-12 §7.1.1. What matters for trust is checked elsewhere and strictly; this module only reads.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from asn1crypto import algos, x509

from kiosk.emrtd import public_keys, signatures
from kiosk.emrtd.der import reading_der


@dataclass(frozen=True, repr=False)
class Certificate:
    """An X.509 certificate as read; nothing about it is proven."""

    encoded: bytes
    issuer: bytes
    subject: bytes
    serial_number: int
    subject_key_id: bytes | None
    authority_key_id: bytes | None
    not_before: date
    not_after: date
    organizational_units: tuple[str, ...]
    is_authority: bool
    _public_key: bytes
    _signed_part: bytes
    _signature: bytes
    _signature_algorithm: algos.SignedDigestAlgorithm

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the encoding, in hex."""
        return hashlib.sha256(self.encoded).hexdigest()

    @cached_property
    def public_key(self) -> public_keys.PublicKey:
        """Raises: DerInvalid, UnusableKey."""
        return public_keys.load(self._public_key)

    def is_valid_on(self, day: date) -> bool:
        """Whether `day` lies in the validity period."""
        return self.not_before <= day <= self.not_after

    def is_signed_by(self, issuer: Certificate) -> bool:
        """Whether the signature is the issuer's. Raises: DerInvalid, UnusableKey, UnusableAlgorithm."""
        return signatures.is_valid(issuer.public_key, self._signature_algorithm, self._signature, self._signed_part)


def parse(encoded: bytes) -> Certificate:
    """A certificate from DER. Raises: DerInvalid."""
    with reading_der("certificate", quote=True):
        certificate = x509.Certificate.load(encoded, strict=True)
        signed = certificate["tbs_certificate"]
        return Certificate(
            encoded=encoded,
            issuer=_comparable(signed["issuer"]),
            subject=_comparable(signed["subject"]),
            serial_number=signed["serial_number"].native,
            subject_key_id=certificate.key_identifier,
            authority_key_id=certificate.authority_key_identifier,
            not_before=_day(signed["validity"]["not_before"].native),
            not_after=_day(signed["validity"]["not_after"].native),
            organizational_units=_organizational_units(signed["subject"]),
            is_authority=bool(certificate.ca),
            _public_key=signed["subject_public_key_info"].dump(),
            _signed_part=signed.dump(),
            _signature=certificate["signature_value"].native,
            _signature_algorithm=certificate["signature_algorithm"],
        )


def _comparable(name: Any) -> bytes:
    """A name's hash with string types and letter case evened out: issuers encode their own name in two ways."""
    return hashlib.sha256(name.hashable.encode()).digest()


def _day(moment: datetime) -> date:
    return moment.date()


def _organizational_units(name: Any) -> tuple[str, ...]:
    values = name.native.get("organizational_unit_name", [])
    return (values,) if isinstance(values, str) else tuple(values)
