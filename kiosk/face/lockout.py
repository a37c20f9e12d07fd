"""Stops guessing with somebody else's document: too many failures with one, and it waits."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections import defaultdict, deque
from collections.abc import Callable

FAILURES = 5
WINDOW_S = 180.0
KIOSK_WIDE_FAILURES = 12
"""So many failures of any documents within the window call for a look by staff."""


class Lockout:
    """Counts failures by a tag of the document: an HMAC under a key that lives only as long as this process."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._key, self._now = secrets.token_bytes(32), now
        self._failures: dict[bytes, deque[float]] = defaultdict(deque)

    def tag(self, document: bytes | memoryview) -> bytes:
        """The document's tag; it cannot be turned back, nor compared across a restart."""
        return hmac.digest(self._key, document, hashlib.sha256)

    def failed(self, tag: bytes) -> None:
        """Count a failure."""
        self._forget_old()
        self._failures[tag].append(self._now())

    def succeeded(self, tag: bytes) -> None:
        """The holder was verified: what went before no longer counts."""
        self._failures.pop(tag, None)

    def is_locked(self, tag: bytes) -> bool:
        """Whether this document must wait."""
        self._forget_old()
        return len(self._failures.get(tag, ())) >= FAILURES

    @property
    def needs_a_look(self) -> bool:
        """Whether the whole kiosk sees more failures than honest visitors make."""
        self._forget_old()
        return sum(map(len, self._failures.values())) >= KIOSK_WIDE_FAILURES

    def _forget_old(self) -> None:
        oldest = self._now() - WINDOW_S
        for tag, times in list(self._failures.items()):
            while times and times[0] < oldest:
                times.popleft()
            if not times:
                del self._failures[tag]
