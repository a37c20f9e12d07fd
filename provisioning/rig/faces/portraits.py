"""The public-domain portraits faces are made from, as dependencies carry them; none is kept in this repository.

`astronaut`: NASA portrait of Eileen Collins (skimage.data). `grace_hopper`: United States Navy portrait
(matplotlib's sample data). Works of the United States government: public domain.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import cv2
import mediapipe
import numpy as np
import skimage.data
from matplotlib import cbook
from numpy.typing import NDArray
from PIL import Image as Pictures

from drivers.face_mesh.mediapipe_mesh import MediapipeFaceMesh
from kiosk.ports import Image, Landmarks

Name = Literal["astronaut", "grace_hopper"]
SIZE_PX = 512
CROP = {"astronaut": (110, 0, 330, 220), "grace_hopper": (60, 0, 460, 400)}


@dataclass(frozen=True)
class Portrait:
    """A square head-and-shoulders picture, its landmarks in px, and where the person is (0..1)."""

    image: Image
    landmarks: Landmarks
    person: NDArray[np.float32]

    @property
    def face_width(self) -> float:
        """From cheek to cheek, in px."""
        return float(np.ptp(self.landmarks[:, 0]))


def _picture(name: Name) -> Image:
    if name == "astronaut":
        photograph: Image = skimage.data.astronaut()  # type: ignore[no-untyped-call]
        return photograph
    with Pictures.open(Path(str(cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)))) as picture:
        return np.asarray(picture.convert("RGB"))


@cache
def portrait(name: Name) -> Portrait:
    """One of the source portraits, cropped, enlarged, landmarked and cut out."""
    left, top, right, bottom = CROP[name]
    image = cv2.resize(_picture(name)[top:bottom, left:right], (SIZE_PX, SIZE_PX), interpolation=cv2.INTER_LANCZOS4)
    with MediapipeFaceMesh() as mesh:
        landmarks = mesh.still_landmarks(image)
    if landmarks is None:
        raise RuntimeError(f"no face found in the portrait {name}")
    with mediapipe.solutions.selfie_segmentation.SelfieSegmentation(model_selection=0) as segmentation:
        person = segmentation.process(image).segmentation_mask
    return Portrait(image, landmarks, np.clip((person - 0.35) / 0.4, 0, 1).astype(np.float32))
