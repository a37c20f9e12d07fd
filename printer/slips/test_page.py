"""The technician's page: every dot of the head, every size and letter, a code to scan, and the cut."""

from __future__ import annotations

from printer.document import Document, Gap, Line, Pattern, Qr, Size
from printer.slips.blocks import SECTION_GAP, bar, fact, footer, heading
from printer.slips.slip import Slip, Values, words

LETTERS = "AĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXY aăâbcdđeêghiklmnoôơpqrstuưvxy ÀẢÃÁẠ Ằẳẵắặ Ầẩẫấậ Èẻẽéẹ Ềểễếệ"
MORE_LETTERS = "Ìỉĩíị Òỏõóọ Ồổỗốộ Ờởỡớợ Ùủũúụ Ừửữứự Ỳỷỹýỵ 0123456789 ₫"
SIZES = (Size.SMALL, Size.BODY, Size.LARGE, Size.TITLE)


def _compose(values: Values, language: str, qr: str | None) -> Document:
    elements = [
        Pattern("ruler"),
        *heading(values["site_name"], words(language, "test_page.title")),
        *fact(words(language, "test_page.kiosk"), values["kiosk_id"], Size.BODY),
        *fact(words(language, "test_page.printer"), values["printer"], Size.BODY),
        *(Line(f"{size.value} – Nguyễn Thị Ẩn", size) for size in SIZES),
        Gap(12),
        Line(LETTERS, Size.SMALL),
        Line(MORE_LETTERS, Size.SMALL),
        SECTION_GAP,
        Pattern("checkerboard"),
        SECTION_GAP,
        *bar(words(language, "test_page.bar")),
        Qr(qr or values["kiosk_id"]),
        *footer(values, language),
    ]
    return Document(tuple(elements))


TEST_PAGE = Slip(
    name="test_page",
    required=frozenset({"site_name", "kiosk_id", "printer", "time"}),
    optional=frozenset({"hotline"}),
    function=_compose,
)
"""site_name, kiosk_id, printer (the driver and where it is connected), time, and where known: hotline. The code
carries `qr`, or the kiosk's id without one.
"""
