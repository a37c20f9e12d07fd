"""What became of a slip, as the session keeps it and the last screens tell it."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from kiosk import strings
from kiosk.errors import PrinterOffline, PrinterSilent
from kiosk.flows.events import Event, SlipDone
from kiosk.flows.views import Words
from kiosk.session import Session, SlipState

PRINT_LIMIT_S = 30.0
"""No slip takes this long; a printer that hangs does."""

STATES: dict[str, SlipState] = {"confirmed": "printed", "sent": "printed", "unknown": "unsure", "failed": "none"}

NOTHING_SENT = {PrinterSilent.code: PrinterOffline.code}
"""Silence that was met before a slip leaves no doubt about that slip."""

S = TypeVar("S", bound=Session)


def after_printing(session: S, event: Event) -> S:
    """The session once the printer answered for a slip; an answer that does not come leaves it unsure."""
    if not isinstance(event, SlipDone):
        return replace(session, slip="unsure", slip_fault=PrinterSilent.code)
    state = STATES[event.printed.state]
    return replace(session, slip=state, slip_fault=None if state == "printed" else event.printed.code)


def slip_words(session: Session, area: str, **values: str) -> Words:
    """Where the slip is, or why there is none and what to do without it: `area`.slip, .no_slip, .perhaps_slip."""
    key = {"printed": "slip", "none": "no_slip", "unsure": "perhaps_slip"}[session.slip]
    code = session.slip_fault or PrinterSilent.code
    if session.slip == "none":
        code = NOTHING_SENT.get(code, code)
    fault = f"errors.{code}.reason"
    why = (
        {}
        if session.slip == "printed"
        else {"why": {each: strings.text(each, fault) for each in strings.LANGUAGES}}
    )
    each = {"desk": dict(session.place.staff_desk), **why}
    return Words(key=f"{area}.{key}", values=values, each=each)


def result_s(session: Session) -> float:
    """How long a last screen stays: longer where it must be read off, for there is no slip to take along."""
    return session.place.result_s if session.slip == "printed" else session.place.result_without_slip_s
