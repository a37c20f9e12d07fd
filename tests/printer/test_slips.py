"""What is on each slip, drawn and looked at."""

import unicodedata
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw

from kiosk.errors import SlipUnknown, SlipValuesInvalid
from printer import gallery, layout, slips
from printer.document import Cell, Columns, Document, Line, Qr, Size

GOLDEN = Path(__file__).parent / "golden"
PICTURES = dict(gallery.pictures())
LETTERS = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
ALL_LETTERS = LETTERS + LETTERS.upper() + "0123456789₫–.,:;()/ \u00a0"


@pytest.mark.parametrize("name", PICTURES)
def test_every_slip_looks_as_the_golden_picture(name: str, same: Callable[..., bool]) -> None:
    with Image.open(GOLDEN / f"{name}.png") as golden:
        assert same(PICTURES[name], golden), f"see {name}; renew with python -m printer.gallery {GOLDEN}"


def test_no_golden_picture_is_left_over() -> None:
    assert {file.stem for file in GOLDEN.glob("*.png")} == set(PICTURES)


@pytest.mark.parametrize("name", [name for name in PICTURES if not name.startswith("staff_slip")])
def test_code_on_the_slip_reads_back_as_the_visit_id(name: str) -> None:
    codes = zxingcpp.read_barcodes(PICTURES[name].convert("L"))
    assert [code.text for code in codes] == [gallery.QR]


@pytest.mark.parametrize("name", [name for name in PICTURES if name.startswith("staff_slip")])
def test_staff_slip_has_no_code(name: str) -> None:
    assert not zxingcpp.read_barcodes(PICTURES[name].convert("L"))


@pytest.mark.parametrize("file", ["font_regular", "font_bold"])
def test_every_vietnamese_letter_has_a_glyph(file: str) -> None:
    fonts = gallery.default_fonts()
    with TTFont(fonts.regular if file == "font_regular" else fonts.bold) as font:
        characters = font.getBestCmap()
    assert [letter for letter in ALL_LETTERS if ord(letter) not in characters] == []


@pytest.mark.parametrize("size", [size for size in Size if size != Size.NUMBER])
@pytest.mark.parametrize("weight", ["regular", "bold"])
def test_no_letter_loses_its_marks_to_the_line_above_or_below(size: Size, weight: str) -> None:
    face = gallery.default_fonts().face("bold" if weight == "bold" else "regular", size)
    boxes = [face.font.getbbox(letter, anchor="ls", mode="1") for letter in ALL_LETTERS.strip()]
    assert min(box[1] for box in boxes) >= -face.ascent_dots()
    assert max(box[3] for box in boxes) <= face.descent_dots()


@pytest.mark.parametrize("width", gallery.WIDTHS_DOTS)
@pytest.mark.parametrize(
    "text",
    [
        "Công Tằng Tôn Nữ Nguyễn Phước Hoàng Thị Thuỳ Dương Quỳnh Anh Thư",
        "BệnhviệnĐakhoaKhôngCóMộtDấuCáchNàoTrongTênCủaMìnhĐểXuốngDòngCả",
        "Ẩn",
    ],
)
def test_long_names_wrap_without_losing_a_letter(width: int, text: str) -> None:
    room = width - 2 * layout.MARGIN_DOTS
    face = gallery.default_fonts().face("bold", Size.TITLE)
    lines = face.wrap(text, room)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert max(face.width_dots(line) for line in lines) <= room


def test_text_that_came_decomposed_prints_like_composed_text(same: Callable[..., bool]) -> None:
    composed = "Nguyễn Thị Ẩn, Bệnh viện Đa khoa"
    pages = [
        layout.draw(Document((Line(text),)), 576, gallery.default_fonts())[0]
        for text in (composed, unicodedata.normalize("NFD", composed))
    ]
    assert same(*pages)


def test_two_lines_break_where_a_reader_pauses() -> None:
    face = gallery.default_fonts().face("bold", Size.TITLE)
    assert face.wrap("Phòng 203, tầng 2", 352) == ["Phòng 203,", "tầng 2"]


def test_hotline_stays_on_one_line() -> None:
    face = gallery.default_fonts().face("regular", Size.SMALL)
    assert "1900\u00a00000" in face.wrap("Cần giúp đỡ, xin gọi 1900\u00a00000", 352)[-1]


