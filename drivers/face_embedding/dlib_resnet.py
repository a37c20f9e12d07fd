"""dlib's face recognition ResNet (public-domain weights), on chips cut from MediaPipe landmarks.

dlib's own detector missed faces that MediaPipe found, and its 68-point model is not free: neither is used.
"""

from __future__ import annotations

from importlib.metadata import distribution

import dlib
import numpy as np
from numpy.typing import NDArray

from kiosk.ports import Image, Landmarks

MODEL = "face_recognition_models/models/dlib_face_recognition_resnet_model_v1.dat"
FIVE_POINTS = (263, 362, 33, 133, 2)
"""FaceMesh's eye corners and nose base, in the order of dlib's own five-point model."""
CHIP_PX, CHIP_PADDING = 150, 0.25
BLANK = np.zeros((CHIP_PX, CHIP_PX, 3), np.uint8)


class DlibResnetEmbedder:
    """The port `FaceEmbedder`."""

    def __init__(self) -> None:
        # `import face_recognition_models` needs pkg_resources, which current setuptools no longer has
        file = distribution("face_recognition_models").locate_file(MODEL)
        self._network = dlib.face_recognition_model_v1(str(file))

    def embed(self, image: Image, landmarks: Landmarks) -> NDArray[np.float64]:
        """A 128-vector; Euclidean distances between two of one person run to about 0.45."""
        return np.array(self._network.compute_face_descriptor(chip(image, landmarks)), np.float64)

    def forget(self) -> None:
        """Let the network see a picture of nothing: its layers keep what they last saw and found."""
        self._network.compute_face_descriptor(BLANK)


def chip(image: Image, landmarks: Landmarks) -> Image:
    """The aligned 150 × 150 picture the network takes."""
    points = [dlib.point(round(float(x)), round(float(y))) for x, y in landmarks[list(FIVE_POINTS), :2]]
    (left, top), (right, bottom) = landmarks[:, :2].min(axis=0), landmarks[:, :2].max(axis=0)
    box = dlib.rectangle(int(left), int(top), int(right), int(bottom))
    aligned: Image = dlib.get_face_chip(
        np.ascontiguousarray(image), dlib.full_object_detection(box, points), CHIP_PX, CHIP_PADDING
    )
    return aligned
