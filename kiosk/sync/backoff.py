"""When to try again: exponential backoff with full jitter, never sooner than the site asked for."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.sync.clock import Clock

Jitter = Callable[[float, float], float]
"""A number between the two, at random."""


@dataclass
class Backoff:
    """The tries of many things, by key; kept in memory, so that after a restart everything is tried at once."""

    clock: Clock
    base_s: float = 1.0
    cap_s: float = 60.0
    jitter: Jitter = random.uniform
    _tries: dict[object, int] = field(default_factory=dict)
    _due: dict[object, float] = field(default_factory=dict)

    def failed(self, key: object, at_least_s: float | None = None) -> None:
        """Put `key` off by a random part of base x 2^tries, on top of what the site's Retry-After asked for."""
        tries = self._tries.get(key, 0)
        self._tries[key] = min(tries + 1, 30)
        wait_s = (at_least_s or 0.0) + self.jitter(0.0, min(self.cap_s, self.base_s * 2.0**tries))
        self._due[key] = self.clock.monotonic() + wait_s

    def is_due(self, key: object) -> bool:
        """Whether `key` may be tried now."""
        return self.clock.monotonic() >= self._due.get(key, 0.0)

    def forget(self, key: object) -> None:
        """`key` is settled."""
        self._tries.pop(key, None)
        self._due.pop(key, None)

    def forget_all(self) -> None:
        """Something changed for the better: everything may be tried now."""
        self._tries.clear()
        self._due.clear()
