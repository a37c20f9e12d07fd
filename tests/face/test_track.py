from __future__ import annotations

import pytest

from kiosk.errors import FaceTrackLost, TwoFaces
from kiosk.face.track import Track


def test_a_walking_pace_is_followed(head):
    track = Track(head.seen(), 0.0)
    for step in range(1, 10):
        track.follow(head.seen(yaw_deg=3 * step, at=(4 * step, 0, 430)), 1, step / 15)


def test_one_missed_frame_is_forgiven_and_a_gap_is_not(head):
    track = Track(head.seen(), 0.0)
    track.follow(None, 0, 0.07)
    track.follow(head.seen(), 1, 0.14)
    with pytest.raises(FaceTrackLost):
        track.follow(None, 0, 0.50)


def test_a_jump_cut_is_noticed(head):
    with pytest.raises(FaceTrackLost):
        Track(head.seen(), 0.0).follow(head.seen(at=(90, 0, 430)), 1, 0.07)


def test_a_sudden_growth_is_noticed(head):
    with pytest.raises(FaceTrackLost):
        Track(head.seen(), 0.0).follow(head.seen(at=(0, 0, 300)), 1, 0.07)


def test_a_second_face_ends_the_track(head):
    with pytest.raises(TwoFaces):
        Track(head.seen(), 0.0).follow(head.seen(), 2, 0.07)
