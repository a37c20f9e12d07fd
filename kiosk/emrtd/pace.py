"""PACE with ECDH and generic mapping. ICAO Doc 9303-11 §4.4; BSI TR-03110-3 §B.1; worked example: Appendix G.1."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from ecdsa.ellipticcurve import INFINITY

from kiosk.emrtd import tlv
from kiosk.emrtd.apdu import SHORT_ALL, CommandApdu
from kiosk.emrtd.channel import Channel
from kiosk.emrtd.ciphers import BlockCipher, equal
from kiosk.emrtd.curves import BY_PARAMETER_ID, Curve, Point
from kiosk.emrtd.kdf import Purpose, derive_key
from kiosk.emrtd.secure_messaging import SecureMessaging
from kiosk.emrtd.security_infos import PACE, PaceInfo, object_identifier_value
from kiosk.errors import CardAnswerInvalid, ChipFailed, FileAbsent, PointInvalid, WrongAccessKey

_ECDH_GM = f"{PACE}.2"
CIPHERS = {
    f"{_ECDH_GM}.1": BlockCipher.TRIPLE_DES,
    f"{_ECDH_GM}.2": BlockCipher.AES_128,
    f"{_ECDH_GM}.3": BlockCipher.AES_192,
    f"{_ECDH_GM}.4": BlockCipher.AES_256,
}
"""id-PACE-ECDH-GM-… by cipher, weakest first. Doc 9303-11 §9.2.1, Table 6."""

_DYNAMIC_DATA, _PUBLIC_KEY = 0x7C, 0x7F49
_ENCRYPTED_NONCE = 0x80
_MAPPING_OWN, _MAPPING_CHIP = 0x81, 0x82
_EPHEMERAL_OWN, _EPHEMERAL_CHIP = 0x83, 0x84
_TOKEN_OWN, _TOKEN_CHIP = 0x85, 0x86
_NONCE_LENGTH = 16


class PasswordKind(IntEnum):
    """Which secret of the card is used, as MSE:Set AT numbers them. §4.4.4.1."""

    MRZ = 1
    CAN = 2


@dataclass(frozen=True, repr=False)
class Password:
    """A secret read off the card's print, as the key derivation takes it. §9.7.3."""

    kind: PasswordKind
    secret: bytes

    @classmethod
    def from_can(cls, can: str) -> Password:
        """The card access number's digits themselves."""
        return cls(PasswordKind.CAN, can.encode("ascii"))

    @classmethod
    def from_mrz(cls, mrz_information: bytes) -> Password:
        """The hash of document number, date of birth, date of expiry, each with check digit."""
        return cls(PasswordKind.MRZ, hashlib.sha1(mrz_information, usedforsecurity=False).digest())


DrawKey = Callable[[Curve], int]


def select(offered: tuple[PaceInfo, ...]) -> PaceInfo | None:
    """The strongest offer we speak, or None."""
    spoken = [info for info in offered if info.protocol in CIPHERS and info.parameter_id in BY_PARAMETER_ID]
    return max(spoken, key=lambda info: info.protocol, default=None)


def establish(
    channel: Channel, info: PaceInfo, password: Password, draw_key: DrawKey = Curve.draw_private_key
) -> None:
    """Prove the password to the chip and open a session on `channel`.

    Raises: WrongAccessKey, FileAbsent if the chip has no such password, ChipFailed, CardAnswerInvalid.
    """
    cipher, curve = CIPHERS[info.protocol], BY_PARAMETER_ID[info.parameter_id or 0]
    _set_authentication_template(channel, info, password.kind)
    nonce = _decrypted_nonce(channel, cipher, password)
    generator = _mapped_generator(channel, curve, nonce, draw_key(curve))
    own_key = draw_key(curve)
    own_public = generator * own_key
    chip_public = _exchange_point(channel, curve, own_public, _EPHEMERAL_OWN, _EPHEMERAL_CHIP)
    secret = curve.coordinate(chip_public * own_key)
    encryption_key = derive_key(secret, Purpose.ENCRYPTION, cipher)
    mac_key = derive_key(secret, Purpose.AUTHENTICATION, cipher)

    own_token = _token(cipher, mac_key, info.protocol, curve.encode(chip_public))
    chip_token = _exchange(channel, _TOKEN_OWN, own_token, _TOKEN_CHIP, is_last=True)
    if not equal(chip_token, _token(cipher, mac_key, info.protocol, curve.encode(own_public))):
        raise CardAnswerInvalid("PACE: the chip's token is wrong")
    channel.open_session(SecureMessaging(cipher, encryption_key, mac_key))


