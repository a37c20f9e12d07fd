"""How long a visitor may do nothing: a while, then a warning that counts down, then the visit is wiped."""

from __future__ import annotations

import time
from collections.abc import Callable

from kiosk.settings import TimerSettings


class IdleClock:
    """Runs from the last touch; `left_s` is None before the warning, then the seconds left until the wipe."""

    def __init__(self, timers: TimerSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._idle_s, self._warning_s, self._clock = timers.idle_s, timers.idle_warning_s, clock
        self.start()

    def start(self) -> None:
        """Begin anew, as at each step and touch."""
        self._touched_at = self._active_at = self._clock()
        self.left_s: int | None = None

    def approached(self) -> None:
        """Somebody came near: a visitor who looks for their card gets as long again, once after each touch.

        No more than that, and nothing once the warning shows: the sensor cannot tell the visitor from the next in
        the queue, who must not keep alive, let alone take over, what another person left behind. Only touch does.
        """
        if self.left_s is None and self._clock() - self._touched_at < self._idle_s:
            self._active_at = self._clock()

    @property
    def due_at(self) -> float:
        """When the warning, or its next second, is due."""
        warning_at = self._active_at + self._idle_s
        return warning_at if self.left_s is None else warning_at + self._warning_s - self.left_s + 1

    def count_down(self) -> int:
        """The seconds left now that the warning, or its next second, is due; 0 once the visit is to be wiped."""
        end_at = self._active_at + self._idle_s + self._warning_s
        self.left_s = max(0, round(end_at - self._clock()))
        return self.left_s
