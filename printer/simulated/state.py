"""What can be the matter with the simulated printer, and the status bytes it then sends."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """`silent` prints and answers nothing, like a printer behind a one-way cable."""

    OK = "ok"
    PAPER_LOW = "paper_low"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    CUTTER_ERROR = "cutter_error"
    OVERHEATED = "overheated"
    FAULT = "fault"
    OFFLINE = "offline"
    SILENT = "silent"


class Mishap(StrEnum):
    """What befalls its connection: it takes no more bytes, or it breaks and forgets the job."""

    STALLS = "stalls"
    BREAKS = "breaks"


@dataclass(frozen=True)
class Condition:
    """The sensors and errors that the status bytes are made of."""

    online: bool = True
    cover_open: bool = False
    near_end: bool = False
    paper_end: bool = False
    cutter_error: bool = False
    unrecoverable: bool = False
    recovers_by_itself: bool = False

    @property
    def error(self) -> bool:
        """Any of the three kinds of error."""
        return self.cutter_error or self.unrecoverable or self.recovers_by_itself


CONDITIONS = {
    State.OK: Condition(),
    State.SILENT: Condition(),
    State.PAPER_LOW: Condition(near_end=True),
    State.PAPER_OUT: Condition(online=False, near_end=True, paper_end=True),
    State.COVER_OPEN: Condition(online=False, cover_open=True),
    State.CUTTER_ERROR: Condition(online=False, cutter_error=True),
    State.OVERHEATED: Condition(online=False, recovers_by_itself=True),
    State.FAULT: Condition(online=False, unrecoverable=True),
    State.OFFLINE: Condition(online=False),
}


def _byte(fixed: int, bits: dict[int, bool]) -> int:
    return fixed | sum(mask for mask, on in bits.items() if on)


def real_time_status(state: State, n: int) -> bytes:
    """The answer to DLE EOT n for 1 ≤ n ≤ 4; empty for other n."""
    c = CONDITIONS[state]
    bits = {
        1: {0x08: not c.online},
        2: {0x04: c.cover_open, 0x20: c.paper_end, 0x40: c.error},
        3: {0x08: c.cutter_error, 0x20: c.unrecoverable, 0x40: c.recovers_by_itself},
        4: {0x0C: c.near_end, 0x60: c.paper_end},
    }
    return bytes((_byte(0x12, bits[n]),)) if n in bits else b""


def paper_status(state: State) -> bytes:
    """The answer to GS r 1."""
    c = CONDITIONS[state]
    return bytes((_byte(0, {0x03: c.near_end, 0x0C: c.paper_end}),))


def automatic_status(state: State) -> bytes:
    """The four bytes of automatic status back, GS a."""
    c = CONDITIONS[state]
    printer = _byte(0x10, {0x08: not c.online, 0x20: c.cover_open})
    errors = _byte(0, {0x08: c.cutter_error, 0x20: c.unrecoverable, 0x40: c.recovers_by_itself})
    return bytes((printer, errors)) + paper_status(state) + b"\x0f"
