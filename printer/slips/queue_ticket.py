"""The queue ticket of a registered visit."""

from __future__ import annotations

from printer.document import Document, Element, Gap, Line, Size
from printer.slips.blocks import SECTION_GAP, bar, code, fact, footer, heading, next_steps, pair
from printer.slips.slip import Slip, Values, words


def number(text: str, label: str) -> list[Element]:
    """The queue number in the largest type on the page."""
    return [
        Line(label, Size.LARGE, align="centre"),
        Gap(28),
        Line(text, Size.NUMBER, "bold", "centre", fit=True),
        Gap(36),
    ]


def priority(values: Values, language: str) -> list[Element]:
    """The mark of somebody who is seen first, in a bar that nobody overlooks."""
    return bar(words(language, "priority", who=values["priority"])) if values.get("priority") else []


def place(values: Values, language: str) -> list[Element]:
    """Where to go: department and room, the room the larger."""
    return [
        *fact(words(language, "room"), values["room"], Size.TITLE),
        *fact(words(language, "department"), values["department"]),
    ]


def waiting(values: Values, language: str) -> list[Element]:
    """How long it may take, as far as the site knows."""
    elements: list[Element] = []
    if values.get("people_ahead"):
        elements += pair(words(language, "people_ahead"), values["people_ahead"])
    if values.get("wait_minutes"):
        elements += pair(words(language, "wait"), words(language, "minutes", minutes=values["wait_minutes"]))
    return [*elements, Gap(6)] if elements else []


def _compose(values: Values, language: str, qr: str | None) -> Document:
    elements = [
        *heading(values["site_name"], words(language, "queue_ticket.title")),
        *number(values["number"], words(language, "number")),
    ]
    elements += [*priority(values, language), *place(values, language), *waiting(values, language)]
    if values.get("name"):
        elements += fact(words(language, "name"), values["name"])
    steps = [words(language, "queue_ticket.next_step"), words(language, "queue_ticket.keep")]
    if values.get("desk"):
        steps.append(words(language, "queue_ticket.help", desk=values["desk"]))
    elements += [
        *next_steps(*steps),
        SECTION_GAP,
        *code(qr, language),
        *footer(values, language),
    ]
    return Document(tuple(elements))


QUEUE_TICKET = Slip(
    name="queue_ticket",
    required=frozenset({"site_name", "number", "department", "room", "time"}),
    optional=frozenset({"priority", "people_ahead", "wait_minutes", "desk", "hotline", "name"}),
    function=_compose,
)
"""site_name, number, department, room ("Phòng 203"), time (local, as it shall be read), and where known: priority
(who is seen first: "Người từ 75 tuổi"), people_ahead, wait_minutes (digits), desk (the staff desk's name), hotline,
name. The code carries the visit's id and nothing else. No citizen number, date of birth or insurance number has a
place on this slip; `name` is printed only if given, for sites that call patients by name.
"""
