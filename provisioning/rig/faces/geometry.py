"""Moves a portrait's features: a smooth warp that carries a few anatomical points to where a recipe wants them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RBFInterpolator

from kiosk.ports import Landmarks
from provisioning.rig.faces.portraits import Portrait
from provisioning.rig.faces.recipe import Geometry

# Landmark pairs (the picture's left, right) and how far a value of 1 moves them: outwards, downwards,
# in face widths. Single points are pairs of themselves.
Moves = dict[tuple[int, int], tuple[float, float]]
MOVES: dict[str, Moves] = {
    "jaw_width": {(172, 397): (0.07, 0), (136, 365): (0.075, 0), (150, 379): (0.05, 0), (58, 288): (0.06, 0)},
    "cheek_width": {(234, 454): (0.05, 0), (93, 323): (0.06, 0), (132, 361): (0.05, 0), (116, 345): (0.03, 0)},
    "temple_width": {(127, 356): (0.05, 0), (162, 389): (0.06, 0), (21, 251): (0.06, 0)},
    "chin_length": {(152, 152): (0, 0.09), (148, 377): (0, 0.08), (150, 379): (0, 0.04), (17, 17): (0, 0.01)},
    "forehead_height": {(10, 10): (0, -0.08), (67, 297): (0, -0.07), (103, 332): (0, -0.05)},
    "nose_width": {(129, 358): (0.04, 0), (64, 294): (0.045, 0), (98, 327): (0.03, 0)},
    "nose_length": {(1, 1): (0, 0.05), (2, 2): (0, 0.05), (98, 327): (0, 0.05), (64, 294): (0, 0.045)},
    "nose_bridge": {(193, 417): (0.02, 0), (122, 351): (0.025, 0), (196, 419): (0.025, 0)},
    "eye_size": {(159, 386): (0, -0.022), (145, 374): (0, 0.018), (33, 263): (0.012, 0), (133, 362): (-0.01, 0)},
    "eye_spacing": {(133, 362): (0.035, 0), (33, 263): (0.035, 0), (159, 386): (0.035, 0), (145, 374): (0.035, 0)},
    "eye_slant": {(33, 263): (0, -0.03), (133, 362): (0, 0.012)},
    "brow_height": {
        (70, 300): (0, -0.04),
        (63, 293): (0, -0.045),
        (105, 334): (0, -0.045),
        (66, 296): (0, -0.045),
        (107, 336): (0, -0.04),
    },
    "mouth_width": {(61, 291): (0.06, 0), (37, 267): (0.02, 0), (84, 314): (0.02, 0)},
    "mouth_height": {(61, 291): (0, -0.04), (0, 0): (0, -0.04), (17, 17): (0, -0.04), (13, 13): (0, -0.04)},
    "lip_fullness": {(0, 0): (0, -0.025), (37, 267): (0, -0.025), (17, 17): (0, 0.03), (84, 314): (0, 0.03)},
}
INNER_UPPER_LIP = (191, 80, 81, 82, 13, 312, 311, 310, 415)
INNER_LOWER_LIP = (95, 88, 178, 87, 14, 317, 402, 318, 324)
OUTER_LOWER_LIP = (91, 181, 84, 17, 314, 405, 321)
LIP_GAP_PX = 1.8
GRID = 60


def wanted_landmarks(portrait: Portrait, geometry: Geometry, mouth_closed: float) -> tuple[list[int], Landmarks]:
    """Which landmarks hold the warp, and all landmarks with those moved."""
    points = portrait.landmarks.copy()
    held: set[int] = set()
    for name, moves in MOVES.items():
        strength = getattr(geometry, name) * portrait.face_width
        for (left, right), (outwards, downwards) in moves.items():
            held |= {left, right}
            for index, side in {(left, -1 if left != right else 0), (right, 1 if left != right else 0)}:
                points[index, :2] += np.array([side * outwards, downwards], np.float32) * strength
    if mouth_closed:
        held |= _close_mouth(points, mouth_closed)
    return sorted(held), points


def _close_mouth(points: Landmarks, share: float) -> set[int]:
    for upper, lower in zip(INNER_UPPER_LIP, INNER_LOWER_LIP, strict=True):
        gap = points[lower, 1] - points[upper, 1] - LIP_GAP_PX
        points[upper, 1] += 0.35 * gap * share
        points[lower, 1] -= 0.65 * gap * share
    return {*INNER_UPPER_LIP, *INNER_LOWER_LIP}


def warp(portrait: Portrait, geometry: Geometry, mouth_closed: float) -> Portrait:
    """The portrait with its features moved; landmarks are moved along."""
    held, wanted = wanted_landmarks(portrait, geometry, mouth_closed)
    size = portrait.image.shape[0]
    anchors = _border(size)
    at = np.vstack([wanted[held, :2], anchors])
    back = np.vstack([portrait.landmarks[held, :2] - wanted[held, :2], np.zeros_like(anchors)])
    field = RBFInterpolator(at, back, kernel="linear", smoothing=0.0)
    line = np.linspace(0, size - 1, GRID)
    coarse = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
    shift = field(coarse).reshape(GRID, GRID, 2).astype(np.float32)
    shift = cv2.resize(shift, (size, size), interpolation=cv2.INTER_CUBIC)
    here = np.stack(np.meshgrid(np.arange(size), np.arange(size)), axis=-1).astype(np.float32) + shift
    landmarks = portrait.landmarks.copy()
    landmarks[:, :2] = _forward(portrait.landmarks[:, :2], field)
    landmarks[:, 2] *= 1 + 0.25 * geometry.depth
    return Portrait(
        cv2.remap(portrait.image, here, None, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE),
        landmarks,
        cv2.remap(portrait.person, here, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
    )


def _forward(points: NDArray[np.float32], field: RBFInterpolator) -> NDArray[np.float32]:
    """Where points of the picture come to lie: the inverse of `field`, by fixed-point iteration."""
    moved = points.astype(np.float64)
    for _ in range(12):
        moved = points - field(moved)
    return moved.astype(np.float32)


def _border(size: int) -> NDArray[np.float32]:
    line = np.linspace(0, size - 1, 7, dtype=np.float32)
    far = np.float32(size - 1)
    sides = [(x, y) for x in line for y in line if x in (0, far) or y in (0, far)]
    return np.array(sides, np.float32)
