"""The local record of documents that were refused: why, and nothing that was on them."""

from __future__ import annotations

from typing import Any

from kiosk.messages import SecurityEvent


def is_known(db: Any, event: SecurityEvent) -> bool:
    """Whether this event was recorded before."""
    row = db.execute("select 1 from security_event where event_id = ?", (str(event.event_id),)).fetchone()
    return row is not None


def insert(db: Any, event: SecurityEvent) -> None:
    """Record an event, for good."""
    db.execute(
        "insert into security_event (event_id, session_id, at, code, reasons, access_protocol)"
        " values (?, ?, ?, ?, ?, ?)",
        (
            str(event.event_id),
            str(event.session_id),
            event.at.isoformat(),
            event.code,
            " ".join(event.reasons),
            event.access_protocol,
        ),
    )


def count(db: Any) -> int:
    """How many there are."""
    (found,) = db.execute("select count(*) from security_event").fetchone()
    return int(found)
