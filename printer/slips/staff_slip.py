"""A slip that sends the visitor to the staff desk, with a reason in plain words and nothing personal."""

from __future__ import annotations

from printer.document import Document, Gap, Line, Size
from printer.slips.blocks import SECTION_GAP, fact, footer, heading, next_steps
from printer.slips.slip import Slip, Values, words


def _compose(values: Values, language: str, qr: str | None) -> Document:
    elements = [
        *heading(values["site_name"], words(language, "staff_slip.title")),
        Line(words(language, "staff_slip.go_to"), Size.LARGE, align="centre"),
        Gap(22),
        Line(values["desk"], Size.TITLE, "bold", "centre", fit=True),
        Gap(36),
        *fact(words(language, "staff_slip.reason"), values["reason"], Size.BODY),
        *next_steps(values.get("next_step") or words(language, "staff_slip.next_step")),
    ]
    if values.get("code"):
        elements.append(Line(words(language, "staff_slip.code", code=values["code"]), Size.SMALL))
        elements.append(SECTION_GAP)
    return Document((*elements, *footer(values, language)))


STAFF_SLIP = Slip(
    name="staff_slip",
    required=frozenset({"site_name", "desk", "reason", "time"}),
    optional=frozenset({"next_step", "code", "hotline"}),
    function=_compose,
)
"""site_name, desk (the staff desk's name), reason (a whole sentence in the visitor's words), time, and where known:
next_step (instead of the usual one), code (the error's stable code, for staff), hotline. It has no QR code.
"""
