"""The back of a made-up citizen card as far as a camera cares: its QR code in true size, and a sham of print.

The code's fields, in the card's own order and separator: citizen number, old number, name, date of birth, gender,
residence, date of issue.
"""

from __future__ import annotations

import qrcode
from PIL import Image as Pictures
from PIL import ImageDraw

from provisioning.rig.people import CardData

WIDTH_PX, HEIGHT_PX = 1370, 864
"""85.6 × 54 mm (ID-1) at 16 dots a millimetre."""
DOTS_PER_MM = 16
QR_MM = 21
GENDER = {"male": "Nam", "female": "Nữ"}


def qr_text(card: CardData) -> str:
    """What a citizen card's QR code says."""
    fields = (
        card.citizen_number,
        card.old_number,
        card.name,
        f"{card.date_of_birth:%d%m%Y}",
        GENDER[card.gender],
        card.residence,
        f"{card.date_of_issue:%d%m%Y}",
    )
    return "|".join(fields)


def picture(card: CardData) -> Pictures.Image:
    """The card, with its code in the middle of the picture's right half."""
    page = Pictures.new("RGB", (WIDTH_PX, HEIGHT_PX), (205, 222, 214))
    drawing = ImageDraw.Draw(page)
    for row in range(6):
        top = 180 + 90 * row
        drawing.rectangle((90, top, 90 + 420 - 40 * (row % 3), top + 22), fill=(96, 104, 110))
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_L, border=3)
    code.add_data(qr_text(card).encode("utf-8"))
    code.make(fit=True)
    side = QR_MM * DOTS_PER_MM
    image = code.make_image().get_image().convert("RGB").resize((side, side), Pictures.Resampling.NEAREST)
    page.paste(image, ((WIDTH_PX - side) // 2, (HEIGHT_PX - side) // 2))
    return page
