"""One deliverer at a time in each patient's lane; lanes do not wait for each other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Lanes:
    """Which lanes are being delivered right now."""

    def __init__(self) -> None:
        self._busy: set[str] = set()
        self._changed = threading.Condition()

    @contextmanager
    def hold(self, lane: str, timeout_s: float) -> Iterator[bool]:
        """Have `lane` to oneself; yields False if it was still busy after `timeout_s`."""
        with self._changed:
            held = self._changed.wait_for(lambda: lane not in self._busy, timeout_s)
            if held:
                self._busy.add(lane)
        try:
            yield held
        finally:
            if held:
                with self._changed:
                    self._busy.discard(lane)
                    self._changed.notify_all()
