"""The ticket of a visit the site could not be told of yet: a number from the kiosk's leased series."""

from __future__ import annotations

from printer.document import Document
from printer.slips.blocks import SECTION_GAP, bar, code, footer, heading, next_steps
from printer.slips.queue_ticket import number, place, priority, waiting
from printer.slips.slip import Slip, Values, words


def _compose(values: Values, language: str, qr: str | None) -> Document:
    steps = ("1", "2")
    elements = [
        *heading(values["site_name"], words(language, "pending_ticket.title")),
        *number(values["number"], words(language, "number")),
        *bar(words(language, "pending_ticket.mark")),
    ]
    elements += [
        *priority(values, language),
        *place(values, language),
        *waiting(values, language),
        *next_steps(
            words(language, "pending_ticket.reason"),
            *(words(language, f"pending_ticket.step_{step}", desk=values["desk"]) for step in steps),
        ),
        SECTION_GAP,
        *code(qr, language),
        *footer(values, language),
    ]
    return Document(tuple(elements))


PENDING_TICKET = Slip(
    name="pending_ticket",
    required=frozenset({"site_name", "number", "department", "room", "desk", "time"}),
    optional=frozenset({"priority", "people_ahead", "wait_minutes", "hotline"}),
    function=_compose,
)
"""site_name, number (from the leased series), department, room, desk (the staff desk's name), time, and where
known: priority, people_ahead, wait_minutes, hotline. The code carries the visit's id, so that staff can find the
visit once it is delivered.
"""
