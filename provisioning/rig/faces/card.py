"""The side of a made-up citizen card that bears the QR code, as far as a camera cares: the code in true size in the
middle, and a sham of print that differs between the cards of 2021 and 2024.
"""

from __future__ import annotations

from dataclasses import dataclass

import qrcode
from PIL import Image as Pictures
from PIL import ImageDraw

from provisioning.rig.people import CardData
from provisioning.trust.card_qr import card_qr_payload

WIDTH_PX, HEIGHT_PX = 1370, 864
"""85.6 × 54 mm (ID-1) at 16 dots a millimetre."""
DOTS_PER_MM = 16
QR_MM = 21
INK = (96, 104, 110)
LINE_PX = 22

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Print:
    """The card's ground, and where lines of print stand (left, top, right, bottom in px)."""

    ground: tuple[int, int, int]
    lines: tuple[Box, ...]


def _line(left: int, top: int, length: int) -> Box:
    return (left, top, left + length, top + LINE_PX)


PRINTS = {
    2021: Print((205, 222, 214), tuple(_line(90, 180 + 90 * row, 420 - 40 * (row % 3)) for row in range(6))),
    2024: Print(
        (228, 218, 206),
        (
            *(_line(930, 150 + 80 * row, 350 - 60 * (row % 2)) for row in range(3)),
            *(_line(90, 680 + 54 * row, 1190) for row in range(3)),
        ),
    ),
}


def picture(card: CardData) -> Pictures.Image:
    """The card as it is held before the lens."""
    design = PRINTS[card.generation]
    page = Pictures.new("RGB", (WIDTH_PX, HEIGHT_PX), design.ground)
    drawing = ImageDraw.Draw(page)
    for box in design.lines:
        drawing.rectangle(box, fill=INK)
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_L, border=3)
    code.add_data(card_qr_payload(card).encode("utf-8"))
    code.make(fit=True)
    side = QR_MM * DOTS_PER_MM
    image = code.make_image().get_image().convert("RGB").resize((side, side), Pictures.Resampling.NEAREST)
    page.paste(image, ((WIDTH_PX - side) // 2, (HEIGHT_PX - side) // 2))
    return page
