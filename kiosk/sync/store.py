"""The kiosk's record: visits and what the site shall hear of them, changed together or not at all."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from uuid6 import uuid7

from kiosk import logs
from kiosk.errors import StoreUnwritable
from kiosk.messages import Department, Departments, RegisterVisit, SecurityEvent, VisitAnswer
from kiosk.sync import outbox, queue_numbers, security_events, visits
from kiosk.sync.clock import Clock
from kiosk.sync.database import Database
from kiosk.sync.fhir.bundle import Envelope
from kiosk.sync.fhir.security import Sign, security_bundle
from kiosk.sync.fhir.systems import Systems
from kiosk.sync.fhir.transaction import bind_number_bundle, reconcile_bundle, visit_bundle
from kiosk.sync.key_file import read_or_make_key


class Store:
    """Each method is one transaction; when it returns, its change has survived a power cut."""

    def __init__(
        self, database: Database, key: bytes, *, kiosk_id: str, systems: Systems, clock: Clock | None = None
    ) -> None:
        self._database, self._kiosk_id, self._systems = database, kiosk_id, systems
        self._clock = clock or Clock()
        self._lane_key = hmac.digest(key, b"lane", "sha256")
        self._overwrite_is_due = False
        self.clock_offset_s: float | None = None
        """Site clock minus device clock, noted in each event; the heartbeat keeps it."""

    @classmethod
    def open(
        cls, database_file: Path, key_file: Path, *, kiosk_id: str, systems: Systems, clock: Clock | None = None
    ) -> Self:
        """Open the record, or create it with its key on the first start.

        Raises: StoreKeyMissing, StoreKeyExposed, StoreKeyWrong, StoreNewer, StoreInUse, StoreUnwritable.
        """
        key = read_or_make_key(key_file, database_file)
        return cls(Database(database_file, key), key, kiosk_id=kiosk_id, systems=systems, clock=clock)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def commit_visit(self, message: RegisterVisit) -> None:
        """Keep a visit and the event that registers it; a visit that is known already is left as it is."""
        with self._database.transaction() as db:
            if visits.find(db, message.visit_id) is not None:
                return
            envelope = self._envelope(db)
            visits.insert(db, message.visit_id)
            outbox.append(
                db,
                envelope,
                kind="register_visit",
                visit_id=message.visit_id,
                lane=self._lane(message.person.citizen_number),
                content=visit_bundle(message, envelope, self._systems),
            )

    def commit_security_event(self, event: SecurityEvent, sign: Sign) -> None:
        """Keep a security event and what tells the site of it, signed; one that is known already is left alone.

        Its lane is its own, so that nothing that is stuck ever holds it.
        """
        with self._database.transaction() as db:
            if security_events.is_known(db, event):
                return
            envelope = self._envelope(db, event.event_id)
            security_events.insert(db, event)
            outbox.append(
                db,
                envelope,
                kind="security_event",
                visit_id=None,
                lane=f"{outbox.SECURITY_LANE}{event.event_id}",
                content=security_bundle(event, envelope, sign),
            )

    def security_events(self) -> int:
        """How many security events were ever recorded here."""
        with self._database.transaction() as db:
            return security_events.count(db)

    def visit(self, visit_id: UUID) -> visits.Visit | None:
        """What is known of a visit, or None."""
        with self._database.transaction() as db:
            return visits.find(db, visit_id)

    def answer_visit(self, visit_id: UUID, reason: str) -> VisitAnswer:
        """The number the visitor goes with: the site's, where it is known by now, else one of the leased.

        A leased number and the event that tells the site of it are committed here, once; repeated, the
        answer is the same. `reason` is the code of what kept the site from answering.
        Raises: QueueNumbersUsedUp, and then nothing is changed.
        """
        with self._database.transaction() as db:
            known = visits.find(db, visit_id)
            answer = known.answer() if known else None
            if answer is not None:
                return answer
            number = queue_numbers.take(db, visit_id)
            visits.set_pending(db, visit_id, reason)
            envelope = self._envelope(db)
            outbox.append(
                db,
                envelope,
                kind="bind_pending_number",
                visit_id=visit_id,
                lane=_undelivered_lane(db, visit_id),
                content=bind_number_bundle(visit_id, number, envelope, self._systems),
            )
        return VisitAnswer(visit_id=visit_id, state="pending", queue_number=number, reason=reason)

    def lanes_waiting(self) -> tuple[str, ...]:
        """The lanes with something to deliver, the longest waiting first."""
        if self._overwrite_is_due:
            self._overwrite()
        with self._database.transaction() as db:
            return outbox.lanes_waiting(db)

    def lane_of(self, visit_id: UUID) -> str | None:
        """The lane of a visit that still has something to deliver, or None."""
        with self._database.transaction() as db:
            return outbox.lane_of(db, visit_id)

    def next_event(self, lane: str) -> outbox.Event | None:
        """The event to deliver next in a lane, or None."""
        with self._database.transaction() as db:
            return outbox.next_event(db, lane)

    def delivered(self, event: outbox.Event, answer: VisitAnswer | None) -> None:
        """The site has the event: bind its number to the visit, if any, and overwrite everything personal."""
        with self._database.transaction() as db:
            if answer is not None:
                visits.set_registered(db, answer)
            outbox.clear(db, event.event_id, "delivered")
        self._overwrite()

    def _overwrite(self) -> None:
        """Overwrite what was cleared; the delivery stands even if that must wait until the next look."""
        try:
            self._database.overwrite_cleared()
            self._overwrite_is_due = False
        except StoreUnwritable as error:
            self._overwrite_is_due = True
            logs.event("overwriting_delayed", code=error.code, level="warning")

    def supersede(self, event: outbox.Event) -> None:
        """Say the same visit anew, on a new patient flagged for reconciliation.

        The event itself is immutable and was refused whole, so another takes its place in the lane.
        Raises: ValueError for an event that is no visit's.
        """
        if event.visit_id is None:
            raise ValueError("only a visit can be reconciled")
        with self._database.transaction() as db:
            envelope = self._envelope(db)
            content = reconcile_bundle(json.loads(event.body), event.visit_id, envelope, self._systems)
            outbox.clear(db, event.event_id, "superseded")
            outbox.append(
                db,
                envelope,
                kind=event.kind,
                visit_id=event.visit_id,
                lane=event.lane,
                content=content,
                supersedes=event.event_id,
            )
        self._overwrite()

    def park(self, event: outbox.Event, code: str) -> None:
        """Set an event aside that the site refuses for good."""
        with self._database.transaction() as db:
            outbox.park(db, event, code)

    def release_parked(self, event_id: UUID | None = None) -> int:
        """Let parked events be tried again, all or one with those parked with it; how many there were."""
        with self._database.transaction() as db:
            return outbox.release_parked(db, event_id)

    def undelivered(self) -> tuple[outbox.Undelivered, ...]:
        """Everything the site has not heard, the oldest first."""
        with self._database.transaction() as db:
            return outbox.undelivered(db)

    def backlog(self) -> outbox.Backlog:
        """What the site has not heard yet."""
        with self._database.transaction() as db:
            return outbox.backlog(db)

    def add_leased_numbers(self, numbers: Iterable[str]) -> None:
        """Keep queue numbers the site has leased to this kiosk."""
        with self._database.transaction() as db:
            queue_numbers.add(db, numbers)

    def leased_numbers_left(self) -> int:
        """How many leased numbers are free."""
        with self._database.transaction() as db:
            return queue_numbers.count_free(db)

    def keep_departments(self, departments: tuple[Department, ...]) -> None:
        """Remember the departments as the site names them now."""
        body = Departments(departments=departments).model_dump_json()
        with self._database.transaction() as db:
            db.execute(
                "insert or replace into department_cache values (1, ?, ?)", (self._clock.now().isoformat(), body)
            )

    def known_departments(self) -> Departments | None:
        """The departments as last heard, without how many wait, which was true then only; None if never."""
        with self._database.transaction() as db:
            row = db.execute("select fetched_at, body from department_cache").fetchone()
        if row is None:
            return None
        listed = Departments.model_validate_json(row[1]).departments
        without_waiting = tuple(department.model_copy(update={"waiting": None}) for department in listed)
        return Departments(departments=without_waiting, from_cache_at=datetime.fromisoformat(row[0]))

    def _envelope(self, db: Any, event_id: UUID | None = None) -> Envelope:
        sequence, now = outbox.next_sequence(db), self._clock.now()
        return Envelope(event_id or uuid7(), self._kiosk_id, sequence, now, self.clock_offset_s)

    def _lane(self, citizen_number: str) -> str:
        """One lane a patient; keyed, so that a lane says nothing of the number."""
        return hmac.digest(self._lane_key, citizen_number.encode(), hashlib.sha256).hex()


def _undelivered_lane(db: Any, visit_id: UUID) -> str:
    """The lane of a visit the site has not registered: its first event is undelivered, waiting or parked."""
    (lane,) = db.execute(
        "select lane from outbox where visit_id = ? and lane is not null limit 1", (str(visit_id),)
    ).fetchone()
    return str(lane)
