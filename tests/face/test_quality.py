from __future__ import annotations

import cv2
import numpy as np
import pytest

from kiosk.face.quality import appearance, coach, skin_colour

SIZE = (480, 640)


@pytest.fixture(scope="module")
def picture():
    noise = np.random.default_rng(1).normal(120, 8, (480, 640, 3))
    return np.clip(noise, 0, 255).astype(np.uint8)


def asked(head, picture, faces=1, **pose):
    landmarks = head.seen(**pose)
    return coach(faces, landmarks, appearance(picture, landmarks), SIZE)


def test_a_good_picture_needs_no_coaching(head, picture):
    assert asked(head, picture) is None


def test_nobody_and_two_people_are_told_first(head, picture):
    assert coach(0, None, None, SIZE) == "no_face"
    assert asked(head, picture, faces=2, yaw_deg=30) == "two_faces"


@pytest.mark.parametrize(
    ("pose", "word"),
    [
        ({"at": (0, 0, 640)}, "move_closer"),
        ({"at": (0, 0, 270)}, "move_back"),
        ({"at": (110, 0, 430)}, "move_to_centre"),
        ({"yaw_deg": 16}, "look_straight"),
        ({"pitch_deg": 30}, "look_straight"),
    ],
)
def test_place_and_pose_are_coached(head, picture, pose, word):
    assert asked(head, picture, **pose) == word


def test_light_and_blur_are_coached(head, picture):
    assert asked(head, picture // 6) == "too_dark"
    assert asked(head, np.full_like(picture, 252)) == "too_bright"
    assert asked(head, cv2.GaussianBlur(picture, (0, 0), 4)) == "hold_still"


def test_skin_colour_is_linear_light(head):
    picture = np.full((480, 640, 3), (255, 188, 0), np.uint8)
    # IEC 61966-2-1: 188 is half of full light
    assert skin_colour(picture, head.seen()) == pytest.approx([1.0, 0.5, 0.0], abs=0.005)


def test_a_face_outside_the_picture_has_no_colour(head, picture):
    assert np.isnan(skin_colour(picture, head.seen(at=(-900, 0, 430)))).all()
