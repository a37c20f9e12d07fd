"""Looks for many byte strings at once, at every alignment: a gigabyte takes some seconds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

KEY_BYTES = 4
TABLE_BITS = 22
CHUNK_BYTES = 1 << 22
_MIX = np.uint32(2654435761)
"""Knuth's multiplier: spreads neighbouring keys over the table."""
_PART_OF_A_WORD = frozenset(b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-_")


@dataclass(frozen=True, order=True)
class Needle:
    """A byte string to look for; `alone` counts it only where no letter, digit or point touches it."""

    whose: str
    what: str
    data: bytes
    alone: bool = False


@dataclass(frozen=True, order=True)
class Found:
    """A needle somewhere."""

    where: str
    whose: str
    what: str
    at: int


class Needles:
    """A set of needles, each at least `KEY_BYTES` long."""

    def __init__(self, needles: Iterable[Needle]) -> None:
        self._by_key: dict[int, list[tuple[int, Needle]]] = defaultdict(list)
        self.count, self._longest = 0, KEY_BYTES
        # one spelling may be the same as another: ASCII is its own UTF-8, NFC and JSON
        for needle in {
            (needle.data, needle.alone): needle for needle in sorted(set(needles), reverse=True)
        }.values():
            offset, key = _rarest_key(needle.data)
            self._by_key[key].append((offset, needle))
            self.count, self._longest = self.count + 1, max(self._longest, len(needle.data))
        self._keys = np.array(sorted(self._by_key), np.uint32)
        self._table = np.zeros(1 << TABLE_BITS, np.bool_)
        self._table[_slots(self._keys)] = True

    def search(self, data: bytes | bytearray | memoryview, where: str) -> Iterator[Found]:
        """Every needle in `data`, once for each place."""
        view = memoryview(data)
        for start in range(0, len(view), CHUNK_BYTES):
            # a needle may begin before its key and end behind the chunk
            first, last = max(0, start - self._longest), start + CHUNK_BYTES + self._longest
            piece = bytes(view[first:last])
            if piece.strip(b"\0"):
                yield from self._search_piece(
                    piece, range(start - first, start - first + CHUNK_BYTES), first, where
                )

    def _search_piece(self, piece: bytes, mine: range, first: int, where: str) -> Iterator[Found]:
        for at in sorted(self._candidates(piece)):
            for offset, needle in self._by_key[int.from_bytes(piece[at : at + KEY_BYTES], "little")]:
                begin = at - offset
                if begin in mine and _is_there(piece, begin, needle):
                    yield Found(where, needle.whose, needle.what, first + begin)

    def _candidates(self, piece: bytes) -> list[int]:
        """Where a needle's key stands."""
        found: list[int] = []
        for shift in range(KEY_BYTES):
            words = np.frombuffer(piece, "<u4", (len(piece) - shift) // KEY_BYTES, shift)
            maybe = np.flatnonzero(self._table[_slots(words)])
            sure = maybe[np.isin(words[maybe], self._keys)]
            found += (sure * KEY_BYTES + shift).tolist()
        return found


def _slots(words: NDArray[np.uint32]) -> NDArray[np.uint32]:
    return (words * _MIX) >> np.uint32(32 - TABLE_BITS)


def _rarest_key(data: bytes) -> tuple[int, int]:
    """The four bytes that are likeliest to be rare: different from each other, and few of them zero."""
    if len(data) < KEY_BYTES:
        raise ValueError("too short to look for")
    windows = [data[at : at + KEY_BYTES] for at in range(len(data) - KEY_BYTES + 1)]
    best = max(range(len(windows)), key=lambda at: len(set(windows[at]) - {0, 0xFF}))
    return best, int.from_bytes(windows[best], "little")


def _is_there(piece: bytes, begin: int, needle: Needle) -> bool:
    end = begin + len(needle.data)
    if begin < 0 or piece[begin:end] != needle.data:
        return False
    if not needle.alone:
        return True
    return not _PART_OF_A_WORD.intersection(piece[max(0, begin - 1) : begin] + piece[end : end + 1])
