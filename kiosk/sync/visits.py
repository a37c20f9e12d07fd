"""The local record of a visit: its id, its state and its numbers, and nothing about the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from kiosk.messages import VisitAnswer

VisitState = Literal["committed", "pending", "registered"]
"""committed: safe here, the site not yet heard; pending: the visitor holds a leased number; registered."""


@dataclass(frozen=True)
class Visit:
    """One visit; both numbers are set when the site answered after a pending one was handed out."""

    visit_id: UUID
    state: VisitState
    reason: str | None
    site_number: str | None
    people_ahead: int | None
    wait_minutes: int | None
    pending_number: str | None

    def answer(self) -> VisitAnswer | None:
        """What the visitor is told; None while it is only committed."""
        if self.site_number is not None:
            return VisitAnswer(
                visit_id=self.visit_id,
                state="registered",
                queue_number=self.site_number,
                people_ahead=self.people_ahead,
                wait_minutes=self.wait_minutes,
            )
        if self.pending_number is not None:
            return VisitAnswer(
                visit_id=self.visit_id, state="pending", queue_number=self.pending_number, reason=self.reason
            )
        return None


def insert(db: Any, visit_id: UUID) -> None:
    """Add a visit, committed."""
    db.execute("insert into visit (visit_id, state) values (?, 'committed')", (str(visit_id),))


def find(db: Any, visit_id: UUID) -> Visit | None:
    """The visit with its numbers, or None."""
    row = db.execute(
        "select state, reason, site_number, people_ahead, wait_minutes, number"
        " from visit left join leased_number using (visit_id) where visit_id = ?",
        (str(visit_id),),
    ).fetchone()
    return None if row is None else Visit(visit_id, *row)


def set_pending(db: Any, visit_id: UUID, reason: str) -> None:
    """The visitor goes with a leased number; `reason` is the code of what kept the site from answering."""
    db.execute("update visit set state = 'pending', reason = ? where visit_id = ?", (reason, str(visit_id)))


def set_registered(db: Any, answer: VisitAnswer) -> None:
    """The site knows the visit; its first number stands, whatever a repeated answer says."""
    db.execute(
        "update visit set state = 'registered', site_number = ?, people_ahead = ?, wait_minutes = ?"
        " where visit_id = ? and site_number is null",
        (answer.queue_number, answer.people_ahead, answer.wait_minutes, str(answer.visit_id)),
    )
