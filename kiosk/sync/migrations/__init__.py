"""Numbered changes of the database's shape, each applied once and whole; the number is `user_version`."""

from __future__ import annotations

from importlib import resources
from typing import Any

from kiosk.errors import StoreNewer


def shipped() -> tuple[str, ...]:
    """The SQL of all migrations this kiosk knows, in order; the first brings a new file to version 1."""
    files = (file for file in resources.files(__name__).iterdir() if file.name.endswith(".sql"))
    return tuple(file.read_text(encoding="utf-8") for file in sorted(files, key=lambda file: file.name))


def migrate(connection: Any, migrations: tuple[str, ...]) -> None:
    """Bring the database to the last of `migrations`.

    Raises: StoreNewer if the file is ahead of them.
    """
    (version,) = connection.execute("pragma user_version").fetchone()
    if version > len(migrations):
        raise StoreNewer(f"version {version}, known up to {len(migrations)}")
    for number, script in enumerate(migrations[version:], start=version + 1):
        try:
            connection.executescript(f"begin immediate;\n{script}\npragma user_version = {number};\ncommit;")
        except BaseException:
            if connection.in_transaction:
                connection.execute("rollback")
            raise
