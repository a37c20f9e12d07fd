"""Chip authentication version 1 from the card's side, on brainpoolP256r1. BSI TR-03110-3 §B.2."""

from __future__ import annotations

from ecdsa import VerifyingKey
from ecdsa.curves import BRAINPOOLP256r1
from ecdsa.errors import MalformedPointError

from drivers.card_reader.virtual_chip.card_crypto import AES_128, DES
from drivers.card_reader.virtual_chip.card_session import CardSession
from kiosk.emrtd import tlv
from kiosk.errors import TlvInvalid

_ECDH_DES = bytes.fromhex("04007F00070202030201")
_ECDH_AES_128 = bytes.fromhex("04007F00070202030202")


class CardChipAuthentication:
    """Holds the static private key; `None` results are refusals (6A80)."""

    def __init__(self, private_key: int) -> None:
        self._private_key = private_key
        self._is_announced = False

    def set_template(self, data: bytes) -> bool:
        """MSE:Set AT for AES."""
        self._is_announced = _value(data, 0x80) == _ECDH_AES_128
        return self._is_announced

    def general_authenticate(self, data: bytes) -> CardSession | None:
        """The terminal's key for AES; the session it leads to."""
        was_announced, self._is_announced = self._is_announced, False
        point = _value(_value(data, 0x7C), 0x80)
        return self._agree(point, aes=True) if was_announced else None

    def set_key_agreement_template(self, data: bytes) -> CardSession | None:
        """MSE:Set KAT: the terminal's key for triple DES."""
        return self._agree(_value(data, 0x91), aes=False)

    def _agree(self, encoded: bytes, *, aes: bool) -> CardSession | None:
        try:
            theirs = VerifyingKey.from_string(
                encoded, BRAINPOOLP256r1, valid_encodings=("uncompressed",)
            ).pubkey.point
        except (MalformedPointError, ValueError):
            return None
        shared: bytes = (theirs * self._private_key).to_bytes("raw")
        return CardSession(AES_128 if aes else DES, shared[:32])


def _value(data: bytes, tag: int) -> bytes:
    try:
        return next((item.value for item in tlv.parse(data) if item.tag == tag), b"")
    except TlvInvalid:
        return b""
