"""A contact or sensor whose changes count once it has been still for a moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

SETTLE_S = 0.02
"""Contacts bounce for 1 to 10 ms; the shortest pulse of a presence sensor is 50 ms."""


class SettledInput:
    """Tells of a gpiozero input's changes from a thread of its own; the state at the start counts as a change.

    gpiozero's own `bounce_time` is not used: its mock factory ignores it, and the tests would prove something that
    the kiosk does not do. Here a spike shorter than `settle_s` is never told of, on mock pins as on real ones.
    """

    def __init__(self, device: Any, notify: Callable[[bool], None], settle_s: float = SETTLE_S) -> None:
        self._device, self._notify, self._settle_s = device, notify, settle_s
        self._edge, self._closed = threading.Event(), False
        device.when_activated = device.when_deactivated = self._edge.set
        self._edge.set()
        self._thread = threading.Thread(target=self._watch, name="panel-input", daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        told = False
        while self._edge.wait():
            self._edge.clear()
            while not self._closed and self._edge.wait(self._settle_s):
                self._edge.clear()
            if self._closed:
                return
            active = bool(self._device.is_active)
            if active != told:
                told = active
                self._notify(active)

    def close(self) -> None:
        """Stop telling; the device itself stays open."""
        self._device.when_activated = self._device.when_deactivated = None
        self._closed = True
        self._edge.set()
        self._thread.join()
