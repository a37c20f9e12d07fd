"""The Raspberry Pi camera through picamera2, which Debian packages and only a Pi can import."""

from __future__ import annotations

import time
from typing import Any

import cv2

from kiosk.errors import CameraUnavailable
from kiosk.ports import Frame
from kiosk.settings import CameraSettings

READ_TIMEOUT_S = 2.0
"""Without one, picamera2 waits for a stalled sensor for ever."""
STRIDE_PX = 64
"""libcamera pads YUV420 rows to this many bytes; in a padded picture the chroma rows cannot be sliced off."""


class Picamera2Source:
    """The port `FrameSource`: the small YUV stream, never an old frame, the sensor's own time stamp."""

    paced_by_reader = False

    def __init__(self, settings: CameraSettings) -> None:
        if settings.width_px % STRIDE_PX:
            raise CameraUnavailable(f"camera.width_px must be a multiple of {STRIDE_PX}")
        try:
            from picamera2 import Picamera2

            self._camera: Any = Picamera2()
            self._begin(settings)
        except (ImportError, IndexError, RuntimeError) as error:
            # IndexError is how picamera2 says that libcamera found no camera
            raise CameraUnavailable(f"picamera2: {type(error).__name__}") from error
        self._width_px, self._height_px = settings.width_px, settings.height_px
        self._metadata: dict[str, Any] = {}

    def _begin(self, settings: CameraSettings) -> None:
        size = (settings.width_px, settings.height_px)
        try:
            self._camera.configure(
                self._camera.create_video_configuration(
                    lores={"size": size, "format": "YUV420"},
                    buffer_count=4,
                    queue=False,
                    controls={"FrameRate": settings.frames_per_s},
                )
            )
            self._camera.start()
        except RuntimeError:
            self._camera.close()
            raise

    def read(self) -> Frame:
        """A frame exposed after this call. Raises: CameraUnavailable."""
        try:
            request = self._camera.capture_request(wait=READ_TIMEOUT_S, flush=True)
        except (RuntimeError, TimeoutError) as error:
            raise CameraUnavailable(f"picamera2: {type(error).__name__}") from error
        try:
            yuv = request.make_array("lores")[: self._height_px * 3 // 2, : self._width_px]
            self._metadata = request.get_metadata()
            image = cv2.cvtColor(yuv, cv2.COLOR_YUV2RGB_I420)
        finally:
            request.release()
        return Frame(image, _monotonic_s(self._metadata["SensorTimestamp"]), self._metadata.get("Lux"))

    def lock_exposure(self, locked: bool) -> None:
        """Hold exposure, gain and white balance at the last frame's values, or let them follow again."""
        if not locked:
            self._camera.set_controls({"AeEnable": True, "AwbEnable": True})
            return
        held = {name: self._metadata[name] for name in ("ExposureTime", "AnalogueGain", "ColourGains")}
        self._camera.set_controls({"AeEnable": False, "AwbEnable": False, **held})

    def close(self) -> None:
        """Stop and release the camera."""
        self._camera.stop()
        self._camera.close()


def _monotonic_s(sensor_timestamp_ns: int) -> float:
    """libcamera stamps with CLOCK_BOOTTIME, which also counts suspended time."""
    ahead_s = time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)
    return sensor_timestamp_ns / 1e9 - ahead_s
