"""Every picture by name, with its shape."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL.Image import Image

from screens.kit.drawings import cards, scenes, signs
from screens.kit.drawings.pen import Pen

ID_1 = 85.6 / 53.98
"""Width over height of an ID-1 card. ISO/IEC 7810."""

Drawing = Callable[[Pen, str], None]

SIGNS: dict[str, Drawing] = {
    drawing.__name__: drawing
    for drawing in (
        signs.arrow_left,
        signs.arrow_right,
        signs.back,
        signs.backspace,
        signs.check,
        signs.cross,
        signs.done,
        signs.dot,
        signs.failed,
        signs.onward,
        signs.person,
        signs.qr,
        signs.running_1,
        signs.running_2,
        signs.running_3,
        signs.staff,
        signs.stop,
        signs.waiting,
        signs.warning,
    )
}

PICTURES: dict[str, tuple[float, Drawing]] = {
    "card": (ID_1, cards.card),
    "card_digits": (ID_1, cards.card_digits),
    "card_qr": (ID_1, cards.card_qr),
    "card_on_reader": (1.32, cards.card_on_reader),
    "card_off_reader": (1.32, cards.card_off_reader),
    "shield": (1.0, scenes.shield),
    "heart": (1.0, scenes.heart),
    "staff": (1.0, scenes.staff_scene),
    "person": (1.0, scenes.person_scene),
    "face": (0.8, scenes.face),
    "good": (1.0, scenes.good),
    "attention": (1.0, scenes.attention),
    "halt": (1.0, scenes.halt),
}


def _find(name: str, sign: bool) -> tuple[float, Drawing]:
    first = (1.0, SIGNS[name]) if name in SIGNS else None
    found = first if sign and first else PICTURES.get(name, first)
    if found is None:
        raise KeyError(name)
    return found


def aspect(name: str, sign: bool = False) -> float:
    """Width over height of a picture. Raises: KeyError for a name that nobody drew."""
    return _find(name, sign)[0]


def draw(name: str, width_px: int, height_px: int, ink: str, font_file: Path, sign: bool = False) -> Image:
    """A picture at this size; with `sign` the one-colour sign of that name, in `ink`, if there is one.

    Raises: KeyError for a name that nobody drew.
    """
    pen = Pen(width_px, height_px, font_file)
    _find(name, sign)[1](pen, ink)
    return pen.finish()
