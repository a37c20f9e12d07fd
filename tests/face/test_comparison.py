from __future__ import annotations

import numpy as np
import pytest

from kiosk.face.comparison import compare
from kiosk.settings import FaceSettings


@pytest.mark.parametrize(
    ("distance", "likeness"),
    [(0.0, "same"), (0.4499, "same"), (0.4501, "unsure"), (0.5499, "unsure"), (0.5501, "other"), (2.0, "other")],
)
def test_distance_becomes_one_of_three_answers(distance, likeness):
    one, other = np.zeros(128), np.zeros(128)
    other[5] = distance
    assert compare(one, other, FaceSettings()) == likeness


def test_an_embedding_that_is_not_a_number_is_another_person():
    assert compare(np.full(128, np.nan), np.zeros(128), FaceSettings()) == "other"
