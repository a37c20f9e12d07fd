"""Public keys out of SubjectPublicKeyInfo, also with the explicit EC parameters that Doc 9303-12 prescribes.

`cryptography` takes explicit parameters only of some curves in one exact spelling (100 of the 588 keys in a
German master list do not load), so they are matched here to the curve they spell out, number by number.
Parameters that match no curve are refused: to believe a stranger's own curve is CVE-2020-0601.
"""

from __future__ import annotations

from typing import Any

from asn1crypto import keys
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from kiosk.emrtd.curves import BY_PARAMETER_ID, Curve
from kiosk.emrtd.der import reading_der
from kiosk.errors import DerInvalid

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
MIN_RSA_BITS, MAX_RSA_BITS = 2048, 8192


class UnusableKey(DerInvalid):
    """A well-formed key of an algorithm, curve or size that is not taken; the text names it."""


def load(encoded: bytes) -> PublicKey:
    """A key from DER SubjectPublicKeyInfo. Raises: DerInvalid, UnusableKey."""
    with reading_der("public key"):
        info = keys.PublicKeyInfo.load(encoded, strict=True)
        algorithm = info["algorithm"]["algorithm"].native
        if algorithm == "ec":
            return _elliptic(info)
        if algorithm in ("rsa", "rsassa_pss"):
            return _rsa(info)
    raise UnusableKey(f"algorithm {algorithm}")


def curve_of(encoded: bytes) -> Curve:
    """The named curve of an EC key. Raises: DerInvalid, UnusableKey."""
    with reading_der("public key"):
        info = keys.PublicKeyInfo.load(encoded, strict=True)
        if info["algorithm"]["algorithm"].native != "ec":
            raise UnusableKey("not an elliptic curve key")
        return _curve(info["algorithm"]["parameters"])


def _rsa(info: Any) -> rsa.RSAPublicKey:
    numbers = info["public_key"].parsed
    key = rsa.RSAPublicNumbers(numbers["public_exponent"].native, numbers["modulus"].native).public_key()
    if not MIN_RSA_BITS <= key.key_size <= MAX_RSA_BITS:
        raise UnusableKey(f"RSA of {key.key_size} bits")
    return key


def _elliptic(info: Any) -> ec.EllipticCurvePublicKey:
    curve = _curve(info["algorithm"]["parameters"])
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(curve.named, info["public_key"].native)
    except UnsupportedAlgorithm as error:
        raise UnusableKey(f"curve {curve.name}") from error


def _curve(parameters: Any) -> Curve:
    if parameters.name == "specified":
        return _match(parameters.chosen)
    if parameters.name == "named":
        for curve in BY_PARAMETER_ID.values():
            if curve.name.lower() == parameters.native:
                return curve
        raise UnusableKey(f"curve {parameters.native}")
    raise UnusableKey("implicit curve parameters")


def _match(domain: Any) -> Curve:
    """The curve whose field, coefficients, base point and order the parameters spell out."""
    field = domain["field_id"]
    if field["field_type"].native != "prime_field":
        raise UnusableKey("curve over a binary field")
    given = (
        field["parameters"].native,
        int.from_bytes(domain["curve"]["a"].native, "big"),
        int.from_bytes(domain["curve"]["b"].native, "big"),
        domain["order"].native,
    )
    for curve in BY_PARAMETER_ID.values():
        weierstrass = curve.arithmetic.curve
        known = (weierstrass.p(), weierstrass.a() % weierstrass.p(), weierstrass.b(), curve.order)
        if given == known and _is_base_point(curve, domain["base"].native):
            return curve
    raise UnusableKey(f"explicit parameters of no known curve ({given[0].bit_length()} bits)")


def _is_base_point(curve: Curve, encoded: bytes) -> bool:
    return any(encoded == curve.base_point.to_bytes(form) for form in ("uncompressed", "compressed"))
