"""Why a verdict is what it is: stable codes, and what each does to the verdict at best."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from kiosk.identity.verdict import DocumentVerdict


class Reason(StrEnum):
    """A finding of the inspection."""

    DG1_HASH_WRONG = "dg1_hash_wrong"
    DG2_HASH_WRONG = "dg2_hash_wrong"
    DG13_HASH_WRONG = "dg13_hash_wrong"
    DG14_HASH_WRONG = "dg14_hash_wrong"
    DG2_WITHHELD = "dg2_withheld"
    DG14_WITHHELD = "dg14_withheld"
    """Listed in the signed hashes, so the card was issued with it; the chip denies having it."""
    SOD_DIGEST_WRONG = "sod_digest_wrong"
    SOD_SIGNATURE_WRONG = "sod_signature_wrong"
    SIGNER_SIGNATURE_WRONG = "signer_signature_wrong"
    """The document signer names a CSCA of the store, and that one did not sign it."""
    CHIP_PROOF_WRONG = "chip_proof_wrong"
    CHIP_PROOF_REFUSED = "chip_proof_refused"
    """The chip's signed DG14 says it can prove itself; the chip says no."""
    PACE_DOWNGRADED = "pace_downgraded"
    """EF.CardAccess offers other PACE variants than the signed DG14."""
    ISSUER_NOT_IN_STORE = "issuer_not_in_store"
    ISSUER_OUTSIDE_VALIDITY = "issuer_outside_validity"
    SIGNER_OUTSIDE_VALIDITY = "signer_outside_validity"
    ALGORITHM_NOT_TAKEN = "algorithm_not_taken"
    CHIP_PROOF_NOT_OFFERED = "chip_proof_not_offered"
    CHIP_PROOF_NOT_SPOKEN = "chip_proof_not_spoken"
    """The chip can prove itself in ways this kiosk does not speak."""
    PACE_NOT_REACHED = "pace_not_reached"
    """The signed DG14 offers PACE, but EF.CardAccess could not be read, so BAC was used."""
    NO_TRUSTED_CLOCK = "no_trusted_clock"
    DG13_ABSENT = "dg13_absent"
    DG13_UNREADABLE = "dg13_unreadable"
    PORTRAIT_ABSENT = "portrait_absent"
    PORTRAIT_UNREADABLE = "portrait_unreadable"
    BIRTH_DATE_PARTIAL = "birth_date_partial"
    """Only the year (or month) is known; the first of it stands in, as Vietnamese offices do."""


_FORGED = frozenset(
    {
        Reason.DG1_HASH_WRONG,
        Reason.DG2_HASH_WRONG,
        Reason.DG13_HASH_WRONG,
        Reason.DG14_HASH_WRONG,
        Reason.DG2_WITHHELD,
        Reason.DG14_WITHHELD,
        Reason.SOD_DIGEST_WRONG,
        Reason.SOD_SIGNATURE_WRONG,
        Reason.SIGNER_SIGNATURE_WRONG,
        Reason.CHIP_PROOF_WRONG,
        Reason.CHIP_PROOF_REFUSED,
        Reason.PACE_DOWNGRADED,
    }
)


def verdict_on(reasons: Iterable[Reason], *, issuer_is_trusted: bool, chip_is_proven: bool) -> DocumentVerdict:
    """The verdict: forged on any proof of it, and never better than what was positively proven."""
    found = set(reasons)
    if found & _FORGED:
        return DocumentVerdict.FORGED
    if not issuer_is_trusted:
        return DocumentVerdict.ISSUER_NOT_TRUSTED
    if not chip_is_proven or Reason.PACE_NOT_REACHED in found:
        return DocumentVerdict.DATA_AUTHENTIC_CHIP_NOT_PROVEN
    return DocumentVerdict.AUTHENTIC
