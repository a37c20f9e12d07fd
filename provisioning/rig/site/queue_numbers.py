"""Queue numbers: one series a department and day, one for those served first, one a kiosk for hours offline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from provisioning.rig.site.departments import Department
from provisioning.rig.site.tables import Counter, KioskSeries, QueueNumber, take_turn

NORMAL, PRIORITY = "normal", "priority"


@dataclass(frozen=True)
class Place:
    """A place in a queue."""

    number: str
    people_ahead: int
    wait_minutes: int


def assign(session: Session, department: Department, day: date, *, priority: bool) -> Place:
    """The next number of a department, as A027, or UA003 (ưu tiên) for those whom the law serves first."""
    normal, first = (_given(session, department, day, series) for series in (NORMAL, PRIORITY))
    series, prefix = (PRIORITY, "U") if priority else (NORMAL, "")
    count = _count_up(session, f"queue/{day}/{department.code}/{series}", _before_opening(department, series))
    number = f"{prefix}{department.code}{count:03d}"
    session.add(QueueNumber(day=str(day), department=department.code, series=series, number=number))
    session.flush()
    ahead = first if priority else normal + first
    return Place(number, ahead, ahead * department.minutes_per_visit)


def waiting(session: Session, department: Department, day: date) -> int:
    """How many wait in a department."""
    return sum(_given(session, department, day, series) for series in (NORMAL, PRIORITY))


def lease(session: Session, kiosk_id: str, count: int) -> list[str]:
    """The next `count` numbers of a kiosk's own series, as T1-001 (tạm, for now)."""
    take_turn(session)
    series = session.get(KioskSeries, kiosk_id)
    if series is None:
        places = session.scalar(select(func.count()).select_from(KioskSeries)) or 0
        series = KioskSeries(kiosk_id=kiosk_id, place=places + 1, last=0)
        session.add(series)
    first, series.last = series.last + 1, series.last + count
    return [f"T{series.place}-{number:03d}" for number in range(first, series.last + 1)]


def _before_opening(department: Department, series: str) -> int:
    """Those who took a number at the desk before the kiosk's first visitor of the day."""
    return department.already_waiting if series == NORMAL else 0


def _given(session: Session, department: Department, day: date, series: str) -> int:
    counter = session.get(Counter, f"queue/{day}/{department.code}/{series}", populate_existing=True)
    return counter.last if counter else _before_opening(department, series)


def _count_up(session: Session, name: str, start: int) -> int:
    """The counter's next value; the row is locked until the transaction ends, so no two get the same."""
    while True:
        counted = session.execute(
            update(Counter).where(Counter.name == name).values(last=Counter.last + 1).returning(Counter.last)
        ).scalar()
        if counted is not None:
            return counted
        try:
            with session.begin_nested():
                session.add(Counter(name=name, last=start))
        except IntegrityError:
            continue  # another registration made the row first
