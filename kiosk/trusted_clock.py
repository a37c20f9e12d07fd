"""Today in Vietnam, if the clock can be believed: without one there is no verdict on expiry or signatures."""

from __future__ import annotations

import ctypes
from datetime import date, datetime, timedelta, timezone
from typing import Literal

VIETNAM = timezone(timedelta(hours=7))
"""UTC+7 all year round; no time zone files are needed."""
RELEASED = date(2026, 11, 1)
"""A clock from before this software existed is wrong, whatever it says of itself."""
_TIME_ERROR = 5
_TIMEX_BYTES = 512
"""More than struct timex takes on any Linux; modes = 0 only asks."""

ClockTrust = Literal["synchronised", "system", "none"]


def kernel_clock_is_synchronised() -> bool:
    """Whether a time service keeps the kernel's clock. adjtimex(2): TIME_ERROR says it does not."""
    libc = ctypes.CDLL(None, use_errno=True)
    state: int = libc.adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    return state not in (-1, _TIME_ERROR)


def today(trust: ClockTrust, now: datetime | None = None) -> date | None:
    """The date, or None when the clock is not to be believed.

    `synchronised` asks the kernel; `system` believes a machine whose clock is kept by other means (a battery);
    `none` believes no clock.
    """
    if trust == "none":
        return None
    if trust == "synchronised" and not kernel_clock_is_synchronised():
        return None
    day = (now or datetime.now(VIETNAM)).astimezone(VIETNAM).date()
    return day if day >= RELEASED else None
