"""Larger pictures of more than one colour: shield, heart, people."""

from __future__ import annotations

import math

from screens.kit.drawings import signs
from screens.kit.drawings.pen import Pen, Point


def _curve(a: Point, b: Point, c: Point, d: Point, steps: int = 24) -> list[Point]:
    """A cubic Bézier curve as points."""
    points = []
    for i in range(steps + 1):
        t = i / steps
        u = 1 - t
        w = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
        points.append(
            (
                w[0] * a[0] + w[1] * b[0] + w[2] * c[0] + w[3] * d[0],
                w[0] * a[1] + w[1] * b[1] + w[2] * c[1] + w[3] * d[1],
            )
        )
    return points


def _shield_outline(inset: float) -> list[Point]:
    left, right, top, bottom = 12 + inset, 88 - inset, 12 + inset * 0.9, 97 - inset * 1.3
    crown = 3 + inset
    side = _curve((right, top), (right, 58), (right - 8, 80), (50, bottom))
    other = _curve((50, bottom), (left + 8, 80), (left, 58), (left, top))
    return [(50, crown), *_curve((50, crown), (62, top - 1), (76, top), (right, top)), *side, *other]


def shield(pen: Pen, ink: str) -> None:
    """A shield with a check mark: what is done here is kept safe."""
    pen.polygon(_shield_outline(0), "primary")
    pen.polygon(_shield_outline(6), "primary_soft")
    pen.stroke([(32, 50), (46, 63), (70, 35)], 9, "primary")


def heart(pen: Pen, ink: str) -> None:
    """A heart with a cross: health insurance."""
    right = _curve((50, 28), (58, 2), (98, 4), (95, 38)) + _curve((95, 38), (92, 62), (66, 78), (50, 95))
    left = [(100 - x, y) for x, y in reversed(right)]
    pen.polygon([*right, *left], "good")
    pen.stroke([(50, 34), (50, 62)], 9, "card")
    pen.stroke([(36, 48), (64, 48)], 9, "card")


def staff_scene(pen: Pen, ink: str) -> None:
    """Somebody with a headset, on a soft disc."""
    pen.circle((50, 50), 49, "primary_soft")
    pen.circle((50, 38), 14, "primary")
    shoulders = [
        (50 + 28 * math.cos(math.radians(a)), 84 + 27 * math.sin(math.radians(a))) for a in range(180, 361, 6)
    ]
    pen.polygon(shoulders, "primary")
    pen.arc((50, 37), 22, 180, 360, 4.5, "primary")
    pen.box(24, 34, 8.5, 14, 3.5, "primary")
    pen.box(67.5, 34, 8.5, 14, 3.5, "primary")
    pen.arc((54, 42), 18, 18, 92, 3.6, "primary")


def person_scene(pen: Pen, ink: str) -> None:
    """Somebody, on a soft disc."""
    pen.circle((50, 50), 49, "primary_soft")
    pen.circle((50, 39), 16, "primary")
    shoulders = [
        (50 + 29 * math.cos(math.radians(a)), 84 + 26 * math.sin(math.radians(a))) for a in range(180, 361, 6)
    ]
    pen.polygon(shoulders, "primary")


def face(pen: Pen, ink: str) -> None:
    """An outline to put one's face in, until the camera's picture comes."""
    middle = pen.width / 2
    pen.ellipse((middle, 44), 23, 29, "line")
    pen.ellipse((middle, 106), 38, 28, "line")


def good(pen: Pen, ink: str) -> None:
    """It went well."""
    pen.circle((50, 50), 49, "good")
    pen.stroke([(27, 53), (43, 69), (74, 33)], 10, "card")


def attention(pen: Pen, ink: str) -> None:
    """Something to know."""
    pen.circle((50, 50), 49, "ink")
    pen.stroke([(50, 25), (50, 55)], 11, "attention")
    pen.circle((50, 74), 6.5, "attention")


def halt(pen: Pen, ink: str) -> None:
    """It does not go on here."""
    signs.stop(pen, "stop")
