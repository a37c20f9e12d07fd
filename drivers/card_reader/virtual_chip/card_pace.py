"""PACE with generic mapping from the card's side. BSI TR-03110-2 §3.2, TR-03110-3 §B.1."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha1
from typing import Any

from ecdsa import VerifyingKey
from ecdsa.curves import BRAINPOOLP256r1, NIST256p
from ecdsa.errors import MalformedPointError

from drivers.card_reader.virtual_chip.card_bac import mrz_line
from drivers.card_reader.virtual_chip.card_crypto import AES_128, AES_192, AES_256, DES
from drivers.card_reader.virtual_chip.card_session import CardSession
from kiosk.emrtd import tlv
from kiosk.errors import TlvInvalid

_FAMILY = bytes.fromhex("04007F00070202040200")[:-1]
"""0.4.0.127.0.7.2.2.4.2, id-PACE-ECDH-GM; one more byte names the cipher."""
CIPHERS = {_FAMILY + b"\1": DES, _FAMILY + b"\2": AES_128, _FAMILY + b"\3": AES_192, _FAMILY + b"\4": AES_256}
CURVES = {12: NIST256p, 13: BRAINPOOLP256r1}


class PaceError(Exception):
    """The terminal's step is refused with `status`."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status:04X}")
        self.status = status


class CardPace:
    """The steps of one run; a refused step ends it."""

    def __init__(self, can: str | None, mrz_key: tuple[str, str, str]) -> None:
        self._passwords = {1: sha1(mrz_line(*mrz_key), usedforsecurity=False).digest()}
        if can is not None:
            self._passwords[2] = can.encode()
        self._next = ""

    def set_template(self, data: bytes) -> None:
        """MSE:Set AT. Raises: PaceError 6A80 for a protocol or curve not spoken, 6A88 for a password not held."""
        objects = {item.tag: item.value for item in _objects(data)}
        self._oid = objects.get(0x80, b"")
        self._curve: Any = CURVES.get(int.from_bytes(objects.get(0x84, b"\x0d"), "big"))
        if self._oid not in CIPHERS or self._curve is None:
            raise PaceError(0x6A80)
        password = self._passwords.get(int.from_bytes(objects.get(0x83, b""), "big"))
        if password is None:
            raise PaceError(0x6A88)
        self._cipher = CIPHERS[self._oid]
        self._password_key = self._cipher.key(password, 3)
        self._next = "nonce"

    def step(self, data: bytes) -> tuple[bytes, CardSession | None]:
        """One GENERAL AUTHENTICATE; the last one opens the session. Raises: PaceError."""
        step, self._next = self._next, ""
        objects = {item.tag: item.value for item in _objects(_only(data, 0x7C))}
        if step == "nonce" and not objects:
            answer, session = self._send_nonce(), None
        elif step == "map" and 0x81 in objects:
            answer, session = self._map(objects[0x81]), None
        elif step == "agree" and 0x83 in objects:
            answer, session = self._agree(objects[0x83]), None
        elif step == "confirm" and 0x85 in objects:
            answer, session = self._confirm(objects[0x85])
        else:
            raise PaceError(0x6985)
        return tlv.encode(0x7C, answer), session

    def _send_nonce(self) -> bytes:
        self._nonce = secrets.token_bytes(16)
        self._next = "map"
        hidden = self._cipher.scramble(self._password_key, bytes(self._cipher.block), self._nonce)
        return tlv.encode(0x80, hidden)

    def _map(self, encoded: bytes) -> bytes:
        theirs, own = self._point(encoded), secrets.randbelow(self._curve.order - 1) + 1
        mapped = self._curve.generator * int.from_bytes(self._nonce, "big") + theirs * own
        self._mapped = mapped
        self._next = "agree"
        return tlv.encode(0x82, (self._curve.generator * own).to_bytes("uncompressed"))

    def _agree(self, encoded: bytes) -> bytes:
        theirs, own = self._point(encoded), secrets.randbelow(self._curve.order - 1) + 1
        self._their_key, self._own_key = encoded, (self._mapped * own).to_bytes("uncompressed")
        shared: bytes = (theirs * own).to_bytes("raw")
        self._secret = shared[: len(shared) // 2]
        self._next = "confirm"
        return tlv.encode(0x84, self._own_key)

    def _confirm(self, token: bytes) -> tuple[bytes, CardSession]:
        if not hmac.compare_digest(self._token(self._own_key), token):
            raise PaceError(0x6300)
        return tlv.encode(0x86, self._token(self._their_key)), CardSession(self._cipher, self._secret)

    def _token(self, public_key: bytes) -> bytes:
        message = tlv.encode(0x7F49, tlv.encode(0x06, self._oid), tlv.encode(0x86, public_key))
        integrity = self._cipher.key(self._secret, 2)
        return self._cipher.checksum(integrity, self._cipher.fill(message) if self._cipher is DES else message)

    def _point(self, encoded: bytes) -> Any:
        """The terminal's key. Raises: PaceError 6A80 if it lies off the curve."""
        try:
            return VerifyingKey.from_string(encoded, self._curve, valid_encodings=("uncompressed",)).pubkey.point
        except (MalformedPointError, ValueError):
            raise PaceError(0x6A80) from None


def _objects(data: bytes) -> list[tlv.Tlv]:
    try:
        return tlv.parse(data)
    except TlvInvalid:
        raise PaceError(0x6A80) from None


def _only(data: bytes, tag: int) -> bytes:
    objects = _objects(data)
    if len(objects) != 1 or objects[0].tag != tag:
        raise PaceError(0x6A80)
    return objects[0].value
