"""The block ciphers of BAC, PACE, chip authentication and secure messaging. ICAO Doc 9303-11 §9.7, §9.8."""

from __future__ import annotations

import hmac
from enum import Enum

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

MAC_LENGTH = 8
_DES_BLOCK = 8
_AES_BLOCK = 16


class BlockCipher(Enum):
    """A cipher with its key length in bytes; encryption is CBC, authentication an eight-byte MAC."""

    TRIPLE_DES = ("two-key triple DES", 16)
    AES_128 = ("AES", 16)
    AES_192 = ("AES", 24)
    AES_256 = ("AES", 32)

    @property
    def is_aes(self) -> bool:
        """False for two-key triple DES."""
        return self is not BlockCipher.TRIPLE_DES

    @property
    def key_length(self) -> int:
        """Bytes of a key."""
        return self.value[1]

    @property
    def block_length(self) -> int:
        """Bytes of a block."""
        return _AES_BLOCK if self.is_aes else _DES_BLOCK

    def encrypt(self, key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
        """CBC over whole blocks; the initial vector is zero unless given."""
        return _run(self._cipher(key, iv).encryptor(), data)

    def decrypt(self, key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
        """CBC over whole blocks. Raises: ValueError when `data` is not whole blocks."""
        return _run(self._cipher(key, iv).decryptor(), data)

    def pad(self, data: bytes) -> bytes:
        """ISO/IEC 9797-1 padding method 2."""
        return data + b"\x80" + bytes(-(len(data) + 1) % self.block_length)

    def mac(self, key: bytes, padded: bytes) -> bytes:
        """Eight bytes over `padded` whole blocks: CMAC for AES, retail MAC for triple DES."""
        if not self.is_aes:
            return _retail_mac(key, padded)
        code = CMAC(algorithms.AES(key))
        code.update(padded)
        return code.finalize()[:MAC_LENGTH]

    def token(self, key: bytes, message: bytes) -> bytes:
        """MAC of an unpadded message, as for PACE's tokens; only the retail MAC pads. Doc 9303-11 §4.4.3.4."""
        return self.mac(key, message if self.is_aes else self.pad(message))

    def _cipher(self, key: bytes, iv: bytes | None) -> Cipher[modes.CBC]:
        mode = modes.CBC(iv or bytes(self.block_length))
        return Cipher(algorithms.AES(key) if self.is_aes else TripleDES(key + key[:8]), mode)


def unpad(padded: bytes) -> bytes:
    """Undo padding method 2. Raises: ValueError when there is none."""
    stripped = padded.rstrip(b"\0")
    if not stripped.endswith(b"\x80"):
        raise ValueError("no padding")
    return stripped[:-1]


def equal(first: bytes, second: bytes) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(first, second)


def _run(context: CipherContext, data: bytes) -> bytes:
    return context.update(data) + context.finalize()


def _retail_mac(key: bytes, padded: bytes) -> bytes:
    """ISO/IEC 9797-1 MAC algorithm 3 with DES; single DES is triple DES with one key three times."""
    first, second = TripleDES(key[:8] * 3), TripleDES(key[8:16] * 3)
    chained = _run(Cipher(first, modes.CBC(bytes(_DES_BLOCK))).encryptor(), padded)[-_DES_BLOCK:]
    undone = _run(Cipher(second, modes.ECB()).decryptor(), chained)  # noqa: S305 (one block, by the standard)
    return _run(Cipher(first, modes.ECB()).encryptor(), undone)  # noqa: S305
