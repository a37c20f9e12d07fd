"""One unbroken sight of one face, from the first good picture to the last: nothing swapped or cut."""

from __future__ import annotations

import numpy as np

from kiosk.errors import FaceError, FaceTrackLost, KioskError, TwoFaces
from kiosk.face.topology import face_width_px
from kiosk.ports import Landmarks

MAX_GAP_S = 0.25
"""A blink of the tracker; longer without a face and somebody else may have stepped in."""
MAX_SPEED = 3.0
"""Face widths a second: a person's head moves at up to about two."""
MAX_GROWTH = 1.35
"""Of the face's width, from one sight to the next."""


class Track:
    """Follows the face from where it was first accepted."""

    def __init__(self, landmarks: Landmarks, sensor_time_s: float) -> None:
        self._last, self._seen_s = landmarks.copy(), sensor_time_s

    def follow(self, landmarks: Landmarks | None, faces: int, sensor_time_s: float) -> None:
        """Accept the next frame. Raises: FaceTrackLost, TwoFaces."""
        problem = self._problem(landmarks, faces, sensor_time_s - self._seen_s)
        if problem:
            raise problem
        if landmarks is not None:
            self._last, self._seen_s = landmarks.copy(), sensor_time_s

    def wipe(self) -> None:
        """Overwrite what was seen last."""
        self._last.fill(0)

    def _problem(self, landmarks: Landmarks | None, faces: int, gap_s: float) -> KioskError | None:
        if faces > 1:
            return TwoFaces("a second face came into the picture")
        if gap_s > MAX_GAP_S:
            return FaceTrackLost("the face was lost")
        if landmarks is None:
            return None
        return self._jump(landmarks, max(gap_s, 1e-3))

    def _jump(self, landmarks: Landmarks, gap_s: float) -> FaceError | None:
        before, now = face_width_px(self._last), face_width_px(landmarks)
        move = float(np.hypot(*(landmarks[:, :2].mean(axis=0) - self._last[:, :2].mean(axis=0))))
        growth = max(now, before) / max(min(now, before), 1.0)
        if move / before > MAX_SPEED * gap_s + 0.05 or growth > MAX_GROWTH:
            return FaceTrackLost("the face jumped")
        return None
