"""Chip authentication version 1 with ECDH: a clone with copied files lacks the private key.

ICAO Doc 9303-11 §6.2; BSI TR-03110-1 §3.4. Only ever run with a DG14 whose hash is signed.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kiosk.emrtd import public_keys, tlv
from kiosk.emrtd.apdu import SHORT_ALL, CommandApdu, StatusWord
from kiosk.emrtd.channel import Channel
from kiosk.emrtd.ciphers import BlockCipher
from kiosk.emrtd.kdf import Purpose, derive_key
from kiosk.emrtd.secure_messaging import SecureMessaging
from kiosk.emrtd.security_infos import (
    CHIP_AUTHENTICATION,
    ChipAuthenticationInfo,
    ChipAuthenticationPublicKeyInfo,
    SecurityInfos,
    object_identifier_value,
)
from kiosk.errors import ChipFailed, SecureMessagingBroken

_ECDH = f"{CHIP_AUTHENTICATION}.2"
CIPHERS = {
    f"{_ECDH}.1": BlockCipher.TRIPLE_DES,
    f"{_ECDH}.2": BlockCipher.AES_128,
    f"{_ECDH}.3": BlockCipher.AES_192,
    f"{_ECDH}.4": BlockCipher.AES_256,
}
"""id-CA-ECDH-… by cipher, weakest first. Doc 9303-11 §9.2.6."""
_DG14_FILE_ID = bytes.fromhex("010E")


class ProofRefused(ChipFailed):
    """The chip refused a command of the protocol."""


class ProofWrong(ChipFailed):
    """The chip does not hold the private key of its signed public key."""


@dataclass(frozen=True)
class Offer:
    """A protocol the chip offers together with the key for it."""

    protocol: str
    key_id: int | None
    key: ChipAuthenticationPublicKeyInfo


def select(infos: SecurityInfos) -> Offer | None:
    """The strongest offer we speak, or None.

    A key without an info means triple DES with Set KAT, as French passports have it (gmrtd, JMRTD).
    """
    spoken = [info for info in infos.chip_authentication if info.protocol in CIPHERS and info.version == 1]
    offers = [Offer(info.protocol, info.key_id, key) for info in spoken if (key := _key_for(infos, info))]
    if not infos.chip_authentication and infos.chip_authentication_keys:
        key = infos.chip_authentication_keys[0]
        offers = [Offer(f"{_ECDH}.1", key.key_id, key)]
    return max(offers, key=lambda offer: offer.protocol, default=None)


def _key_for(infos: SecurityInfos, info: ChipAuthenticationInfo) -> ChipAuthenticationPublicKeyInfo | None:
    keys = infos.chip_authentication_keys
    return next((key for key in keys if info.key_id is None or key.key_id in (None, info.key_id)), None)


def prove(channel: Channel, offer: Offer) -> None:
    """Agree on new keys with the chip's static key and hear one answer under them; then the chip is proven.

    Raises: ProofWrong, ProofRefused, DerInvalid for a key that is none; CardRemoved and its kin say nothing.
    """
    cipher, curve = CIPHERS[offer.protocol], public_keys.curve_of(offer.key.public_key)
    chip_key = public_keys.load(offer.key.public_key)
    assert isinstance(chip_key, ec.EllipticCurvePublicKey)
    own_key = ec.generate_private_key(curve.named)
    own_public = own_key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    _send_public_key(channel, offer, own_public)
    secret = own_key.exchange(ec.ECDH(), chip_key)
    encryption_key = derive_key(secret, Purpose.ENCRYPTION, cipher)
    mac_key = derive_key(secret, Purpose.AUTHENTICATION, cipher)
    channel.open_session(SecureMessaging(cipher, encryption_key, mac_key))
    _hear_one_answer(channel)


def _send_public_key(channel: Channel, offer: Offer, own_public: bytes) -> None:
    key_id = b"" if offer.key_id is None else tlv.encode(0x84, _unsigned(offer.key_id))
    if CIPHERS[offer.protocol] is BlockCipher.TRIPLE_DES:
        _expect_success(channel, CommandApdu(0x00, 0x22, 0x41, 0xA6, tlv.encode(0x91, own_public) + key_id))
        return
    protocol = tlv.encode(0x80, object_identifier_value(offer.protocol))
    _expect_success(channel, CommandApdu(0x00, 0x22, 0x41, 0xA4, protocol + key_id))
    data = tlv.encode(0x7C, tlv.encode(0x80, own_public))
    _expect_success(channel, CommandApdu(0x00, 0x86, 0x00, 0x00, data, SHORT_ALL))


def _unsigned(number: int) -> bytes:
    return number.to_bytes(max(1, (number.bit_length() + 7) // 8), "big")


def _expect_success(channel: Channel, command: CommandApdu) -> None:
    _judge(channel.send(command).status)


def _judge(status: StatusWord) -> None:
    if status.is_success:
        return
    if status.is_execution_error:
        # key agreement draws the most power of all: on a weak field this is how a genuine chip fails
        raise ChipFailed(f"chip authentication: {status}")
    raise ProofRefused(f"chip authentication: {status}")


def _hear_one_answer(channel: Channel) -> None:
    """Only an answer with the right MAC shows that the chip derived the same keys."""
    try:
        status = channel.send(CommandApdu(0x00, 0xA4, 0x02, 0x0C, _DG14_FILE_ID)).status
    except SecureMessagingBroken as error:
        raise ProofWrong("chip authentication: no answer under the new keys") from error
    _judge(status)