def ink_heights(page: Image.Image) -> list[int]:
    """Heights of the runs of inked rows, from the top."""
    inked = np.concatenate(([False], ~np.asarray(page).all(axis=1), [False]))
    edges = np.flatnonzero(np.diff(inked.astype(int)))
    return (edges[1::2] - edges[::2]).tolist()


@pytest.mark.parametrize("width", gallery.WIDTHS_DOTS)
@pytest.mark.parametrize("number", ["7", "A027", "NOI-0112"])
def test_number_is_the_largest_type_on_the_ticket(width: int, number: str) -> None:
    values = gallery.SAMPLES["vi"]["queue_ticket"] | {"number": number, "priority": ""}
    (page,) = layout.draw(slips.compose("queue_ticket", values, "vi"), width, gallery.default_fonts())
    (alone,) = layout.draw(
        Document((Line(number, Size.NUMBER, "bold", "centre", fit=True),)), width, gallery.default_fonts()
    )
    tallest = max(ink_heights(page))
    assert tallest == ink_heights(alone)[0]
    letters = ImageDraw.Draw(Image.new("1", (1, 1)))
    title = letters.textbbox((0, 0), "7", font=gallery.default_fonts().face("bold", Size.TITLE).font)
    assert tallest > title[3] - title[1]


def test_columns_stand_on_one_baseline_and_keep_their_widths() -> None:
    columns = Columns((Cell("Số", share=1, size=Size.TITLE), Cell("25 phút", share=1, align="right")))
    (page,) = layout.draw(Document((columns,)), 576, gallery.default_fonts())
    ink = ~np.asarray(page)
    assert ink[:, :280].any()
    assert ink[:, 296:].any()
    assert not ink[:, 281:295].any()


def test_column_of_its_texts_own_width_leaves_the_rest_to_the_label() -> None:
    columns = Columns((Cell("Số người chờ trước"), Cell("6", share=0, weight="bold", align="right")))
    (page,) = layout.draw(Document((columns,)), 384, gallery.default_fonts())
    face = gallery.default_fonts().face("regular", Size.BODY)
    assert page.height == face.ascent_dots() + face.descent_dots()


def test_first_word_is_not_left_alone_before_a_pause() -> None:
    face = gallery.default_fonts().face("regular", Size.BODY)
    assert all(len(line) > 3 for line in face.wrap("1. Mời quý vị ngồi chờ trước phòng.", 544))


def test_code_too_long_for_the_paper_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        layout.draw(Document((Qr("x" * 2000),)), 384, gallery.default_fonts())


@pytest.mark.parametrize(("language", "read"), [("vi", "08:05 ngày 02/03/2026"), ("en", "08:05 on 2 March 2026")])
def test_time_is_written_as_it_is_read(language: str, read: str) -> None:
    written = slips.moment(datetime(2026, 3, 2, 8, 5), language)
    assert written.replace("\N{NO-BREAK SPACE}", " ") == read


def test_unknown_slip_is_refused() -> None:
    with pytest.raises(SlipUnknown):
        slips.compose("boarding_pass", {}, "vi")


@pytest.mark.parametrize("template", slips.SLIPS)
def test_missing_value_is_refused_by_name(template: str) -> None:
    values = dict(gallery.SAMPLES["vi"][template])
    del values["time"]
    with pytest.raises(SlipValuesInvalid, match="time"):
        slips.compose(template, values, "vi")


def test_blank_number_is_refused() -> None:
    with pytest.raises(SlipValuesInvalid, match="number"):
        slips.compose("queue_ticket", gallery.SAMPLES["vi"]["queue_ticket"] | {"number": " "}, "vi")


def test_citizen_number_has_no_place_on_any_slip_and_stays_out_of_the_error() -> None:
    for template in slips.SLIPS:
        values = gallery.SAMPLES["vi"][template] | {"citizen_number": "098000000001"}
        with pytest.raises(SlipValuesInvalid, match="citizen_number") as refused:
            slips.compose(template, values, "vi")
        assert "098000000001" not in str(refused.value)


def test_absent_options_leave_no_trace(same: Callable[..., bool]) -> None:
    values = gallery.SAMPLES["vi"]["queue_ticket"] | {"hotline": "", "people_ahead": "", "priority": ""}
    without = {key: value for key, value in values.items() if value}
    pages = [
        layout.draw(slips.compose("queue_ticket", given, "vi", None), 576, gallery.default_fonts())[0]
        for given in (values, without)
    ]
    assert same(*pages)
