"""The database's numbered changes."""

from __future__ import annotations

import pytest

from kiosk.errors import StoreNewer, StoreUnwritable
from kiosk.sync.database import Database
from kiosk.sync.migrations import shipped

KEY = bytes(range(32))


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
