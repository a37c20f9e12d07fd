"""The operator's trust store: the country signing certificates (CSCA) whose document signers are believed.

There is no public CSCA for Vietnamese ID cards, so what lies in the directory is the operator's decision.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from kiosk.emrtd import certificates
from kiosk.emrtd.certificates import Certificate
from kiosk.errors import DemoIssuerRefused, DerInvalid, TrustStoreInvalid

DEMO_MARK = "DEMO - NOT A STATE ISSUER"
"""The organizational unit in the subject of every demonstration CSCA and signer, whoever made it."""
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.DOTALL)
_SUFFIXES = frozenset({".pem", ".crt", ".cer", ".der"})


@dataclass(frozen=True)
class UnusableCertificate:
    """A certificate in the directory that cannot vouch for anyone, and why."""

    file_name: str
    reason: str


@dataclass(frozen=True, repr=False)
class TrustStore:
    """The usable CSCA certificates, and those that are not."""

    issuers: tuple[Certificate, ...]
    unusable: tuple[UnusableCertificate, ...] = ()

    @classmethod
    def load(cls, directory: Path, *, allow_demo: bool) -> Self:
        """Read every .pem, .crt, .cer, .der file (PEM with any number of certificates, or DER).

        Raises: TrustStoreInvalid if the directory cannot be read; DemoIssuerRefused if it holds a
        demonstration CSCA and `allow_demo` is False.
        """
        issuers: dict[str, Certificate] = {}
        unusable: list[UnusableCertificate] = []
        for file_name, encoded in _encoded_certificates(directory):
            try:
                certificate = _usable(encoded)
            except DerInvalid as error:
                unusable.append(UnusableCertificate(file_name, str(error)))
                continue
            if is_demo_csca(certificate) and not allow_demo:
                raise DemoIssuerRefused(file_name)
            issuers[certificate.fingerprint] = certificate
        return cls(tuple(issuers.values()), tuple(unusable))

    def candidates(self, signer: Certificate) -> tuple[Certificate, ...]:
        """The issuers that `signer` names: by key identifier where it has one, else by name.

        A CSCA keeps its name over key changes, so a name alone would blame the wrong key. Doc 9303-12 §7.1.1.
        """
        if signer.authority_key_id is not None:
            by_key = tuple(item for item in self.issuers if item.subject_key_id == signer.authority_key_id)
            without_id = tuple(
                item for item in self.issuers if item.subject_key_id is None and item.subject == signer.issuer
            )
            return by_key + without_id
        return tuple(item for item in self.issuers if item.subject == signer.issuer)


def is_demo_csca(certificate: Certificate) -> bool:
    """Whether this is one of the demonstration issuers that the rig makes for itself."""
    return DEMO_MARK in certificate.organizational_units


def _usable(encoded: bytes) -> Certificate:
    certificate = certificates.parse(encoded)
    if not certificate.is_authority:
        raise DerInvalid("not a certification authority")
    _ = certificate.public_key
    return certificate


def _encoded_certificates(directory: Path) -> Iterator[tuple[str, bytes]]:
    try:
        files = sorted(file for file in directory.iterdir() if file.suffix.lower() in _SUFFIXES)
        contents = [(file.name, file.read_bytes()) for file in files]
    except OSError as error:
        raise TrustStoreInvalid(f"{directory}: {error.strerror}") from error
    for name, data in contents:
        blocks = _PEM.findall(data)
        if not blocks:
            yield name, data
        for block in blocks:
            yield name, _from_base64(block)


def _from_base64(block: bytes) -> bytes:
    """The bytes of a PEM block; a damaged one comes out empty and is named when it is parsed."""
    try:
        return base64.b64decode(b"".join(block.split()), validate=True)
    except ValueError:
        return b""
