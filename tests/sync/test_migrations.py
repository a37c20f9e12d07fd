"""The database's numbered changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from kiosk.errors import StoreNewer, StoreUnwritable
from kiosk.sync import outbox
from kiosk.sync.database import Database
from kiosk.sync.migrations import shipped

KEY = bytes(range(32))
OLD_RECORDS = sorted((Path(__file__).parent / "old_records").glob("*.sql"))
OUTBOX = (
    "select sequence, place, event_id, kiosk_id, kind, visit_id, device_time, server_time_offset_s,"
    " schema_version, body_sha256, supersedes, state, code, lane, body from outbox order by sequence"
)


@pytest.fixture(params=OLD_RECORDS, ids=lambda file: file.stem)
def old_and_new(request, tmp_path):
    """What an old record held, and the same file as this kiosk opens it."""
    old = Database(tmp_path / "record.sqlite", KEY, (request.param.read_text(encoding="utf-8"),))
    with old.transaction() as db:
        held = [db.execute(OUTBOX).fetchall(), db.execute("select * from visit").fetchall()]
    old.close()
    new = Database(tmp_path / "record.sqlite", KEY)
    yield held, new
    new.close()


def test_old_record_is_brought_forward_with_everything_in_it(old_and_new):
    held, new = old_and_new
    with new.transaction() as db:
        assert [db.execute(OUTBOX).fetchall(), db.execute("select * from visit").fetchall()] == held
        assert db.execute("pragma foreign_key_check").fetchall() == []
        assert db.execute("select number from leased_number where visit_id is null").fetchall() == [("T1-002",)]
        assert [found[3:] for found in db.execute("pragma foreign_key_list (outbox)")] == [
            ("supersedes", "event_id", "NO ACTION", "NO ACTION", "NONE"),
            ("visit_id", "visit_id", "NO ACTION", "NO ACTION", "NONE"),
        ]
    assert version(new) == len(shipped())


def test_old_records_outbox_goes_on_where_it_was(old_and_new):
    _, new = old_and_new
    with new.transaction() as db:
        assert outbox.next_sequence(db) == 8
        assert outbox.lanes_waiting(db) == ("lane-2", "lane-3", "lane-5")
        assert outbox.next_event(db, "lane-3").kind == "register_visit"
        assert outbox.backlog(db).parked_codes == ("site_refused",)


@pytest.mark.parametrize("change", ["delete from outbox", "update outbox set sequence = 9", "delete from visit"])
def test_old_record_is_as_immutable_afterwards_as_a_new_one(old_and_new, change):
    _, new = old_and_new
    with pytest.raises(dbapi2.IntegrityError), new.transaction() as db:
        db.execute(change)


def test_shape_of_an_old_record_is_the_same_afterwards_as_of_a_new_one(old_and_new, tmp_path):
    _, brought_forward = old_and_new
    fresh = Database(tmp_path / "fresh.sqlite", KEY)
    shapes = []
    for database in (brought_forward, fresh):
        with database.transaction() as db:
            shapes.append(db.execute("select type, name, sql from sqlite_schema order by name").fetchall())
    fresh.close()
    assert shapes[0] == shapes[1]


def version(database):
    with database.transaction() as db:
        return db.execute("pragma user_version").fetchone()[0]


def test_new_file_gets_every_migration_once(tmp_path):
    for _ in range(2):
        database = Database(tmp_path / "record.sqlite", KEY)
        assert version(database) == len(shipped())
        database.close()


def test_older_file_is_brought_forward_with_what_it_holds(tmp_path):
    first = "create table thing (name text) strict;"
    old = Database(tmp_path / "record.sqlite", KEY, (first,))
    with old.transaction() as db:
        db.execute("insert into thing values ('kept')")
    old.close()

    new = Database(tmp_path / "record.sqlite", KEY, (first, "alter table thing add column size integer;"))
    with new.transaction() as db:
        assert db.execute("select name, size from thing").fetchall() == [("kept", None)]
    assert version(new) == 2
    new.close()


def test_newer_file_is_refused_and_left_alone(tmp_path):
    newer = Database(tmp_path / "record.sqlite", KEY, (*shipped(), "create table later (x integer) strict;"))
    newer.close()
    with pytest.raises(StoreNewer):
        Database(tmp_path / "record.sqlite", KEY)


def test_migration_that_fails_leaves_the_version_before_it(tmp_path):
    good, bad = "create table thing (name text) strict;", "create table other (x integer) strict; create nonsense;"
    with pytest.raises(StoreUnwritable):
        Database(tmp_path / "record.sqlite", KEY, (good, bad))

    database = Database(tmp_path / "record.sqlite", KEY, (good,))
    assert version(database) == 1
    with database.transaction() as db:
        names = db.execute("select name from sqlite_schema where type = 'table'").fetchall()
    assert names == [("thing",)]
    database.close()


def test_transaction_that_is_left_by_an_exception_changes_nothing(tmp_path):
    database = Database(tmp_path / "record.sqlite", KEY, ("create table thing (name text) strict;",))

    def leave_half_way():
        with database.transaction() as db:
            db.execute("insert into thing values ('gone')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        leave_half_way()
    with database.transaction() as db:
        assert db.execute("select * from thing").fetchall() == []
    database.close()


def test_writes_survive_power_cuts_by_the_settings_in_force(tmp_path):
    database = Database(tmp_path / "record.sqlite", KEY)
    wanted = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}
    with database.transaction() as db:
        in_force = {name: db.execute(f"pragma {name}").fetchone()[0] for name in wanted}
    assert in_force == wanted
    database.close()
