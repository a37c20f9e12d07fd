"""Key derivation. ICAO Doc 9303-11 §9.7; worked examples in Appendix D.1 and G.1."""

from __future__ import annotations

import hashlib
from enum import IntEnum

from kiosk.emrtd.ciphers import BlockCipher


class Purpose(IntEnum):
    """The counter that tells keys from one seed apart. §9.7.1, §9.7.2, §4.4.3.1."""

    ENCRYPTION = 1
    AUTHENTICATION = 2
    PASSWORD = 3


def derive_key(seed: bytes, purpose: Purpose, cipher: BlockCipher) -> bytes:
    """A key for `cipher` from a shared secret or password; DES keys get odd parity.

    SHA-1 serves keys up to 128 bits, SHA-256 the longer ones: the standard's choice, where collisions
    do not matter.
    """
    material = seed + int(purpose).to_bytes(4, "big")
    digest = hashlib.sha256(material) if cipher.key_length > 16 else hashlib.sha1(material, usedforsecurity=False)
    key = digest.digest()[: cipher.key_length]
    return key if cipher.is_aes else with_odd_parity(key)


def with_odd_parity(key: bytes) -> bytes:
    """Set the lowest bit of each byte so that the number of ones is odd."""
    return bytes((byte & 0xFE) | (1 - (byte >> 1).bit_count() % 2) for byte in key)
