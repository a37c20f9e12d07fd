"""A USB camera through OpenCV's V4L2 capture."""

from __future__ import annotations

import time

import cv2

from kiosk.errors import CameraUnavailable
from kiosk.ports import Frame
from kiosk.settings import CameraSettings

AUTO_EXPOSURE, MANUAL_EXPOSURE = 3, 1
"""V4L2_EXPOSURE_APERTURE_PRIORITY and V4L2_EXPOSURE_MANUAL."""
MAX_AGE_S = 2.0


class V4l2Source:
    """The port `FrameSource`; frames carry the driver's time stamp, which must be CLOCK_MONOTONIC."""

    paced_by_reader = False

    def __init__(self, settings: CameraSettings) -> None:
        self._device = settings.device
        self._capture = cv2.VideoCapture(settings.device, cv2.CAP_V4L2)
        if not self._capture.isOpened():
            raise CameraUnavailable(f"{settings.device} cannot be opened")
        for name, value in (
            (cv2.CAP_PROP_FRAME_WIDTH, settings.width_px),
            (cv2.CAP_PROP_FRAME_HEIGHT, settings.height_px),
            (cv2.CAP_PROP_FPS, settings.frames_per_s),
            (cv2.CAP_PROP_BUFFERSIZE, 1),
        ):
            self._capture.set(name, value)

    def read(self) -> Frame:
        """The next frame. Raises: CameraUnavailable."""
        good, image = self._capture.read()
        if not good:
            raise CameraUnavailable(f"{self._device} gives no frames")
        stamp_s = self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
        if not 0 <= time.monotonic() - stamp_s < MAX_AGE_S:
            # without a true stamp nobody can say which colour a frame was exposed in
            raise CameraUnavailable(f"{self._device} does not stamp frames with CLOCK_MONOTONIC")
        return Frame(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), stamp_s)

    def lock_exposure(self, locked: bool) -> None:
        """Switch automatic exposure and white balance off, which holds their values, or on again."""
        self._capture.set(cv2.CAP_PROP_AUTO_EXPOSURE, MANUAL_EXPOSURE if locked else AUTO_EXPOSURE)
        self._capture.set(cv2.CAP_PROP_AUTO_WB, 0 if locked else 1)

    def close(self) -> None:
        """Release the device."""
        self._capture.release()
