"""Basic Access Control from the card's side. ICAO Doc 9303-11 §4.3.3."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha1

from drivers.card_reader.virtual_chip.card_crypto import DES
from drivers.card_reader.virtual_chip.card_session import CardSession

_WEIGHTS = "731"


def mrz_line(document_number: str, date_of_birth: str, date_of_expiry: str) -> bytes:
    """Number and dates, each followed by its check digit."""
    line = ""
    for field in (f"{document_number:<<9}", date_of_birth, date_of_expiry):
        total = 0
        for index, letter in enumerate(field):
            value = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".find(letter)
            total += max(value, 0) * int(_WEIGHTS[index % 3])
        line += field + str(total % 10)
    return line.encode()


class CardBac:
    """One challenge at a time: it is spent by the attempt that answers it."""

    def __init__(self, mrz_key: tuple[str, str, str]) -> None:
        seed = sha1(mrz_line(*mrz_key), usedforsecurity=False).digest()[:16]
        self._secrecy, self._integrity = DES.key(seed, 1), DES.key(seed, 2)
        self._challenge: bytes | None = None

    def challenge(self) -> bytes:
        """RND.IC."""
        self._challenge = secrets.token_bytes(8)
        return self._challenge

    def authenticate(self, data: bytes) -> tuple[bytes, CardSession] | None:
        """The card's cryptogram and the session it opens, or None for a wrong key."""
        challenge, self._challenge = self._challenge, None
        if challenge is None or len(data) != 40:
            return None
        if not hmac.compare_digest(DES.checksum(self._integrity, DES.fill(data[:32])), data[32:]):
            return None
        plain = DES.scramble(self._secrecy, bytes(8), data[:32], back=True)
        terminal_nonce, echoed, terminal_key = plain[:8], plain[8:16], plain[16:]
        if echoed != challenge:
            return None
        own_key = secrets.token_bytes(16)
        hidden = DES.scramble(self._secrecy, bytes(8), challenge + terminal_nonce + own_key)
        seed = (int.from_bytes(own_key, "big") ^ int.from_bytes(terminal_key, "big")).to_bytes(16, "big")
        session = CardSession(DES, seed, counter=challenge[-4:] + terminal_nonce[-4:])
        return hidden + DES.checksum(self._integrity, DES.fill(hidden)), session
