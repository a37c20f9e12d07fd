"""The camera and whether it works: opened for a job or a look around, watched at every frame."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TypeVar

from kiosk import logs
from kiosk.errors import CameraDark, CameraError, CameraFrozen, CameraUnavailable
from kiosk.ports import Frame, FrameSource
from kiosk.vision.camera_watch import FROZEN_FRAMES, FrozenWatch, is_black

STALLED_S = 4.0
"""A camera that takes longer to open, or to give a frame, gives none."""

T = TypeVar("T")


class Camera:
    """Used by one thread; `health` and `is_stalled` may be read from any."""

    def __init__(self, open_camera: Callable[[], FrameSource]) -> None:
        self.paced = False
        self._open, self._state = open_camera, CameraUnavailable.code
        self._source: FrameSource | None = None
        self._watch = FrozenWatch()
        self._waiting_since_s: float | None = None

    @property
    def health(self) -> str:
        """`ready`, or the code of what is wrong; true even while the camera's driver does not come back."""
        return CameraFrozen.code if self.is_stalled else self._state

    @property
    def is_stalled(self) -> bool:
        """Whether the camera is waited for in vain."""
        since_s = self._waiting_since_s
        return since_s is not None and time.monotonic() - since_s > STALLED_S

    @contextmanager
    def opened(self) -> Iterator[FrameSource]:
        """The open camera. Raises: CameraUnavailable."""
        with closing(self._waited_for(self._open)) as source:
            self.paced, self._watch = source.paced_by_reader, FrozenWatch()
            if self._state == CameraUnavailable.code:
                self._state = "ready"
            yield source

    def read(self, source: FrameSource) -> Frame:
        """The next frame that shows something. Raises: CameraUnavailable, CameraFrozen."""
        frame = self._waited_for(source.read)
        try:
            self._watch.see(frame)
        except CameraFrozen:
            frame.image.fill(0)
            raise
        if self._watch.is_lively and not is_black(frame.image):
            self._state = "ready"
        return frame

    def failed(self, error: CameraError) -> None:
        """Remember what is wrong until frames show that it is well."""
        self._state = error.code

    def look_around(self) -> None:
        """See whether it works now: one frame shows that it is there, one that showed nothing has more to prove."""
        try:
            with self.opened() as source:
                self._prove(source, 1 if self._state == "ready" else FROZEN_FRAMES + 2)
        except CameraError as error:
            self.failed(error)
        except Exception as error:  # whatever a camera's library throws; it is looked for again
            logs.failure("camera_failed", error)
            self.failed(CameraUnavailable("unforeseen"))

    def _prove(self, source: FrameSource, frames: int) -> None:
        black = False
        for _ in range(frames):
            frame = self.read(source)
            black = is_black(frame.image)
            frame.image.fill(0)
        if black and self._state == CameraDark.code:
            raise CameraDark("the camera is still black")
        self._state = "ready"

    def _waited_for(self, work: Callable[[], T]) -> T:
        self._waiting_since_s = time.monotonic()
        try:
            return work()
        finally:
            self._waiting_since_s = None
