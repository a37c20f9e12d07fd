"""Making EF.CardAccess and DG14: what the chip offers, and its public key. ICAO Doc 9303-11 §9.2."""

from __future__ import annotations

from asn1crypto import core
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kiosk.emrtd import tlv

_BSI = "0.4.0.127.0.7.2.2"
_TERMINAL_AUTHENTICATION = f"{_BSI}.2"
_CHIP_AUTHENTICATION_AES_128 = f"{_BSI}.3.2.2"
_PACE_AES_128 = f"{_BSI}.4.2.2"
_PUBLIC_KEY_ECDH = f"{_BSI}.1.2"
_BRAINPOOL_P256R1 = 13

TERMINAL_AUTHENTICATION_INFO = tlv.encode(
    0x30, core.ObjectIdentifier(_TERMINAL_AUTHENTICATION).dump(), core.Integer(1).dump()
)
CHIP_AUTHENTICATION_INFO = tlv.encode(
    0x30, core.ObjectIdentifier(_CHIP_AUTHENTICATION_AES_128).dump(), core.Integer(1).dump()
)
PACE_INFO = tlv.encode(
    0x30,
    core.ObjectIdentifier(_PACE_AES_128).dump(),
    core.Integer(2).dump(),
    core.Integer(_BRAINPOOL_P256R1).dump(),
)


def card_access(*, offers_pace: bool = True) -> bytes:
    """EF.CardAccess as seen on Vietnamese cards, or without PACE."""
    infos = (TERMINAL_AUTHENTICATION_INFO, CHIP_AUTHENTICATION_INFO, *((PACE_INFO,) if offers_pace else ()))
    return tlv.encode(0x31, *infos)


def dg14(chip_key: ec.EllipticCurvePublicKey | None, *, offers_pace: bool = True) -> bytes:
    """DG14; without `chip_key` the chip has no way to prove itself."""
    infos = [TERMINAL_AUTHENTICATION_INFO]
    if chip_key is not None:
        encoded = chip_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        infos += [
            CHIP_AUTHENTICATION_INFO,
            tlv.encode(0x30, core.ObjectIdentifier(_PUBLIC_KEY_ECDH).dump(), encoded),
        ]
    if offers_pace:
        infos.append(PACE_INFO)
    return tlv.encode(0x6E, tlv.encode(0x31, *infos))
