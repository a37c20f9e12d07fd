"""A recording in place of a camera: the same frames every time, at the recording's own time."""

from __future__ import annotations

from pathlib import Path

import cv2

from kiosk.errors import CameraUnavailable
from kiosk.ports import Frame
from kiosk.settings import CameraSettings


class VideoFileSource:
    """The port `FrameSource`. Its time advances as frames are read; past its end there is no camera."""

    paced_by_reader = True

    def __init__(self, settings: CameraSettings) -> None:
        self._name = Path(settings.device).name
        self._capture = cv2.VideoCapture(settings.device)
        if not self._capture.isOpened():
            raise CameraUnavailable(f"{self._name} cannot be opened")

    def read(self) -> Frame:
        """The next frame. Raises: CameraUnavailable at the end."""
        good, image = self._capture.read()
        if not good:
            raise CameraUnavailable(f"{self._name} is over")
        # after the read this is the frame's own time; before it, the one's before
        at_s = self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
        return Frame(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), at_s)

    def lock_exposure(self, locked: bool) -> None:
        """What is recorded is recorded."""

    def close(self) -> None:
        """Release the file."""
        self._capture.release()
