"""Basic Access Control. ICAO Doc 9303-11 §4.3; worked example: Appendix D.3."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable

from kiosk.emrtd.apdu import CommandApdu
from kiosk.emrtd.channel import Channel
from kiosk.emrtd.ciphers import MAC_LENGTH, BlockCipher, equal
from kiosk.emrtd.kdf import Purpose, derive_key
from kiosk.emrtd.secure_messaging import SecureMessaging
from kiosk.errors import CardAnswerInvalid, ChipFailed, WrongAccessKey

_CIPHER = BlockCipher.TRIPLE_DES
_NONCE_LENGTH = 8
_KEY_LENGTH = 16
_CRYPTOGRAM_LENGTH = 32
_REFUSALS = frozenset({0x6300, 0x6982, 0x6985, 0x6988})
"""How chips in the field say that the key was wrong; the standard names no status."""


def establish(channel: Channel, mrz_information: bytes, draw: Callable[[int], bytes] = secrets.token_bytes) -> None:
    """Authenticate with the key the MRZ gives and open a session on `channel`; the application is selected.

    Raises: WrongAccessKey, ChipFailed, CardAnswerInvalid.
    """
    seed = hashlib.sha1(mrz_information, usedforsecurity=False).digest()[:_KEY_LENGTH]
    encryption_key = derive_key(seed, Purpose.ENCRYPTION, _CIPHER)
    mac_key = derive_key(seed, Purpose.AUTHENTICATION, _CIPHER)
    chip_nonce = _get_challenge(channel)
    own_nonce, own_key = draw(_NONCE_LENGTH), draw(_KEY_LENGTH)

    cryptogram = _CIPHER.encrypt(encryption_key, own_nonce + chip_nonce + own_key)
    mac = _CIPHER.mac(mac_key, _CIPHER.pad(cryptogram))
    answer = _mutual_authenticate(channel, cryptogram + mac)
    if not equal(_CIPHER.mac(mac_key, _CIPHER.pad(answer[:_CRYPTOGRAM_LENGTH])), answer[_CRYPTOGRAM_LENGTH:]):
        raise CardAnswerInvalid("BAC: the chip's MAC is wrong")
    plain = _CIPHER.decrypt(encryption_key, answer[:_CRYPTOGRAM_LENGTH])
    if not equal(plain[: 2 * _NONCE_LENGTH], chip_nonce + own_nonce):
        raise CardAnswerInvalid("BAC: the chip did not answer our challenge")

    session_seed = bytes(own ^ theirs for own, theirs in zip(own_key, plain[2 * _NONCE_LENGTH :], strict=True))
    channel.open_session(
        SecureMessaging(
            _CIPHER,
            derive_key(session_seed, Purpose.ENCRYPTION, _CIPHER),
            derive_key(session_seed, Purpose.AUTHENTICATION, _CIPHER),
            counter=int.from_bytes(chip_nonce[4:] + own_nonce[4:], "big"),
        )
    )


def _get_challenge(channel: Channel) -> bytes:
    response = channel.send(CommandApdu(0x00, 0x84, 0x00, 0x00, expected_length=_NONCE_LENGTH))
    if not response.status.is_success or len(response.data) != _NONCE_LENGTH:
        raise ChipFailed(f"GET CHALLENGE: {response.status}")
    return response.data


def _mutual_authenticate(channel: Channel, data: bytes) -> bytes:
    length = _CRYPTOGRAM_LENGTH + MAC_LENGTH
    response = channel.send(CommandApdu(0x00, 0x82, 0x00, 0x00, data, expected_length=length))
    if response.status in _REFUSALS or response.status.is_authentication_failure:
        raise WrongAccessKey(f"BAC: {response.status}")
    if not response.status.is_success:
        raise ChipFailed(f"EXTERNAL AUTHENTICATE: {response.status}")
    if len(response.data) != length:
        raise CardAnswerInvalid("BAC: answer of another length")
    return response.data
