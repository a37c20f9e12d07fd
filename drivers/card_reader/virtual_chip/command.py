"""A command as the card takes it apart. ISO/IEC 7816-4 §5.1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Command:
    """Header, data, and how many bytes the terminal takes back (None: none)."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes
    takes: int | None
    is_extended: bool = False

    @classmethod
    def take_apart(cls, raw: bytes) -> Self | None:
        """The command, or None when its lengths do not add up."""
        if len(raw) < 4:
            return None
        lengths = _extended(raw[4:]) if raw[4:5] == b"\0" and len(raw) > 6 else _short(raw[4:])
        if lengths is None:
            return None
        return cls(raw[0], raw[1], raw[2], raw[3], *lengths)


def _short(body: bytes) -> tuple[bytes, int | None, bool] | None:
    if not body:
        return b"", None, False
    if len(body) == 1:
        return b"", body[0] or 256, False
    data, rest = body[1 : 1 + body[0]], body[1 + body[0] :]
    if len(data) != body[0] or len(rest) > 1:
        return None
    return data, (rest[0] or 256) if rest else None, False


def _extended(body: bytes) -> tuple[bytes, int | None, bool] | None:
    if len(body) == 3:
        return b"", int.from_bytes(body[1:], "big") or 65536, True
    length = int.from_bytes(body[1:3], "big")
    data, rest = body[3 : 3 + length], body[3 + length :]
    if len(data) != length or len(rest) not in (0, 2):
        return None
    return data, (int.from_bytes(rest, "big") or 65536) if rest else None, True
