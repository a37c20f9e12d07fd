"""kiosk-link with a record that is not encrypted: what the canaries' search must find. For the tests alone."""

from __future__ import annotations

from typing import Any

from kiosk.__main__ import main
from kiosk.sync import database


class _Unkeyed:
    """A connection on which nobody can set a key; SQLCipher without one is SQLite."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def execute(self, statement: str, *values: Any) -> Any:
        if statement.startswith("pragma key"):
            statement = "select 1"
        return self._connection.execute(statement, *values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


class _PlainSqlite:
    """sqlcipher3.dbapi2, but for `connect`."""

    def __init__(self, module: Any) -> None:
        self._module = module

    def connect(self, *arguments: Any, **options: Any) -> _Unkeyed:
        return _Unkeyed(self._module.connect(*arguments, **options))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


if __name__ == "__main__":
    database.dbapi2 = _PlainSqlite(database.dbapi2)  # type: ignore[assignment]
    main()
