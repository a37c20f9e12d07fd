"""Is the picture good enough to judge by? If not, one word of coaching says what would help most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kiosk.face.pose import absolute_yaw_deg
from kiosk.face.topology import CHIN, FOREHEAD, NOSE_TIP, SKIN, face_width_px
from kiosk.ports import Image, Landmarks

Coach = Literal[
    "no_face",
    "two_faces",
    "move_closer",
    "move_back",
    "move_to_centre",
    "look_straight",
    "too_dark",
    "too_bright",
    "hold_still",
]

MIN_FACE_WIDTH_PX = 160.0
MAX_FACE_SHARE = 0.62
"""Of the picture's height, from forehead to chin."""
MAX_OFF_CENTRE = 0.17
"""Of the picture's width."""
MAX_YAW_DEG = 9.0
LEVEL_NOSE, MAX_NOSE_SHIFT = 0.56, 0.12
"""Where the nose's tip stands from forehead (0) to chin (1); 0.12 is about 20° of nodding."""
MIN_LUMA, MAX_LUMA, MAX_CLIPPED = 0.16, 0.88, 0.25
MIN_SHARPNESS = 0.006
"""Mean absolute second difference over the face's mean level; a face blurred by σ = 3 px falls below it."""


@dataclass(frozen=True)
class Appearance:
    """How a face looks: luma 0..1, share of clipped pixels, sharpness, mean linear skin colour (RGB, 0..1)."""

    luma: float
    clipped: float
    sharpness: float
    skin: NDArray[np.float64]


_LINEAR = (((np.arange(256) / 255 + 0.055) / 1.055) ** 2.4).astype(np.float64)
_LINEAR[:11] = np.arange(11) / 255 / 12.92
"""sRGB (IEC 61966-2-1) to linear light."""


def skin_colour(image: Image, landmarks: Landmarks) -> NDArray[np.float64]:
    """Mean linear colour of patches on cheeks and forehead; NaN when none is inside the picture."""
    half = max(2, int(face_width_px(landmarks) * 0.05))
    patches = []
    for x, y in np.round(landmarks[list(SKIN), :2]).astype(int):
        patch = image[max(0, y - half) : max(0, y + half), max(0, x - half) : max(0, x + half)]
        if patch.size:
            patches.append(_LINEAR[patch].mean(axis=(0, 1)))
    result: NDArray[np.float64] = np.mean(patches, axis=0) if patches else np.full(3, np.nan)
    return result


def appearance(image: Image, landmarks: Landmarks) -> Appearance:
    """Measure a face in its picture."""
    low = np.maximum(landmarks[:, :2].min(axis=0), 0).astype(int)
    high = np.maximum(landmarks[:, :2].max(axis=0), 0).astype(int)
    face = image[low[1] : high[1], low[0] : high[0], 1].astype(np.float32)
    if min(face.shape) < 8:
        return Appearance(0, 0, 0, skin_colour(image, landmarks))
    bend = 4 * face[1:-1, 1:-1] - face[:-2, 1:-1] - face[2:, 1:-1] - face[1:-1, :-2] - face[1:-1, 2:]
    mean = float(face.mean())
    return Appearance(
        luma=mean / 255,
        clipped=float((face >= 250).mean()),
        sharpness=float(np.abs(bend).mean()) / max(mean, 1.0) / 4,
        skin=skin_colour(image, landmarks),
    )


def coach(faces: int, landmarks: Landmarks | None, look: Appearance | None, size: tuple[int, int]) -> Coach | None:
    """What would help most, or None when the picture is good; `size` is (height, width) of the picture in px."""
    if landmarks is None or look is None or faces == 0:
        return "no_face"
    if faces > 1:
        return "two_faces"
    return _placed_badly(landmarks, size) or _lit_badly(look)


def _placed_badly(landmarks: Landmarks, size: tuple[int, int]) -> Coach | None:
    height, width = size
    if face_width_px(landmarks) < MIN_FACE_WIDTH_PX * width / 640:
        return "move_closer"
    if landmarks[CHIN, 1] - landmarks[FOREHEAD, 1] > MAX_FACE_SHARE * height:
        return "move_back"
    middle = (landmarks[:, :2].min(axis=0) + landmarks[:, :2].max(axis=0)) / 2
    if np.abs(middle - (width / 2, height / 2)).max() > MAX_OFF_CENTRE * width:
        return "move_to_centre"
    if abs(absolute_yaw_deg(landmarks)) > MAX_YAW_DEG or not _level(landmarks):
        return "look_straight"
    return None


def _level(landmarks: Landmarks) -> bool:
    """Whether the nose's tip stands between forehead and chin as in a face held level."""
    forehead, nose, chin = (float(landmarks[index, 1]) for index in (FOREHEAD, NOSE_TIP, CHIN))
    return abs((nose - forehead) / max(chin - forehead, 1.0) - LEVEL_NOSE) < MAX_NOSE_SHIFT


def _lit_badly(look: Appearance) -> Coach | None:
    if look.luma < MIN_LUMA:
        return "too_dark"
    if look.luma > MAX_LUMA or look.clipped > MAX_CLIPPED:
        return "too_bright"
    return "hold_still" if look.sharpness < MIN_SHARPNESS else None
