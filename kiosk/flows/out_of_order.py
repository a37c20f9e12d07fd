"""Nobody starts on a kiosk that cannot serve: it says so, where to go meanwhile, and to staff what helps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kiosk import strings
from kiosk.flows import events as e
from kiosk.flows import views
from kiosk.flows.engine import Step
from kiosk.flows.identify.words import each, words
from kiosk.session import Session


class ReadyForVisitors(Step):
    """What a service's first screen is built on: it gives way where the kiosk cannot serve."""

    lamp = "free"

    @classmethod
    def remember(cls, session: Session, event: e.Event) -> Session:
        """What does not work."""
        return _with_trouble(super().remember(session, event), event)


class OutOfOrder(Step):
    """Something every visit needs does not work: nobody starts."""

    waits_for = "nobody"
    lamp = "out_of_order"

    @classmethod
    def view(cls, session: Session) -> views.View:
        """Where to go meanwhile, and in plain words what staff can do about it."""
        return views.Outcome(
            step=cls.__name__,
            mood="attention",
            title=words("out_of_order.title"),
            facts=((words("out_of_order.go_to"), each("identify.plain", _as_a_name(session.place.staff_desk))),),
            lines=(words("out_of_order.line"), _for_staff(session.reason)),
        )

    @classmethod
    def remember(cls, session: Session, event: e.Event) -> Session:
        """What else does not work, or that all is well."""
        return _with_trouble(session, event)


def _with_trouble(session: Session, event: e.Event) -> Session:
    if isinstance(event, e.DeviceTrouble):
        reason: str | None = event.reason
    elif isinstance(event, e.DevicesReady):
        reason = None
    else:
        return session
    return session if reason == session.reason else replace(session, reason=reason)


def _as_a_name(texts: Mapping[str, str]) -> dict[str, str]:
    return {language: text[:1].upper() + text[1:] for language, text in texts.items()}


def _for_staff(code: str | None) -> views.Words:
    """What a member of staff can do, without tools; for all else the technician and the code."""
    key = f"out_of_order.staff.{code}"
    if key not in strings.table(strings.LANGUAGES[0]):
        key = "out_of_order.staff.technician"
    what = {language: strings.text(language, key, code=code or "unforeseen") for language in strings.LANGUAGES}
    return views.Words(key="out_of_order.for_staff", each={"what": what})
