"""MediaPipe 0.10.18's FaceMesh and face detector, whose models travel inside the wheel."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType, TracebackType
from typing import Any, Self

import numpy as np

from kiosk.ports import Image, Landmarks

FAR_AWAY = 0.5
"""A face less than this share of the nearest one's width belongs to somebody who waits behind."""
BLANK = np.zeros((480, 640, 3), np.uint8)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the C++ libraries' greetings off stderr while they start: the kiosk's log is one JSON object a line.

    They write to the descriptor before absl's log flags apply, so only the descriptor can be turned away.
    """
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


@contextmanager
def _without_plots() -> Iterator[None]:
    """Spare MediaPipe its matplotlib, two thirds of the import, which only drawing helpers nobody calls need."""
    if "matplotlib" in sys.modules:
        yield
        return
    empty = ModuleType("matplotlib")
    empty.pyplot = ModuleType("matplotlib.pyplot")  # type: ignore[attr-defined]
    sys.modules.update({"matplotlib": empty, "matplotlib.pyplot": empty.pyplot})
    try:
        yield
    finally:
        del sys.modules["matplotlib"], sys.modules["matplotlib.pyplot"]


def _solutions() -> Any:
    with warnings.catch_warnings(), _without_plots():
        # protobuf 4's generated modules use names that Python 3.12 removes
        warnings.simplefilter("ignore", DeprecationWarning)
        from absl import logging
        from mediapipe.python import solutions

    logging.set_verbosity(logging.FATAL)
    return solutions


class MediapipeFaceMesh:
    """The port `FaceMesh`: a mesh that tracks, one for single pictures, and a detector that counts."""

    def __init__(self, minimum_confidence: float = 0.5) -> None:
        self._solutions = _solutions()
        self._confidence = minimum_confidence
        with _quiet():
            self._tracking = self._mesh(static_image_mode=False)
            self._still = self._mesh(static_image_mode=True)
            self._detector = self._solutions.face_detection.FaceDetection(
                model_selection=0, min_detection_confidence=minimum_confidence
            )
            self.forget()

    def landmarks(self, image: Image) -> Landmarks | None:
        """The tracked face's 468 landmarks, or None."""
        return _first_face(self._tracking.process(image), image)

    def still_landmarks(self, image: Image) -> Landmarks | None:
        """The landmarks of a single picture that belongs to no sequence, or None."""
        return _first_face(self._still.process(image), image)

    def count_faces(self, image: Image) -> int:
        """How many faces are about as near as the nearest, up to two: those who queue behind are not counted."""
        found = self._detector.process(image).detections or ()
        widths = [face.location_data.relative_bounding_box.width for face in found]
        near = sum(1 for width in widths if width >= FAR_AWAY * max(widths))
        return min(2, near)

    def reset(self) -> None:
        """Forget the tracked face."""
        self._tracking.reset()

    def forget(self) -> None:
        """Let every graph see a picture of nothing: each keeps what it found last until it looks again."""
        for graph in (self._tracking, self._still, self._detector):
            graph.process(BLANK)

    def close(self) -> None:
        """Release the graphs."""
        for graph in (self._tracking, self._detector, self._still):
            graph.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _mesh(self, static_image_mode: bool) -> Any:
        return self._solutions.face_mesh.FaceMesh(
            static_image_mode=static_image_mode,
            max_num_faces=1,
            refine_landmarks=False,
            min_detection_confidence=self._confidence,
            min_tracking_confidence=self._confidence,
        )


def _first_face(result: Any, image: Image) -> Landmarks | None:
    if not result.multi_face_landmarks:
        return None
    height, width = image.shape[:2]
    points = [(point.x, point.y, point.z) for point in result.multi_face_landmarks[0].landmark]
    return np.asarray(points, np.float32) * np.array([width, height, width], np.float32)
