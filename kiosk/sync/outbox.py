"""The outbox: events the site shall hear, each immutable, in order per patient; none is ever deleted.

    waiting ──► delivered            the site has it; body and lane are cleared
       ├──────► superseded           another event says it in its place (412)
       └──────► parked ──► waiting   refused for good, until a technician releases it

An event waits for the earlier ones of its lane: those of its patient, or none for a security event, which has a
lane of its own. One that is parked takes the later ones of its visit with it, and nothing else.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from kiosk.sync.fhir.bundle import Envelope
from kiosk.sync.fhir.systems import Resource

SECURITY_LANE = "security/"
"""What the lane of a security event begins with; a patient's is a hash."""

EventKind = Literal["register_visit", "bind_pending_number", "security_event"]


@dataclass(frozen=True)
class Event:
    """An undelivered event; `lane` groups the events of one patient, `body` is what is sent, byte by byte.

    `visit_id` is None for a security event.
    """

    event_id: UUID
    kind: EventKind
    visit_id: UUID | None
    lane: str
    body: bytes
    supersedes: str | None

    def __repr__(self) -> str:
        return f"Event({self.event_id}, {self.kind})"


@dataclass(frozen=True)
class Backlog:
    """How much the site has not heard yet, since when, and why some of it never will without help."""

    waiting: int
    oldest: datetime | None
    parked_codes: tuple[str, ...]


@dataclass(frozen=True)
class Undelivered:
    """What a technician may see of an event that still waits or was set aside."""

    event_id: UUID
    kind: EventKind
    state: Literal["waiting", "parked"]
    since: datetime
    code: str | None


def next_sequence(db: Any) -> int:
    """The next event's place in this kiosk's order, from 1, without gaps."""
    (last,) = db.execute("select coalesce(max(sequence), 0) from outbox").fetchone()
    return int(last) + 1


def append(
    db: Any,
    envelope: Envelope,
    *,
    kind: EventKind,
    visit_id: UUID | None,
    lane: str,
    content: Resource,
    supersedes: UUID | None = None,
) -> None:
    """Add an event; its body is fixed from here on."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    visit = None if visit_id is None else str(visit_id)
    parked = db.execute(
        "select code from outbox where visit_id = ? and state = 'parked' limit 1", (visit,)
    ).fetchone()
    db.execute(
        "insert into outbox (sequence, place, event_id, kiosk_id, kind, visit_id, device_time,"
        " server_time_offset_s, schema_version, body_sha256, supersedes, state, code, lane, body)"
        " values (?, coalesce((select place from outbox where event_id = ?), ?),"
        " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            envelope.sequence,
            str(supersedes),
            envelope.sequence,
            str(envelope.event_id),
            envelope.kiosk_id,
            kind,
            visit,
            envelope.device_time.isoformat(),
            envelope.server_time_offset_s,
            envelope.schema_version,
            hashlib.sha256(body).hexdigest(),
            str(supersedes) if supersedes else None,
            "parked" if parked else "waiting",
            parked[0] if parked else None,
            lane,
            body,
        ),
    )


def lanes_waiting(db: Any) -> tuple[str, ...]:
    """The lanes with something to deliver, the longest waiting first."""
    rows = db.execute("select lane from outbox where state = 'waiting' group by lane order by min(place)")
    return tuple(lane for (lane,) in rows.fetchall())


def lane_of(db: Any, visit_id: UUID) -> str | None:
    """The lane of a visit that still has something to deliver, or None."""
    row = db.execute(
        "select lane from outbox where state = 'waiting' and visit_id = ? limit 1", (str(visit_id),)
    ).fetchone()
    return None if row is None else str(row[0])


def next_event(db: Any, lane: str) -> Event | None:
    """The event to deliver next in a lane, or None."""
    row = db.execute(
        "select event_id, kind, visit_id, lane, body, supersedes from outbox"
        " where state = 'waiting' and lane = ? order by place limit 1",
        (lane,),
    ).fetchone()
    if row is None:
        return None
    event_id, kind, visit_id, lane, body, supersedes = row
    return Event(UUID(event_id), kind, UUID(visit_id) if visit_id else None, lane, bytes(body), supersedes)


def clear(db: Any, event_id: UUID, state: Literal["delivered", "superseded"]) -> None:
    """Settle an event and let go of everything personal in it."""
    db.execute(
        "update outbox set state = ?, code = null, lane = null, body = null where event_id = ?",
        (state, str(event_id)),
    )


def park(db: Any, event: Event, code: str) -> None:
    """Set an event aside that the site refuses for good, with the code of its refusal.

    Later events of the same visit mean nothing without it and go with it.
    """
    db.execute(
        "update outbox set state = 'parked', code = :code where state = 'waiting' and (event_id = :event_id"
        " or visit_id = :visit_id and place >= (select place from outbox where event_id = :event_id))",
        {
            "code": code,
            "event_id": str(event.event_id),
            "visit_id": None if event.visit_id is None else str(event.visit_id),
        },
    )


def release_parked(db: Any, event_id: UUID | None = None) -> int:
    """Let parked events be tried again, after the site was put right; how many there were.

    With `event_id` that one and those that were parked with it, for an event of a visit means nothing without
    the earlier ones.
    """
    release = "update outbox set state = 'waiting', code = null where state = 'parked'"
    if event_id is None:
        return int(db.execute(release).rowcount)
    with_it = " and (event_id = :id or visit_id = (select visit_id from outbox where event_id = :id))"
    return int(db.execute(release + with_it, {"id": str(event_id)}).rowcount)


def undelivered(db: Any) -> tuple[Undelivered, ...]:
    """Everything the site has not heard, the oldest first."""
    rows = db.execute(
        "select event_id, kind, state, device_time, code from outbox where body is not null order by sequence"
    ).fetchall()
    return tuple(
        Undelivered(UUID(event_id), kind, state, datetime.fromisoformat(since), code)
        for event_id, kind, state, since, code in rows
    )


def backlog(db: Any) -> Backlog:
    """What is still to be delivered."""
    waiting, oldest = db.execute("select count(*), min(device_time) from outbox where state = 'waiting'").fetchone()
    parked = db.execute("select distinct code from outbox where state = 'parked' order by code").fetchall()
    since = datetime.fromisoformat(oldest) if oldest else None
    return Backlog(int(waiting), since, tuple(code for (code,) in parked))
