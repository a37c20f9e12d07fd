"""A thread that does one thing again and again until it is stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable

from kiosk import logs
from kiosk.errors import KioskError


class Worker:
    """Calls `action` every `every_s` seconds, and at once when nudged."""

    def __init__(self, name: str, action: Callable[[], None], every_s: float) -> None:
        self._name, self._action, self._every_s = name, action, every_s
        self._wake, self._stopping = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self.failed: str | None = None
        """The code or type of the last call's error; None when it went well."""

    def start(self) -> None:
        """Start; the first call comes at once."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    def nudge(self) -> None:
        """Call the action now rather than later."""
        self._wake.set()

    def stop(self) -> None:
        """End the thread, after the call it may be in."""
        self._stopping.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                self._action()
                self.failed = None
            except Exception as error:  # the thread outlives a fault; health tells of it
                self.failed = (error.code if isinstance(error, KioskError) else "") or type(error).__name__
                logs.event("worker_failed", part=self._name, error=self.failed, where=logs.place(error))
            if not self._stopping.is_set():
                self._wake.wait(self._every_s)
