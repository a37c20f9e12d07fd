"""The hospital's tables, in SQL that SQLite and PostgreSQL both speak."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, ForeignKey, Index, UniqueConstraint, create_engine, event, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker


class Table(DeclarativeBase):
    """The base of all tables."""


class Record(Table):
    """A FHIR resource in its newest version, as JSON."""

    __tablename__ = "record"
    id: Mapped[str] = mapped_column(primary_key=True)
    resource_type: Mapped[str] = mapped_column(index=True)
    place: Mapped[int] = mapped_column(index=True)
    """In the order in which records came to be; a database's own order is none."""
    version: Mapped[int]
    body: Mapped[str]


class Token(Table):
    """What a record can be found by. Not unique: two patients may share a number, as in life."""

    __tablename__ = "token"
    __table_args__ = (Index("token_search", "resource_type", "parameter", "system", "value"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[str] = mapped_column(ForeignKey("record.id"))
    resource_type: Mapped[str]
    parameter: Mapped[str]
    system: Mapped[str]
    value: Mapped[str]


class Counter(Table):
    """A number that only grows; its row is what concurrent registrations wait for."""

    __tablename__ = "counter"
    name: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


class QueueNumber(Table):
    """A queue number given out: once a day, department and series."""

    __tablename__ = "queue_number"
    __table_args__ = (UniqueConstraint("day", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[str]
    department: Mapped[str]
    series: Mapped[str]
    number: Mapped[str]


class KioskSeries(Table):
    """The series of pending numbers leased to one kiosk; it never starts again, so a number names one visit."""

    __tablename__ = "kiosk_series"
    kiosk_id: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(unique=True)
    last: Mapped[int]


class Delivery(Table):
    """An Idempotency-Key that was seen; `status` is None while its first request is still being worked on."""

    __tablename__ = "delivery"
    key: Mapped[str] = mapped_column(primary_key=True)
    body_sha256: Mapped[str]
    started_at_s: Mapped[float]
    status: Mapped[int | None]
    answer: Mapped[str | None]


class UsedAssertion(Table):
    """The id of a client assertion that was accepted, kept until the assertion expires."""

    __tablename__ = "used_assertion"
    jti: Mapped[str] = mapped_column(primary_key=True)
    expires_at_s: Mapped[float] = mapped_column(index=True)


class Received(Table):
    """A transaction as it came in, for the rig to show."""

    __tablename__ = "received"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str]
    event_id: Mapped[str | None]
    status: Mapped[int]
    replayed: Mapped[bool]
    body: Mapped[str]


Sessions = sessionmaker[Session]

_REGISTRAR = "registrar"


def open_database(url: str) -> tuple[Engine, Sessions]:
    """The engine and its sessions, with all tables made."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connected)
        event.listen(engine, "begin", _sqlite_begins)
    Table.metadata.create_all(engine)
    sessions = sessionmaker(engine)
    with sessions.begin() as session:
        _add_registrar(session)
    return engine, sessions


def clear(session: Session) -> None:
    """Empty all tables."""
    for table in reversed(Table.metadata.sorted_tables):
        session.execute(table.delete())
    _add_registrar(session)


def _add_registrar(session: Session) -> None:
    if session.get(Counter, _REGISTRAR) is None:
        session.add(Counter(name=_REGISTRAR, last=0))


def sqlite_url(file: Path) -> str:
    """The address of a SQLite file."""
    return f"sqlite:///{file}"


def take_turn(session: Session) -> None:
    """Let one transaction at a time search and then create; others wait here until it has ended.

    "Is there such a patient? Then create one" is no single statement and the number has no unique
    constraint, so the row of one counter serves as the lock, on PostgreSQL as on SQLite.
    """
    session.execute(update(Counter).where(Counter.name == _REGISTRAR).values(last=Counter.last + 1))


def _sqlite_connected(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late; see SQLAlchemy's SQLite notes
    for pragma in ("journal_mode = wal", "synchronous = normal", "foreign_keys = on", "busy_timeout = 10000"):
        connection.execute(f"pragma {pragma}")


def _sqlite_begins(connection: Any) -> None:
    connection.exec_driver_sql("begin immediate")
