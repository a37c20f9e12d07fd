"""The order to record a refused document: handed to the link, which keeps and signs it. The screen never waits."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from uuid6 import uuid7

from kiosk import logs
from kiosk import messages as m
from kiosk.errors import KioskError
from kiosk.flows import effects
from kiosk.ports import Link
from kiosk.visit.workers import Job, Order

TRY_FOR_S = 6.0
"""Twice what a link that died may take to be back; a call that is under way then is waited for."""


def security_job(link: Link, try_for_s: float = TRY_FOR_S, every_s: float = 0.2) -> Job:
    """Hand a security event over, again and again under the same id until it is kept; at last it is only logged."""

    def hand_over(order: Order) -> None:
        event = _event(order)
        until_s = time.monotonic() + try_for_s
        while True:
            try:
                link.record_security_event(event)
            except KioskError as error:
                if time.monotonic() >= until_s:
                    _log("security_event_not_kept", event, level="error", error=error.code)
                    return
                time.sleep(every_s)
            else:
                return

    return hand_over


def _event(order: Order) -> m.SecurityEvent:
    effect = order.effect
    assert isinstance(effect, effects.RaiseSecurityEvent)
    values = {
        "session_id": order.session.id,
        "event_id": uuid7(),
        "at": datetime.now(UTC),
        "code": effect.reason,
        "reasons": effect.reasons,
        "access_protocol": effect.access_protocol,
    }
    event = m.SecurityEvent.model_validate(values)
    _log("document_refused", event)
    return event


def _log(what: str, event: m.SecurityEvent, **more: str | None) -> None:
    """The whole event, in case a log is all that is left of it."""
    logs.event(
        what,
        event_id=event.event_id,
        session=event.session_id,
        reason=event.code,
        verdict=" ".join(event.reasons),
        access_protocol=event.access_protocol,
        **more,
    )
