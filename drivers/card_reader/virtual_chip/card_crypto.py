"""The card's own ciphers and key derivation, written apart from the terminal's. ICAO Doc 9303-11 §9.7, §9.8."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha1, sha256

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC


@dataclass(frozen=True)
class CardCipher:
    """`des` or `aes` with its key size; DES keys are used as two-key triple DES."""

    family: str
    key_bits: int

    @property
    def block(self) -> int:
        """Bytes a block."""
        return 8 if self.family == "des" else 16

    def key(self, secret: bytes, counter: int) -> bytes:
        """KDF(secret, counter). DES ignores parity bits, so none are set here."""
        hashed = (sha256 if self.key_bits > 128 else sha1)(secret + bytes((0, 0, 0, counter)))
        return hashed.digest()[: self.key_bits // 8]

    def scramble(self, key: bytes, vector: bytes, data: bytes, *, back: bool = False) -> bytes:
        """CBC one way or the other."""
        algorithm = TripleDES(key + key[:8]) if self.family == "des" else algorithms.AES(key)
        machine = Cipher(algorithm, modes.CBC(vector))
        context = machine.decryptor() if back else machine.encryptor()
        return context.update(data) + context.finalize()

    def checksum(self, key: bytes, message: bytes) -> bytes:
        """Eight bytes over `message`, which for DES must be whole blocks."""
        if self.family == "aes":
            code = CMAC(algorithms.AES(key))
            code.update(message)
            return code.finalize()[:8]
        state = bytes(8)
        for start in range(0, len(message), 8):
            mixed = bytes(a ^ b for a, b in zip(state, message[start : start + 8], strict=True))
            state = _des(key[:8], mixed)
        return _des(key[:8], _des(key[8:16], state, back=True))

    def fill(self, data: bytes) -> bytes:
        """80 00 … to a whole block."""
        filled = data + b"\x80"
        while len(filled) % self.block:
            filled += b"\0"
        return filled


DES = CardCipher("des", 128)
AES_128 = CardCipher("aes", 128)
AES_192 = CardCipher("aes", 192)
AES_256 = CardCipher("aes", 256)


def unfill(data: bytes) -> bytes:
    """Take the filling off; data without one is returned empty."""
    index = data.rfind(b"\x80")
    return data[:index] if index >= 0 and not any(data[index + 1 :]) else b""


def _des(key: bytes, block: bytes, *, back: bool = False) -> bytes:
    machine = Cipher(TripleDES(key + key + key), modes.ECB())  # noqa: S305 (a single block)
    context = machine.decryptor() if back else machine.encryptor()
    return context.update(block) + context.finalize()
