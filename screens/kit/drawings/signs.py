"""Signs of one colour: they stand in buttons and beside words, in the colour of those words."""

from __future__ import annotations

import math

from screens.kit.drawings.pen import Pen


def check(pen: Pen, ink: str) -> None:
    """A check mark."""
    pen.stroke([(16, 54), (40, 77), (84, 25)], 13, ink)


def cross(pen: Pen, ink: str) -> None:
    """A cross: end it."""
    pen.stroke([(22, 22), (78, 78)], 12, ink)
    pen.stroke([(78, 22), (22, 78)], 12, ink)


def back(pen: Pen, ink: str) -> None:
    """An arrow to where one came from."""
    pen.stroke([(86, 50), (20, 50)], 11, ink)
    pen.stroke([(46, 22), (16, 50), (46, 78)], 11, ink)


def onward(pen: Pen, ink: str) -> None:
    """A chevron: this leads on."""
    pen.stroke([(38, 20), (68, 50), (38, 80)], 11, ink)


def arrow_left(pen: Pen, ink: str) -> None:
    """A large arrow to the left."""
    pen.polygon([(4, 50), (52, 4), (52, 30), (96, 30), (96, 70), (52, 70), (52, 96)], ink)


def arrow_right(pen: Pen, ink: str) -> None:
    """A large arrow to the right."""
    pen.polygon([(96, 50), (48, 4), (48, 30), (4, 30), (4, 70), (48, 70), (48, 96)], ink)


def backspace(pen: Pen, ink: str) -> None:
    """A key that takes the last digit away."""
    outline = [(34, 20), (92, 20), (92, 80), (34, 80), (6, 50), (34, 20)]
    pen.stroke(outline, 9, ink)
    pen.stroke([(49, 38), (73, 62)], 9, ink)
    pen.stroke([(73, 38), (49, 62)], 9, ink)


def person(pen: Pen, ink: str) -> None:
    """Somebody, from the chest up."""
    pen.circle((50, 30), 21, ink)
    pen.ellipse((50, 100), 42, 42, ink)


def staff(pen: Pen, ink: str) -> None:
    """Somebody at the desk, with a headset."""
    pen.circle((50, 36), 18, ink)
    pen.ellipse((50, 103), 41, 40, ink)
    pen.arc((50, 35), 29, 178, 362, 6, ink)
    pen.box(15, 31, 12, 19, 5, ink)
    pen.box(73, 31, 12, 19, 5, ink)
    pen.arc((56, 44), 24, 20, 88, 5, ink)


def warning(pen: Pen, ink: str) -> None:
    """A triangle with an exclamation mark."""
    pen.stroke([(50, 14), (92, 86), (8, 86), (50, 14)], 9, ink)
    pen.stroke([(50, 40), (50, 60)], 9, ink)
    pen.circle((50, 74), 5.5, ink)


def stop(pen: Pen, ink: str) -> None:
    """An octagon with a bar."""
    corners = [
        (50 + 46 * math.cos(math.radians(a)), 50 + 46 * math.sin(math.radians(a))) for a in range(22, 382, 45)
    ]
    pen.polygon(corners, ink)
    pen.stroke([(30, 50), (70, 50)], 13, "card")


def dot(pen: Pen, ink: str) -> None:
    """A bullet."""
    pen.circle((50, 50), 24, ink)


def waiting(pen: Pen, ink: str) -> None:
    """A ring: not begun."""
    pen.arc((50, 50), 34, 0, 360, 8, ink)


def _running(pen: Pen, ink: str, lit: int) -> None:
    for index, x in enumerate((18, 50, 82)):
        pen.circle((x, 50), 14 if index == lit else 8, ink)


def running_1(pen: Pen, ink: str) -> None:
    """Three dots, the first large: under way."""
    _running(pen, ink, 0)


def running_2(pen: Pen, ink: str) -> None:
    """Three dots, the second large."""
    _running(pen, ink, 1)


def running_3(pen: Pen, ink: str) -> None:
    """Three dots, the third large."""
    _running(pen, ink, 2)


def done(pen: Pen, ink: str) -> None:
    """A disc with a check mark."""
    pen.circle((50, 50), 46, ink)
    pen.stroke([(28, 53), (44, 68), (73, 34)], 10, "card")


def failed(pen: Pen, ink: str) -> None:
    """A disc with an exclamation mark."""
    pen.circle((50, 50), 46, ink)
    pen.stroke([(50, 26), (50, 54)], 11, "card")
    pen.circle((50, 73), 6.5, "card")


def qr(pen: Pen, ink: str) -> None:
    """A QR code, roughly."""
    for x, y in ((10, 10), (58, 10), (10, 58)):
        pen.box(x, y, 32, 32, 4, ink)
        pen.box(x + 7, y + 7, 18, 18, 2, "card")
        pen.box(x + 11, y + 11, 10, 10, 1, ink)
    for x, y in ((58, 58), (74, 58), (66, 68), (82, 68), (58, 80), (74, 80), (82, 84)):
        pen.box(x, y, 9, 9, 1, ink)
