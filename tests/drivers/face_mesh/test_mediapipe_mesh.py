from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.data

from drivers.face_mesh.mediapipe_mesh import MediapipeFaceMesh

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def mesh():
    with MediapipeFaceMesh() as mesh:
        yield mesh


@pytest.fixture(scope="module")
def portrait():
    return np.ascontiguousarray(skimage.data.astronaut()[:256, 96:352])


def test_landmarks_lie_where_the_features_are(mesh, portrait):
    landmarks = mesh.still_landmarks(portrait)
    assert landmarks.shape == (468, 3)
    assert landmarks.dtype == np.float32
    # the eyes' outer corners and the mouth's, read off the photograph by hand
    assert landmarks[33, :2] == pytest.approx((95, 101), abs=5)
    assert landmarks[263, :2] == pytest.approx((163, 103), abs=5)
    assert landmarks[13, 1] == pytest.approx(145, abs=5)


def test_nobody_is_none_and_counts_zero(mesh):
    wall = np.full((480, 640, 3), 140, np.uint8)
    assert mesh.landmarks(wall) is None
    assert mesh.still_landmarks(wall) is None
    assert mesh.count_faces(wall) == 0


def test_two_people_count_two_and_more_are_not_told_apart(mesh, portrait):
    assert mesh.count_faces(portrait) == 1
    assert mesh.count_faces(np.hstack([portrait, portrait])) == 2
    assert mesh.count_faces(np.hstack([portrait, portrait, portrait])) == 2


def test_somebody_who_waits_behind_is_not_counted(mesh, portrait):
    behind = np.full_like(portrait, 150)
    behind[60:150, 80:170] = cv2.resize(portrait, (90, 90), interpolation=cv2.INTER_AREA)
    assert mesh.count_faces(behind) == 1
    assert mesh.count_faces(np.hstack([portrait, behind])) == 1


def test_tracking_follows_a_face_and_can_be_reset(mesh, portrait):
    for shift in range(0, 12, 4):
        followed = mesh.landmarks(np.roll(portrait, shift, axis=1))
    still = mesh.still_landmarks(np.roll(portrait, 8, axis=1))
    assert np.abs(followed - still)[:, :2].max() < 8
    mesh.reset()
    assert np.abs(mesh.landmarks(portrait) - mesh.still_landmarks(portrait))[:, :2].max() < 4


def test_loading_and_running_says_nothing_on_stdout_or_stderr():
    code = (
        "import numpy as np; from drivers.face_mesh.mediapipe_mesh import MediapipeFaceMesh\n"
        "with MediapipeFaceMesh() as m: m.landmarks(np.zeros((480, 640, 3), np.uint8))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert done.stdout == ""


def test_loading_spares_the_plotting_library_and_leaves_it_usable():
    code = (
        "import sys; from drivers.face_mesh.mediapipe_mesh import MediapipeFaceMesh\n"
        "with MediapipeFaceMesh(): assert not [name for name in sys.modules if name.startswith('matplotlib')]\n"
        "import matplotlib; assert matplotlib.__file__"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
