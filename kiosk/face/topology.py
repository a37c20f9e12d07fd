"""Which of MediaPipe FaceMesh's 468 landmarks are used for what."""

from __future__ import annotations

import numpy as np

from kiosk.ports import Landmarks

_FOREHEAD = (10, 338, 297, 332, 284, 251, 109, 67, 103, 54, 21, 151, 337, 108, 9, 8)
_NOSE = (168, 6, 197, 195, 5, 4, 1, 19, 94, 2, 122, 351, 196, 419, 198, 420, 236, 456, 129, 358, 98, 327)
_EYE_CORNERS = (33, 133, 362, 263)
_TEMPLES = (127, 356, 162, 389, 34, 264, 139, 368, 143, 372)
_CHEEKBONES = (116, 345, 117, 346, 118, 347, 123, 352, 50, 280)
RIGID = np.array([*_FOREHEAD, *_NOSE, *_EYE_CORNERS, *_TEMPLES, *_CHEEKBONES])
"""62 points that move as one: what a smile, a word or a blink moves least."""

OUTER_EYE_CORNERS = (33, 263)
MIRROR_PAIRS = np.array([(33, 263), (133, 362), (127, 356), (162, 389), (116, 345), (234, 454)])
"""Points of the picture's left and their twins on its right."""

NOSE_TIP, CHIN, FOREHEAD = 1, 152, 10
SKIN = (50, 280, 101, 330, 205, 425, 151)
"""Cheeks and forehead: broad, matte, rarely covered."""


def face_width_px(landmarks: Landmarks) -> float:
    """The width of the landmarks' bounding box."""
    return float(np.ptp(landmarks[:, 0]))


def inter_ocular_px(landmarks: Landmarks) -> float:
    """The distance between the outer eye corners."""
    left, right = OUTER_EYE_CORNERS
    return float(np.hypot(*(landmarks[right, :2] - landmarks[left, :2])))
