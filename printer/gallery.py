"""Every slip in every language and paper width as a PNG: `python -m printer.gallery OUT`.

Renews the golden pictures of the tests as well: `python -m printer.gallery tests/printer/golden`. They depend on
the letters of Debian's fonts-inter and on the FreeType inside the locked Pillow, so renew them with those only,
and look at each picture before committing it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from kiosk.settings import ScreenSettings
from printer import layout, slips
from printer.typesetting import Fonts

WIDTHS_DOTS = (576, 384)
QR = "0197a3c4-5b6d-7e8f-9012-3456789abcde"
"""A made-up visit id."""

SAMPLES: dict[str, dict[str, dict[str, str]]] = {
    "vi": {
        "queue_ticket": {
            "site_name": "Bệnh viện Đa khoa Hoà Bình Xanh",
            "number": "A027",
            "department": "Khoa Nội tổng hợp",
            "room": "Phòng 203, tầng 2",
            "priority": "Người từ 75 tuổi trở lên",
            "desk": "quầy tiếp đón",
            "people_ahead": "6",
            "wait_minutes": "25",
            "time": "08:15 ngày\u00a002/03/2026",
            "hotline": "1900 0000",
        },
        "pending_ticket": {
            "site_name": "Bệnh viện Đa khoa Hoà Bình Xanh",
            "number": "K104",
            "department": "Khoa Tai – Mũi – Họng",
            "room": "Phòng 115, tầng 1",
            "desk": "quầy tiếp đón",
            "time": "08:15 ngày\u00a002/03/2026",
            "hotline": "1900 0000",
        },
        "staff_slip": {
            "site_name": "Bệnh viện Đa khoa Hoà Bình Xanh",
            "desk": "quầy tiếp đón",
            "reason": "Thẻ căn cước của quý vị đã hết hạn.",
            "code": "card_expired",
            "time": "08:15 ngày\u00a002/03/2026",
        },
        "test_page": {
            "site_name": "Bệnh viện Đa khoa Hoà Bình Xanh",
            "kiosk_id": "sanh-chinh-01",
            "printer": "network 9100",
            "time": "08:15 ngày\u00a002/03/2026",
        },
    },
    "en": {
        "queue_ticket": {
            "site_name": "Hoà Bình Xanh General Hospital",
            "number": "A027",
            "department": "General Internal Medicine",
            "room": "Room 203, 2nd floor",
            "priority": "Aged 75 and over",
            "desk": "the reception desk",
            "people_ahead": "6",
            "wait_minutes": "25",
            "time": "08:15 on 2\u00a0March\u00a02026",
            "hotline": "1900 0000",
        },
        "pending_ticket": {
            "site_name": "Hoà Bình Xanh General Hospital",
            "number": "K104",
            "department": "Ear, Nose and Throat",
            "room": "Room 115, 1st floor",
            "desk": "the reception desk",
            "time": "08:15 on 2\u00a0March\u00a02026",
            "hotline": "1900 0000",
        },
        "staff_slip": {
            "site_name": "Hoà Bình Xanh General Hospital",
            "desk": "the reception desk",
            "reason": "Your ID card has expired.",
            "code": "card_expired",
            "time": "08:15 on 2\u00a0March\u00a02026",
        },
        "test_page": {
            "site_name": "Hoà Bình Xanh General Hospital",
            "kiosk_id": "main-hall-01",
            "printer": "network 9100",
            "time": "08:15 on 2\u00a0March\u00a02026",
        },
    },
}
"""Made-up values for every slip."""


def default_fonts() -> Fonts:
    """The fonts of an untouched settings file."""
    return Fonts(ScreenSettings().font_regular, ScreenSettings().font_bold)


def pictures() -> Iterator[tuple[str, layout.Page]]:
    """Name and page of every slip, language and width; the queue ticket's copy too."""
    fonts = default_fonts()
    for language, samples in SAMPLES.items():
        for template, values in samples.items():
            document = slips.compose(template, values, language, QR)
            documents = {template: document}
            if template == "queue_ticket":
                documents["queue_ticket_copy"] = slips.mark_as_copy(document, 2, language)
            for name, drawn in documents.items():
                for width in WIDTHS_DOTS:
                    (page,) = layout.draw(drawn, width, fonts)
                    yield f"{name}-{language}-{width}", page


def main(out: Path) -> None:
    """Write every picture into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    for name, page in pictures():
        page.save(out / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
