"""The standardised elliptic curves, points on them, and fresh keys. ICAO Doc 9303-11 §9.5.1 (Table 2)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

import ecdsa.curves
from cryptography.hazmat.primitives.asymmetric import ec
from ecdsa.ellipticcurve import PointJacobi

from kiosk.errors import PointInvalid

_UNCOMPRESSED = 0x04
Point = Any
"""A point of `ecdsa.ellipticcurve`: `+`, `* scalar`, `==`. That library is untyped."""


@dataclass(frozen=True)
class Curve:
    """A named curve as both libraries know it: `ecdsa` for PACE's point arithmetic, `cryptography` for the rest."""

    name: str
    arithmetic: Any
    named: ec.EllipticCurve

    @property
    def order(self) -> int:
        """Of the base point."""
        return int(self.arithmetic.order)

    @property
    def field_length(self) -> int:
        """Bytes of a coordinate."""
        return (int(self.arithmetic.curve.p()).bit_length() + 7) // 8

    @property
    def base_point(self) -> Point:
        """The standard's generator."""
        return self.arithmetic.generator

    def encode(self, point: Point) -> bytes:
        """Uncompressed, 04 X Y. BSI TR-03111 §3.2.1."""
        encoded: bytes = point.to_bytes("uncompressed")
        return encoded

    def decode(self, encoded: bytes) -> Point:
        """Raises: PointInvalid unless it is an uncompressed point on this curve (all cofactors are 1).

        The check is ours: `ecdsa` takes any two numbers for a PointJacobi.
        """
        length, weierstrass = self.field_length, self.arithmetic.curve
        x, y = (int.from_bytes(encoded[start : start + length], "big") for start in (1, 1 + length))
        is_well_formed = len(encoded) == 1 + 2 * length and encoded[0] == _UNCOMPRESSED
        if not is_well_formed or max(x, y) >= weierstrass.p() or not weierstrass.contains_point(x, y):
            raise PointInvalid(f"no point on {self.name}")
        return PointJacobi(weierstrass, x, y, 1, self.order)

    def coordinate(self, point: Point) -> bytes:
        """The x-coordinate in full field length: stripping a leading zero would spoil one session in 256."""
        return int(point.x()).to_bytes(self.field_length, "big")

    def draw_private_key(self) -> int:
        """A fresh scalar between 1 and the order."""
        return secrets.randbelow(self.order - 1) + 1


BY_PARAMETER_ID = {
    10: Curve("secp224r1", ecdsa.curves.NIST224p, ec.SECP224R1()),
    12: Curve("secp256r1", ecdsa.curves.NIST256p, ec.SECP256R1()),
    13: Curve("brainpoolP256r1", ecdsa.curves.BRAINPOOLP256r1, ec.BrainpoolP256R1()),
    15: Curve("secp384r1", ecdsa.curves.NIST384p, ec.SECP384R1()),
    16: Curve("brainpoolP384r1", ecdsa.curves.BRAINPOOLP384r1, ec.BrainpoolP384R1()),
    17: Curve("brainpoolP512r1", ecdsa.curves.BRAINPOOLP512r1, ec.BrainpoolP512R1()),
    18: Curve("secp521r1", ecdsa.curves.NIST521p, ec.SECP521R1()),
}
"""Curves by the standardised domain parameter id that PACEInfo carries; those `cryptography` also knows."""
