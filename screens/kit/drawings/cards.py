"""The identity card as a visitor holds it: schematic, with invented digits that belong to nobody."""

from __future__ import annotations

from screens.kit.drawings.pen import Pen

# Province code 098 was never assigned.
FIRST_SIX, LAST_SIX = "098150", "123456"

FINDER = ("1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111")


def _card(pen: Pen, x: float, y: float, width: float, height: float, radius: float = 6) -> None:
    pen.frame(x, y, width, height, radius, 1.6, "primary", "card")


def _portrait(pen: Pen, x: float, y: float, width: float, height: float) -> None:
    pen.box(x, y, width, height, 3, "primary_soft")
    centre = x + width / 2
    pen.circle((centre, y + height * 0.38), width * 0.22, "primary")
    radius = width * 0.38
    pen.polygon(
        [
            (centre - radius, y + height),
            (centre - radius * 0.9, y + height * 0.78),
            (centre - radius * 0.5, y + height * 0.67),
            (centre + radius * 0.5, y + height * 0.67),
            (centre + radius * 0.9, y + height * 0.78),
            (centre + radius, y + height),
        ],
        "primary",
    )


def _chip(pen: Pen, x: float, y: float, width: float) -> None:
    height = width * 0.78
    pen.box(x, y, width, height, width * 0.16, "attention")
    pen.stroke([(x + width * 0.36, y), (x + width * 0.36, y + height)], width * 0.05, "ink")
    pen.stroke([(x + width * 0.64, y), (x + width * 0.64, y + height)], width * 0.05, "ink")
    pen.stroke([(x, y + height / 2), (x + width, y + height / 2)], width * 0.05, "ink")


def _lines(pen: Pen, x: float, y: float, widths: tuple[float, ...], gap: float = 8.5) -> None:
    for index, width in enumerate(widths):
        pen.box(x, y + index * gap, width, 3.4, 1.7, "line")


def _star(pen: Pen, x: float, y: float, radius: float) -> None:
    pen.circle((x, y), radius, "attention")
    pen.circle((x, y), radius * 0.55, "stop")


def _qr_code(pen: Pen, x: float, y: float, size: float) -> None:
    modules = 21
    unit = size / modules
    pen.box(x - 2 * unit, y - 2 * unit, size + 4 * unit, size + 4 * unit, unit, "card")
    state = 7
    for row in range(modules):
        for column in range(modules):
            state = (state * 1103515245 + 12345) % 2**31
            if _is_dark(row, column, modules, state):
                pen.box(x + column * unit, y + row * unit, unit * 1.04, unit * 1.04, 0, "ink")


def _is_dark(row: int, column: int, modules: int, state: int) -> bool:
    for first_row, first_column in ((0, 0), (0, modules - 7), (modules - 7, 0)):
        r, c = row - first_row, column - first_column
        if 0 <= r < 7 and 0 <= c < 7:
            return FINDER[r][c] == "1"
        if -1 <= r <= 7 and -1 <= c <= 7:
            return False
    return (state >> 16) % 100 < 48


def card_digits(pen: Pen, ink: str) -> None:
    """The card's front with the last six digits of its number marked."""
    w = pen.width
    _card(pen, 1, 1, w - 2, 98, 7)
    _star(pen, 14, 14, 7)
    _lines(pen, 26, 9, (w - 60, w - 84), 8)
    _portrait(pen, 8, 28, 30, 38)
    _lines(pen, 46, 33, (w - 66, w - 90, w - 74, w - 100), 9)
    size = 11
    first, last = pen.text_width(size, FIRST_SIX), pen.text_width(size, LAST_SIX)
    gap = 9
    left = (w - first - last - gap) / 2
    centre_y = 81
    pen.frame(left + first + gap - 5, centre_y - 12, last + 10, 24, 4, 1.8, "ink", "attention")
    pen.text((left + first / 2, centre_y), size, FIRST_SIX, "ink_soft")
    pen.text((left + first + gap + last / 2, centre_y), size, LAST_SIX, "ink")


def card_qr(pen: Pen, ink: str) -> None:
    """A card with its QR code marked."""
    w = pen.width
    _card(pen, 1, 1, w - 2, 98, 7)
    _star(pen, 15, 16, 8)
    _lines(pen, 28, 13, (w - 98,), 8)
    _portrait(pen, 9, 36, 36, 50)
    _lines(pen, 54, 44, (w - 134, w - 128), 11)
    size = 46
    x, y = w - size - 14, 13
    pen.box(x - 8, y - 8, size + 16, size + 16, 6, "attention")
    _qr_code(pen, x, y, size)
    _lines(pen, 54, 76, (w - 68, w - 88), 9)


def card_on_reader(pen: Pen, ink: str) -> None:
    """A card being laid flat on the reader."""
    middle = _reader_with_card(pen)
    pen.stroke([(middle, 50), (middle, 72)], 9, "good")
    pen.polygon([(middle - 16, 67), (middle + 16, 67), (middle, 85)], "good")


def card_off_reader(pen: Pen, ink: str) -> None:
    """A card being taken off the reader."""
    middle = _reader_with_card(pen)
    pen.stroke([(middle, 60), (middle, 82)], 9, "good")
    pen.polygon([(middle - 16, 65), (middle + 16, 65), (middle, 47)], "good")


def _reader_with_card(pen: Pen) -> float:
    """Both, apart; returns the middle."""
    middle = pen.width / 2
    pen.polygon([(middle - 50, 66), (middle + 50, 66), (middle + 63, 91), (middle - 63, 91)], "ink")
    pen.box(middle - 63, 88, 126, 10, 4, "ink_soft")
    pen.polygon([(middle - 40, 70), (middle + 40, 70), (middle + 48, 86), (middle - 48, 86)], "good_soft")
    pen.frame(middle - 42, 2, 84, 52, 5, 1.6, "primary", "card")
    _portrait(pen, middle - 36, 10, 22, 29)
    _lines(pen, middle - 7, 12, (40, 30, 36), 8)
    _chip(pen, middle + 19, 36, 14)
    return middle


def card(pen: Pen, ink: str) -> None:
    """The card by itself."""
    w = pen.width
    _card(pen, 2, 4, w - 4, 92, 9)
    _portrait(pen, 11, 22, 38, 50)
    _lines(pen, 58, 26, (w - 72, w - 92, w - 80), 13)
    _chip(pen, 58, 66, 24)
