"""What befalls the kiosk when a visit arrives at a step, or at a prompt of the face check (`CheckingFace.flash`).

Learned from the timeline, as it happens.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from kiosk.visit import timeline

LOOK_EVERY_S = 0.002
"""Some steps are over in a few hundredths of a second."""

Incident = Callable[[], object]


class Incidents:
    """Watches a kiosk's timeline and lets each incident come about once, at its step; a context manager."""

    def __init__(self, file: Path, at_step: Mapping[str, Incident]) -> None:
        self._file, self._waiting = file, dict(at_step)
        self.last_at_s: float | None = None
        """CLOCK_MONOTONIC of the incident that came last."""
        self._seen = len(timeline.read(file))
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="incidents", daemon=True)

    def __enter__(self) -> Self:
        if self._waiting:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._over.set()
        if self._thread.ident is not None:
            self._thread.join()

    @property
    def still_waiting(self) -> tuple[str, ...]:
        """Steps that were not reached so far."""
        return tuple(self._waiting)

    def _watch(self) -> None:
        size = 0
        while self._waiting and not self._over.wait(LOOK_EVERY_S):
            grown = self._file.stat().st_size if self._file.exists() else 0
            if grown != size:
                size = grown
                self._look()

    def _look(self) -> None:
        moments = timeline.read(self._file)
        new, self._seen = moments[self._seen :], len(moments)
        for moment in new:
            at = _place(moment)
            if at in self._waiting:
                self._waiting.pop(at)()
                self.last_at_s = time.monotonic()


def _place(moment: timeline.Moment) -> str | None:
    if moment.kind == "prompted":
        return f"{moment.step}.{moment.prompt}"
    return moment.step if moment.kind == "arrived" else None
