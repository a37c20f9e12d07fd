"""Names and faces in pictures: each one in a file is decoded, and names are looked for as the kiosk draws them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pictures
from PIL import ImageDraw, ImageFont

from kiosk.settings import ScreenSettings

from .needles import Found, Needles

FONTS: tuple[Path, ...] = tuple(
    Path(ScreenSettings.model_fields[name].default) for name in ("font_bold", "font_regular")
)
SIZES_PX = [round(16 * 1.07**step) for step in range(26)]
"""From small print on a slip to the largest title; seven per cent apart still match."""
ALIKE = 0.72
SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
"""Of pictures inside a file; at its beginning any kind that Pillow knows is found."""
MAX_BYTES = 1 << 23
MIN_SIDE_PX = 24

Grey = NDArray[np.uint8]


def pictures(data: bytes) -> Iterator[Pictures.Image]:
    """The picture that a file is, and every one inside it."""
    places = {0}
    for signature in SIGNATURES:
        at = data.find(signature)
        while at >= 0:
            places.add(at)
            at = data.find(signature, at + 1)
    for at in sorted(places):
        picture = _picture(data[at : at + MAX_BYTES])
        if picture is not None and min(picture.size) >= MIN_SIDE_PX:
            yield picture


def _picture(data: bytes) -> Pictures.Image | None:
    """What looks like the beginning of a picture may be none."""
    try:
        with Pictures.open(io.BytesIO(data)) as picture:
            return picture.convert("RGB")
    except (OSError, ValueError, SyntaxError, Pictures.DecompressionBombError):
        return None


def search(data: bytes, where: str, names: dict[str, str], needles: Needles) -> list[Found]:
    """Pixels of portraits, and drawn names, in the pictures of a file."""
    found: list[Found] = []
    for number, picture in enumerate(pictures(data)):
        place = f"{where}, picture {number}"
        found += needles.search(np.asarray(picture).tobytes(), place)
        grey = np.asarray(picture.convert("L"))
        found += [Found(place, whose, "name as drawn", 0) for whose, name in names.items() if shows(grey, name)]
    return found


def shows(grey: Grey, name: str) -> bool:
    """Whether two words of a name stand in a picture, in either of the kiosk's types and in any size."""
    words = sorted(set(name.split()), key=len)[-3:]
    return sum(any(_stands(grey, word, font) for font in FONTS) for word in words) >= 2


def _stands(grey: Grey, word: str, font: Path) -> bool:
    for size in SIZES_PX:
        drawn = _draw(word, font, size)
        if drawn.shape[0] <= grey.shape[0] and drawn.shape[1] <= grey.shape[1]:
            likeness = cv2.matchTemplate(grey, drawn, cv2.TM_CCOEFF_NORMED)
            # dark on light and light on dark alike; an even ground has no likeness to anything
            if np.abs(likeness[np.isfinite(likeness)]).max(initial=0) > ALIKE:
                return True
    return False


def _draw(word: str, font: Path, size: int) -> Grey:
    """Black on white, cut to the ink."""
    face = ImageFont.truetype(str(font), size)
    left, top, right, bottom = face.getbbox(word)
    sheet = Pictures.new("L", (int(right - left), int(bottom - top)), 255)
    ImageDraw.Draw(sheet).text((-left, -top), word, fill=0, font=face)
    return np.asarray(sheet)
