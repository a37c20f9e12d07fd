"""A camera that is there and yet shows nothing: pictures that repeat, a clock that stands still, black."""

from __future__ import annotations

import zlib

from kiosk.errors import CameraDark, CameraFrozen
from kiosk.ports import Frame, Image

FROZEN_FRAMES = 6
"""A sensor never gives the same noise twice, so equal frames in a row do not come from a lens."""
BLACK_LEVEL = 6.0
"""Mean of 255 below which a picture is black: the kiosk's own screen lights a face to several times that."""
DARK_S = 2.5
"""A hand may rest on the lens for a moment."""


def is_black(image: Image) -> bool:
    """Whether nothing at all can be seen."""
    return float(image[::8, ::8].mean()) < BLACK_LEVEL


class FrozenWatch:
    """Notices a source that repeats a frame or whose clock stands still."""

    def __init__(self) -> None:
        self._time_s, self._checksum, self._same, self._moved = float("-inf"), -1, 0, 0

    @property
    def is_lively(self) -> bool:
        """Whether the camera has given so many differing frames in a row as would have told a frozen one."""
        return self._moved > FROZEN_FRAMES

    def see(self, frame: Frame) -> None:
        """Take note of a frame; equal black ones tell nothing. Raises: CameraFrozen."""
        checksum = zlib.crc32(frame.image[::8, ::8].tobytes())
        ran = frame.sensor_time_s > self._time_s
        moved = ran and (checksum != self._checksum or is_black(frame.image))
        self._same, self._moved = (0, self._moved + 1) if moved else (self._same + 1, 0)
        self._time_s, self._checksum = max(self._time_s, frame.sensor_time_s), checksum
        if self._same >= FROZEN_FRAMES:
            raise CameraFrozen("the camera repeats itself")


class DarkWatch:
    """Notices a lens that is covered, or a room without any light, after a while."""

    def __init__(self) -> None:
        self._since_s: float | None = None

    def see(self, frame: Frame) -> None:
        """Take note of a frame. Raises: CameraDark."""
        if not is_black(frame.image):
            self._since_s = None
            return
        self._since_s = frame.sensor_time_s if self._since_s is None else self._since_s
        if frame.sensor_time_s - self._since_s >= DARK_S:
            raise CameraDark("the camera has been black for some time")
