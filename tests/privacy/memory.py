"""A process's memory as root can read it: heap, stacks, shared maps and the data of its libraries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

PIECE_BYTES = 1 << 26
UNREADABLE = ("[vvar", "[vsyscall]")


def regions(pid: int) -> Iterator[tuple[str, bytes]]:
    """Name and contents of everything that the process can write, in pieces."""
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as file:
        for line in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines():
            where, rights, _, _, _, *name = line.split(maxsplit=5)
            if not rights.startswith("rw") or (name and name[0].startswith(UNREADABLE)):
                continue
            first, last = (int(address, 16) for address in where.split("-"))
            for at in range(first, last, PIECE_BYTES):
                file.seek(at)
                try:
                    yield (name[0] if name else "anonymous"), file.read(min(PIECE_BYTES, last - at))
                except OSError:  # unmapped meanwhile, or a device's
                    break
