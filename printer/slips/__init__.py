"""The slips by their template's name, one file a slip; each says which values it takes."""

from __future__ import annotations

from kiosk.errors import SlipUnknown
from printer.document import Document, Gap, Line, Size
from printer.slips.pending_ticket import PENDING_TICKET
from printer.slips.queue_ticket import QUEUE_TICKET
from printer.slips.slip import Slip, Values, moment, words
from printer.slips.staff_slip import STAFF_SLIP
from printer.slips.test_page import TEST_PAGE

__all__ = ["SLIPS", "Slip", "Values", "compose", "mark_as_copy", "moment"]

SLIPS: dict[str, Slip] = {slip.name: slip for slip in (QUEUE_TICKET, PENDING_TICKET, STAFF_SLIP, TEST_PAGE)}


def compose(template: str, values: Values, language: str, qr: str | None = None) -> Document:
    """The slip named `template`, filled. Raises: SlipUnknown, SlipValuesInvalid."""
    if template not in SLIPS:
        raise SlipUnknown(template)
    return SLIPS[template].compose(values, language, qr)


def mark_as_copy(document: Document, number: int, language: str) -> Document:
    """The same slip, marked at its top as sheet `number` of it: two of one visit are never taken for two visits."""
    mark = Line(words(language, "copy", number=str(number)), Size.LARGE, "bold", "centre", inverse=True)
    return Document((mark, Gap(12), *document.elements))
