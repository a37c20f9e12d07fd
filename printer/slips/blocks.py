"""The parts that slips share, so that every slip of a site looks like its sisters."""

from __future__ import annotations

from printer.document import Cell, Columns, Element, Gap, Line, Qr, Rule, Size
from printer.slips.slip import Values, words

NO_BREAK_SPACE = "\u00a0"
SECTION_GAP = Gap(20)
SMALL_GAP = Gap(8)


def heading(site_name: str, title: str) -> list[Element]:
    """Whose slip this is, and what it is."""
    return [
        Gap(8),
        Line(site_name, Size.LARGE, "bold", "centre"),
        SMALL_GAP,
        Line(title, Size.BODY, align="centre"),
        Gap(14),
        Rule(3),
        SECTION_GAP,
    ]


def fact(label: str, value: str, size: Size = Size.LARGE) -> list[Element]:
    """A label and, under it, what the visitor looks for."""
    return [Line(label), Gap(4), Line(value, size, "bold"), Gap(20)]


def pair(label: str, value: str) -> list[Element]:
    """A label and a short value on one line."""
    return [Columns((Cell(label), Cell(value, share=0, weight="bold", align="right"))), Gap(10)]


def bar(text: str, size: Size = Size.LARGE) -> list[Element]:
    """White on black across the page, for what must not be overlooked."""
    return [Line(text, size, "bold", "centre", inverse=True), SECTION_GAP]


def next_steps(*steps: str) -> list[Element]:
    """What to do now, one paragraph a step."""
    elements: list[Element] = [Rule(), SECTION_GAP]
    for step in steps:
        elements += [Line(step, Size.BODY), Gap(12)]
    return elements


def code(qr: str | None, language: str) -> list[Element]:
    """The slip's QR code with a word on whom it is for; nothing without a payload."""
    if not qr:
        return []
    return [Qr(qr), Line(words(language, "code"), Size.SMALL, align="centre"), SECTION_GAP]


def footer(values: Values, language: str) -> list[Element]:
    """When it was printed, and the hotline where there is one."""
    elements: list[Element] = [Rule(), Gap(12), Line(words(language, "time", time=values["time"]), Size.SMALL)]
    if values.get("hotline"):
        hotline = values["hotline"].replace(" ", NO_BREAK_SPACE)
        elements += [SMALL_GAP, Line(words(language, "hotline", hotline=hotline), Size.SMALL)]
    return [*elements, Gap(24)]
