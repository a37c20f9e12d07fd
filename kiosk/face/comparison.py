"""Is it the same person? A Euclidean distance of two embeddings becomes one of three answers, never a score."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kiosk.settings import FaceSettings

Embedding = NDArray[np.float64]
Likeness = Literal["same", "unsure", "other"]


def compare(probe: Embedding, reference: Embedding, settings: FaceSettings) -> Likeness:
    """How `probe` relates to `reference`; anything that is not a number is other."""
    distance = float(np.linalg.norm(probe - reference))
    if distance <= settings.accept_distance:
        return "same"
    return "unsure" if distance <= settings.retry_distance else "other"
