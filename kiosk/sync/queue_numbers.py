"""Queue numbers leased from the site ahead of time, for the hours it is away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from kiosk.errors import QueueNumbersUsedUp


def add(db: Any, numbers: Iterable[str]) -> None:
    """Keep leased numbers, to be handed out in this order; one that is known already is not added again."""
    db.executemany("insert or ignore into leased_number (number) values (?)", [(number,) for number in numbers])


def take(db: Any, visit_id: UUID) -> str:
    """Hand the next free number to a visit.

    Raises: QueueNumbersUsedUp.
    """
    row = db.execute(
        "update leased_number set visit_id = ? where position ="
        " (select min(position) from leased_number where visit_id is null) returning number",
        (str(visit_id),),
    ).fetchone()
    if row is None:
        raise QueueNumbersUsedUp("no leased number is free")
    return str(row[0])


def count_free(db: Any) -> int:
    """How many numbers are still free."""
    (count,) = db.execute("select count(*) from leased_number where visit_id is null").fetchone()
    return int(count)
