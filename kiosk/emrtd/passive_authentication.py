"""Passive authentication: is the list of hashes signed, and by someone the operator trusts? Doc 9303-11 §5.1."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kiosk.emrtd.certificates import Certificate
from kiosk.emrtd.csca import TrustStore
from kiosk.emrtd.public_keys import UnusableKey
from kiosk.emrtd.reasons import Reason
from kiosk.emrtd.signatures import UnusableAlgorithm
from kiosk.emrtd.sod import SecurityObject


@dataclass(frozen=True)
class SignatureFindings:
    """What is wrong with EF.SOD's signature and chain; nothing means that a trusted issuer stands behind it."""

    reasons: tuple[Reason, ...]

    @property
    def issuer_is_trusted(self) -> bool:
        """Whether the hashes in EF.SOD may be believed."""
        return not self.reasons


def authenticate(security_object: SecurityObject, trust: TrustStore, today: date | None) -> SignatureFindings:
    """Check digest, signature, and chain; validity periods only against a trusted clock (`today`).

    Raises: DerInvalid.
    """
    try:
        if not security_object.content_matches_digest():
            return SignatureFindings((Reason.SOD_DIGEST_WRONG,))
        if not security_object.signature_is_valid():
            return SignatureFindings((Reason.SOD_SIGNATURE_WRONG,))
        return SignatureFindings(_chain(security_object.signer, trust, today))
    except (UnusableKey, UnusableAlgorithm):
        return SignatureFindings((Reason.ALGORITHM_NOT_TAKEN,))


def _chain(signer: Certificate, trust: TrustStore, today: date | None) -> tuple[Reason, ...]:
    candidates = trust.candidates(signer)
    if not candidates:
        return (Reason.ISSUER_NOT_IN_STORE,)
    issuers = [issuer for issuer in candidates if signer.is_signed_by(issuer)]
    if not issuers:
        return (Reason.SIGNER_SIGNATURE_WRONG,)
    if today is None:
        return ()
    if not any(issuer.is_valid_on(today) for issuer in issuers):
        return (Reason.ISSUER_OUTSIDE_VALIDITY,)
    return () if signer.is_valid_on(today) else (Reason.SIGNER_OUTSIDE_VALIDITY,)
