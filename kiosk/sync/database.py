"""One encrypted SQLite file (SQLCipher), one connection, one process; every write a transaction.

WAL with synchronous=FULL: what is committed survives a power cut. secure_delete with a truncating
checkpoint: what is cleared is overwritten, in the file and in its write-ahead log.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from kiosk.errors import StoreInUse, StoreKeyWrong, StoreUnwritable
from kiosk.sync.migrations import migrate, shipped

_PRAGMAS = (
    "journal_mode = wal",
    "synchronous = full",
    "secure_delete = on",
    "temp_store = memory",
    "foreign_keys = on",
)

LARGEST_ROW = 3960
"""Bytes that stay in one page of 4096 beside SQLCipher's reserve and the row's own header."""


class Database:
    """The open database; safe to use from several threads, which take turns."""

    def __init__(self, file: Path, key: bytes, migrations: tuple[str, ...] | None = None) -> None:
        """Open or create `file`.

        Raises: StoreInUse, StoreKeyWrong, StoreNewer, StoreUnwritable.
        """
        self._turn = threading.RLock()
        self._lock_descriptor = _lock(file)
        try:
            self._connection = _connect(file, key)
            try:
                migrate(self._connection, shipped() if migrations is None else migrations)
            except BaseException:
                self._connection.close()
                raise
        except dbapi2.Error as error:
            os.close(self._lock_descriptor)
            raise StoreUnwritable(_name(error)) from error
        except BaseException:
            os.close(self._lock_descriptor)
            raise

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """A connection inside BEGIN IMMEDIATE: committed at the end, rolled back on any exception.

        Raises: StoreUnwritable if SQLite cannot write.
        """
        with self._turn:
            try:
                self._connection.execute("begin immediate")
                try:
                    yield self._connection
                    self._connection.execute("commit")
                except BaseException:
                    if self._connection.in_transaction:
                        self._connection.execute("rollback")
                    raise
            except dbapi2.IntegrityError:
                raise
            except dbapi2.Error as error:
                raise StoreUnwritable(_name(error)) from error

    def overwrite_cleared(self) -> None:
        """Empty the write-ahead log, so that what a transaction cleared is in no file any more, nor in memory.

        Raises: StoreUnwritable if the log could not be emptied.
        """
        try:
            with self._turn:
                self._overwrite_scratch()
                (busy, _, _) = self._connection.execute("pragma wal_checkpoint(truncate)").fetchone()
        except dbapi2.Error as error:
            raise StoreUnwritable(_name(error)) from error
        if busy:
            raise StoreUnwritable("checkpoint blocked")

    def _overwrite_scratch(self) -> None:
        """SQLite composes rows in a scratch page that keeps the last one: give it zeros instead."""
        self._connection.execute("begin immediate")
        try:
            self._connection.execute("create table scratch (row)")
            self._connection.execute("insert into scratch values (?)", (bytes(LARGEST_ROW),))
        finally:
            if self._connection.in_transaction:
                self._connection.execute("rollback")

    def close(self) -> None:
        """Close the file and let another process have it."""
        with self._turn:
            self._connection.close()
            os.close(self._lock_descriptor)


def _lock(file: Path) -> int:
    """Take the database for this process; the lock goes when the process does, however it ends."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(file.with_name(file.name + ".lock"), os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise StoreUnwritable(f"{file.parent}: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise StoreInUse(str(file)) from error
    return descriptor


def _connect(file: Path, key: bytes) -> Any:
    try:
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))  # -wal and -shm take their mode from it
    except OSError as error:
        raise StoreUnwritable(f"{file}: {error.strerror}") from error
    # a statement that is kept keeps the values it was last given
    connection = dbapi2.connect(str(file), isolation_level=None, check_same_thread=False, cached_statements=0)
    try:
        connection.execute(f"pragma key = \"x'{key.hex()}'\"")
        connection.execute("select count(*) from sqlite_schema").fetchone()
        for pragma in _PRAGMAS:
            connection.execute(f"pragma {pragma}").fetchall()
    except dbapi2.DatabaseError as error:
        connection.close()
        if str(error) == "file is not a database":  # SQLITE_NOTADB: page 1 does not decrypt
            raise StoreKeyWrong(str(file)) from None
        raise
    return connection


def _name(error: dbapi2.Error) -> str:
    """SQLite's name of the error; its text may quote data."""
    return str(getattr(error, "sqlite_errorname", type(error).__name__))
