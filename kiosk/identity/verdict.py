"""What an inspection has proven about a document, as one word each."""

from __future__ import annotations

from enum import StrEnum


class DocumentVerdict(StrEnum):
    """The outcome of passive and chip (or active) authentication. ICAO Doc 9303-11 §5, §6."""

    AUTHENTIC = "authentic"
    """Data signed under a trusted CSCA, and the chip proved it holds its private key."""

    DATA_AUTHENTIC_CHIP_NOT_PROVEN = "data_authentic_chip_not_proven"
    """Data signed under a trusted CSCA; a clone with copied files would look the same."""

    ISSUER_NOT_TRUSTED = "issuer_not_trusted"
    """The signature is consistent, but no certificate in the operator's store vouches for the signer."""

    FORGED = "forged"
    """A hash, a signature or the chip's proof is wrong."""
