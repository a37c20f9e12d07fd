"""The camera's frames as they pass through the preview, to be looked for when the visit is over."""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from kiosk.ports import Image
from kiosk.preview import PreviewReader

from . import faces
from .needles import Needle

LOOK_EVERY_S = 0.01
KEPT = 40


class FramesSeen:
    """Watches a preview from a thread; a context manager. Of many frames the last `KEPT` are kept."""

    def __init__(self, preview: Path) -> None:
        self._preview = preview
        self._frames: list[Image] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="frames-seen", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def needles(self) -> set[Needle]:
        """Rows of their pixels."""
        found: set[Needle] = set()
        for number, frame in enumerate(self._frames):
            found |= faces.of_pixels("somebody", f"frame {number}", frame)
        return found

    @property
    def count(self) -> int:
        return len(self._frames)

    def _watch(self) -> None:
        stamp, reader = 0, PreviewReader(self._preview)
        while not self._over.wait(LOOK_EVERY_S):
            found = self._preview.stat().st_ino if self._preview.exists() else 0
            if found != stamp:  # the vision process has started anew
                stamp, reader = found, PreviewReader(self._preview)
            frame = reader.read()
            if frame is not None:
                self._frames = [*self._frames, frame][-KEPT:]
