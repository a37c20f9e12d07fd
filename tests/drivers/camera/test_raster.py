"""The rasteriser against OpenCV's own homography and polygon filling."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from drivers.camera.synthetic.assets import sheet
from drivers.camera.synthetic.motion import rotation
from drivers.camera.synthetic.raster import Lens, cover, draw

LENS = Lens(320, 240, 300.0)


@pytest.fixture
def checks():
    board = np.kron(np.indices((8, 8)).sum(axis=0) % 2, np.ones((30, 30)))
    return np.repeat((60 + 140 * board)[..., None], 3, axis=2).astype(np.uint8)


@pytest.mark.parametrize("yaw_deg", [0, 25, -40])
def test_a_turned_sheet_is_seen_as_a_homography_sees_it(checks, yaw_deg):
    flat = sheet(checks, 150.0)
    placed = (flat.mesh.vertices @ rotation(yaw_deg, 10, 5).T + np.array([5, -8, 320])).astype(np.float32)
    drawn = draw(flat.mesh, placed, np.zeros((len(placed), 0), np.float32), LENS)
    ours = np.zeros((240, 320, 3), np.uint8)
    ours[drawn.window] = cv2.remap(checks, drawn.places, None, cv2.INTER_LINEAR) * (drawn.cover > 0.5)[..., None]
    mapping, _ = cv2.findHomography(flat.mesh.texture_points, LENS.project(placed))
    wanted = cv2.warpPerspective(checks, mapping, (320, 240))
    inside = cv2.erode(
        cv2.warpPerspective(np.full(checks.shape[:2], 255, np.uint8), mapping, (320, 240)), np.ones((7, 7))
    )
    difference = np.abs(ours.astype(int) - wanted).max(axis=2)[inside > 0]
    assert inside.any()
    assert difference.mean() < 4
    assert (difference > 60).mean() < 0.005


def test_triangles_cover_what_opencv_fills_whatever_their_size():
    random = np.random.default_rng(5)
    for size in (3, 12, 50, 150):
        corners = (random.uniform(20, 60, 2) + random.uniform(0, size, (3, 2))).astype(np.float32)
        seen = cover(corners, np.ones(3, np.float32), np.array([[0, 1, 2]], np.int32), 320, 240) >= 0
        filled = np.zeros((240, 320), np.uint8)
        cv2.fillConvexPoly(filled, np.round(corners * 16).astype(np.int32), 1, shift=4)
        edge = cv2.dilate(filled, np.ones((3, 3))) - cv2.erode(filled, np.ones((3, 3)))
        assert np.array_equal(seen[edge == 0], filled[edge == 0] > 0)


def test_the_nearer_of_two_triangles_hides_the_other():
    corners = np.array([[10, 10], [90, 10], [10, 90], [12, 12], [20, 12], [12, 20]], np.float32)
    triangles = np.array([[0, 1, 2], [3, 4, 5]], np.int32)
    near_small = cover(corners, np.array([9, 9, 9, 5, 5, 5], np.float32), triangles, 100, 100)
    near_large = cover(corners, np.array([5, 5, 5, 9, 9, 9], np.float32), triangles, 100, 100)
    assert near_small[14, 14] == 1
    assert near_large[14, 14] == 0


def test_what_is_outside_the_picture_is_not_drawn(checks):
    flat = sheet(checks, 150.0)
    placed = flat.mesh.vertices + np.array([9000, 0, 300], np.float32)
    assert draw(flat.mesh, placed, np.zeros((len(placed), 0), np.float32), LENS) is None
