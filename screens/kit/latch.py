"""One event a view: a second press, ten taps, or a second finger emit nothing more."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from kiosk.flows.events import Event
from kiosk.flows.views import View

SETTLE_S = 0.3
"""A new question takes no touch for this long, so that the second half of a double tap cannot answer it."""

HASTE_S = 2.0
"""Taps that go on from the question before answer none for at most this long: a wet glass must not go dead."""

REOPEN_S = 3.0
"""A question that nothing followed takes a press again after this long: the glass is never dead."""

VOLATILE: dict[str, Any] = {
    "idle_warning_s": None,
    "simulated_parts": (),
    "prompt": None,
    "arrow": "none",
    "colour": None,
    "progress": 0.0,
    "number": 0,
    "stages": (),
    "greeting": None,
}
"""What may change on a view while the question it asks stays the same."""


class Latch:
    """Lets the first event of a view through, together with the view it belongs to."""

    def __init__(self, emit: Callable[[Event, View], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._emit, self._clock = emit, clock
        self._view: View | None = None
        self._question: View | None = None
        self._drawn_s: float | None = None
        self._hasty_s = 0.0
        self._fired_s: float | None = None

    def show(self, view: View) -> None:
        """A view came onto the glass."""
        fields = type(view).model_fields
        question = view.model_copy(update={name: rest for name, rest in VOLATILE.items() if name in fields})
        if question != self._question:
            self._drawn_s, self._fired_s = None, None
        self._view, self._question = view, question

    def drawn(self) -> None:
        """The view was drawn: from now on somebody can see it."""
        if self._drawn_s is None:
            self._drawn_s = self._clock()

    def reopen(self) -> None:
        """The same question is asked again."""
        self._fired_s = None

    def touched(self) -> None:
        """A finger came down anywhere: whoever still taps away at the question before has not read this one."""
        if not self.settled:
            self._hasty_s = self._clock()

    @property
    def settled(self) -> bool:
        """Whether the question has been on the glass long enough to be meant by a touch."""
        if self._drawn_s is None:
            return False
        now_s = self._clock()
        return now_s - self._drawn_s >= HASTE_S or now_s - max(self._drawn_s, self._hasty_s) >= SETTLE_S

    @property
    def open(self) -> bool:
        """Whether an event would go through."""
        return self.settled and (self._fired_s is None or self._clock() - self._fired_s >= REOPEN_S)

    def fire(self, event: Event) -> bool:
        """Emit the event unless this view has had its one; says whether it went out."""
        if self._view is None or not self.open:
            return False
        self._fired_s = self._clock()
        self._emit(event, self._view)
        return True

    def forget(self) -> None:
        """Hold nothing of the visit."""
        self._view = self._question = None
