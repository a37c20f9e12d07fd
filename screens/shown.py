"""Which camera prompts really came onto the glass, and when."""

from __future__ import annotations

import threading

from kiosk.flows.views import Camera, View


class ShownPrompts:
    """Written by the drawing thread, waited on by others; numbers of an earlier face check never count."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._shown_at_s: dict[int, float] = {}
        self._wanted: int | None = None

    def asked(self, view: View) -> None:
        """Somebody wants this view on the glass; without a camera in it, what was shown is forgotten."""
        with self._changed:
            number = view.number if isinstance(view, Camera) else None
            if number is None:
                self._shown_at_s.clear()
            elif number != self._wanted:
                self._shown_at_s.pop(number, None)
            self._wanted = number

    def drawn(self, view: View, at_s: float) -> None:
        """The frame with this view was handed to the display at this CLOCK_MONOTONIC second."""
        if isinstance(view, Camera):
            with self._changed:
                self._shown_at_s.setdefault(view.number, at_s)
                self._changed.notify_all()

    def wait(self, number: int, timeout_s: float) -> float | None:
        """When the prompt came onto the glass, or None if it did not in time."""
        with self._changed:
            self._changed.wait_for(lambda: number in self._shown_at_s, timeout_s)
            return self._shown_at_s.get(number)