def _set_authentication_template(channel: Channel, info: PaceInfo, kind: PasswordKind) -> None:
    """MSE:Set AT. Tag 84 always names the parameters: some chips answer 6A87 without it (gmrtd#108)."""
    data = tlv.encode(0x80, object_identifier_value(info.protocol))
    data += tlv.encode(0x83, bytes((kind,))) + tlv.encode(0x84, bytes((info.parameter_id or 0,)))
    status = channel.send(CommandApdu(0x00, 0x22, 0xC1, 0xA4, data)).status
    if status.is_absent:
        raise FileAbsent(f"PACE: no such password ({status})")
    # 63Cx here tells the tries left of this password and goes on (TR-03110-3 §B.11.1).
    if not status.is_success and not status.is_authentication_failure:
        raise ChipFailed(f"MSE:Set AT: {status}")


def _decrypted_nonce(channel: Channel, cipher: BlockCipher, password: Password) -> bytes:
    encrypted = _exchange(channel, None, b"", _ENCRYPTED_NONCE)
    if len(encrypted) != _NONCE_LENGTH:
        raise CardAnswerInvalid("PACE: nonce of another length")
    return cipher.decrypt(derive_key(password.secret, Purpose.PASSWORD, cipher), encrypted)


def _mapped_generator(channel: Channel, curve: Curve, nonce: bytes, own_key: int) -> Point:
    """s × G + H with H the shared point of an anonymous key agreement. §4.4.3.3.1."""
    chip_public = _exchange_point(channel, curve, curve.base_point * own_key, _MAPPING_OWN, _MAPPING_CHIP)
    generator = curve.base_point * int.from_bytes(nonce, "big") + chip_public * own_key
    if generator == INFINITY:
        raise PointInvalid("PACE: the mapped generator is the point at infinity")
    return generator


def _exchange_point(channel: Channel, curve: Curve, own: Point, tag: int, answer_tag: int) -> Point:
    own_encoded = curve.encode(own)
    chip_encoded = _exchange(channel, tag, own_encoded, answer_tag)
    if chip_encoded == own_encoded:
        raise PointInvalid("PACE: the chip sent our own key back")
    return curve.decode(chip_encoded)


def _token(cipher: BlockCipher, mac_key: bytes, protocol: str, public_key: bytes) -> bytes:
    """MAC over the other side's key as a public key data object. §4.4.3.4."""
    parts = tlv.encode(0x06, object_identifier_value(protocol)) + tlv.encode(0x86, public_key)
    return cipher.token(mac_key, tlv.encode(_PUBLIC_KEY, parts))


def _exchange(channel: Channel, tag: int | None, value: bytes, answer_tag: int, *, is_last: bool = False) -> bytes:
    """One GENERAL AUTHENTICATE of the chain. §4.4.4.2."""
    data = tlv.encode(_DYNAMIC_DATA, b"" if tag is None else tlv.encode(tag, value))
    response = channel.send(CommandApdu(0x00 if is_last else 0x10, 0x86, 0x00, 0x00, data, SHORT_ALL))
    if is_last and (response.status.is_authentication_failure or response.status.is_access_refusal):
        raise WrongAccessKey(f"PACE: {response.status}")
    if not response.status.is_success:
        raise ChipFailed(f"GENERAL AUTHENTICATE: {response.status}")
    return tlv.parse_one(response.data, _DYNAMIC_DATA).child(answer_tag).value
