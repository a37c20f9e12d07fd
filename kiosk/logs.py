"""Logs by whitelist: an event and named fields known not to be personal; one JSON object a line to stderr."""

from __future__ import annotations

import json
import sys
import time
import traceback
from typing import Any

ALLOWED_FIELDS = frozenset(
    {
        "access_protocol",
        "attempt",
        "bytes",
        "code",
        "count",
        "decision",
        "device",
        "driver",
        "error",
        "event_id",
        "file_id",
        "flow",
        "from_step",
        "level",
        "outcome",
        "part",
        "process",
        "reason",
        "renderer",
        "seconds",
        "session",
        "state",
        "status",
        "status_word",
        "step",
        "verdict",
        "visit_id",
        "where",
    }
)


def event(name: str, **fields: Any) -> None:
    """Log one event. Raises: ValueError for a field that is not whitelisted."""
    unknown = set(fields) - ALLOWED_FIELDS
    if unknown:
        raise ValueError(f"log fields not whitelisted: {sorted(unknown)}")
    line = {
        "time": round(time.time(), 3),
        "event": name,
        **{key: _plain(value) for key, value in fields.items()},
    }
    print(json.dumps(line, ensure_ascii=False), file=sys.stderr, flush=True)


def failure(name: str, error: BaseException | None) -> None:
    """Log an unforeseen error by its type and place; its text may be personal."""
    event(name, error=type(error).__name__, where=place(error) if error else "?")


def _plain(value: Any) -> str | int | float | bool | None:
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def place(error: BaseException) -> str:
    """Where an error was raised, as file:line; never its text, which may be personal."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else "?"
