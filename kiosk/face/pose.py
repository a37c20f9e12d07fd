"""Where a head points: a perspective-n-point fit of the visitor's own neutral face, solved by Gauss-Newton.

Camera coordinates: x to the picture's right, y down, z away from the camera. Yaw is positive when the visitor
turns to their own left, which an unmirrored picture shows as its right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.face.topology import MIRROR_PAIRS, RIGID, inter_ocular_px
from kiosk.ports import Landmarks

Floats = NDArray[np.float64]

FOCAL_PER_WIDTH = 0.9
"""Focal length over picture width of a usual 58° camera; turns up to 30° hardly depend on it."""
ITERATIONS = 12


@dataclass(frozen=True)
class Pose:
    """Degrees against the neutral face, and the fit's RMS residual over the inter-ocular distance."""

    yaw_deg: float
    pitch_deg: float
    residual: float
    rotation: Floats


def absolute_yaw_deg(landmarks: Landmarks) -> float:
    """How far a face is turned by the landmark model's own depth: good to a few degrees, needs no neutral."""
    across = (landmarks[MIRROR_PAIRS[:, 1]] - landmarks[MIRROR_PAIRS[:, 0]]).mean(axis=0)
    return float(np.degrees(np.arctan2(across[2], across[0])))


class NeutralFace:
    """The visitor's face looking straight ahead, as the rigid body that later frames are compared with."""

    def __init__(self, landmarks: Landmarks, picture_width_px: int, picture_height_px: int) -> None:
        self.landmarks = landmarks
        self._focal = FOCAL_PER_WIDTH * picture_width_px
        self._middle = np.array([picture_width_px / 2, picture_height_px / 2])
        self._unit = inter_ocular_px(landmarks)
        rigid = landmarks[RIGID].astype(np.float64)
        depth = self._focal + rigid[:, 2:]
        placed = np.hstack([(rigid[:, :2] - self._middle) * depth / self._focal, depth])
        self._centre = placed.mean(axis=0)
        self._model = placed - self._centre

    def pose(self, landmarks: Landmarks, start: Floats | None = None) -> Pose:
        """Fit the neutral face to other landmarks of the same person, from the rotation `start` on."""
        wanted = landmarks[RIGID, :2].astype(np.float64) - self._middle
        rotation = np.eye(3) if start is None else start
        move = self._first_guess(wanted)
        for _ in range(ITERATIONS):
            turned = self._model @ rotation.T
            placed = turned + move
            error = wanted - self._focal * placed[:, :2] / placed[:, 2:]
            step = np.linalg.lstsq(self._jacobian(turned, placed), error.ravel(), rcond=None)[0]
            rotation = _rotation(step[:3]) @ rotation
            move = move + step[3:]
            if np.abs(step[:3]).max() < 1e-5:
                break
        placed = self._model @ rotation.T + move
        error = wanted - self._focal * placed[:, :2] / placed[:, 2:]
        return _pose(rotation, float(np.sqrt((error**2).sum(axis=1).mean())) / self._unit)

    def wipe(self) -> None:
        """Overwrite the face's shape."""
        self.landmarks.fill(0)
        self._model.fill(0)

    def _first_guess(self, wanted: Floats) -> Floats:
        spread = wanted.std(axis=0)[1] / (self._model.std(axis=0)[1] * self._focal)
        depth = 1 / spread
        return np.array([*(wanted.mean(axis=0) * depth / self._focal), depth])

    def _jacobian(self, turned: Floats, placed: Floats) -> Floats:
        """Of the picture points (2N) by a small rotation and a move (6)."""
        x, y, z = placed.T
        by_place = np.zeros((len(placed), 2, 3))
        by_place[:, 0, 0] = by_place[:, 1, 1] = self._focal / z
        by_place[:, 0, 2], by_place[:, 1, 2] = -self._focal * x / z**2, -self._focal * y / z**2
        by_turn = np.zeros((len(placed), 3, 3))
        by_turn[:, 0, 1], by_turn[:, 0, 2] = turned[:, 2], -turned[:, 1]
        by_turn[:, 1, 0], by_turn[:, 1, 2] = -turned[:, 2], turned[:, 0]
        by_turn[:, 2, 0], by_turn[:, 2, 1] = turned[:, 1], -turned[:, 0]
        jacobian: Floats = np.concatenate([by_place @ by_turn, by_place], axis=2).reshape(-1, 6)
        return jacobian


def _rotation(vector: Floats) -> Floats:
    """Rodrigues' formula."""
    angle = float(np.linalg.norm(vector))
    if angle < 1e-12:
        return np.eye(3)
    x, y, z = vector / angle
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    matrix: Floats = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * (cross @ cross)
    return matrix


def _pose(rotation: Floats, residual: float) -> Pose:
    ahead = -rotation[:, 2]
    yaw = float(np.degrees(np.arctan2(ahead[0], -ahead[2])))
    pitch = float(np.degrees(np.arcsin(np.clip(-ahead[1], -1, 1))))
    return Pose(yaw, pitch, residual, rotation)


def homography_residual(first: Landmarks, second: Landmarks) -> float:
    """RMS distance left after the best plane-to-plane mapping of the rigid points, over the inter-ocular distance.

    A flat picture of a face moves by a homography however it is held; a head that turns does not.
    """
    here, there = first[RIGID, :2].astype(np.float64), second[RIGID, :2].astype(np.float64)
    from_here, from_there = _normaliser(here), _normaliser(there)
    x, y = _apply(from_here, here).T
    u, v = _apply(from_there, there).T
    one, zero = np.ones_like(x), np.zeros_like(x)
    upper = np.stack([x, y, one, zero, zero, zero, -u * x, -u * y, -u], axis=1)
    lower = np.stack([zero, zero, zero, x, y, one, -v * x, -v * y, -v], axis=1)
    mapping = np.linalg.svd(np.vstack([upper, lower]))[2][-1].reshape(3, 3)
    whole = np.linalg.inv(from_there) @ mapping @ from_here
    error = _apply(whole, here) - there
    return float(np.sqrt((error**2).sum(axis=1).mean())) / inter_ocular_px(first)


def _normaliser(points: Floats) -> Floats:
    """Centre at the origin, mean distance √2 (Hartley)."""
    centre = points.mean(axis=0)
    scale = np.sqrt(2) / np.hypot(*(points - centre).T).mean()
    return np.array([[scale, 0, -scale * centre[0]], [0, scale, -scale * centre[1]], [0, 0, 1]])


def _apply(mapping: Floats, points: Floats) -> Floats:
    mapped = np.column_stack([points, np.ones(len(points))]) @ mapping.T
    result: Floats = mapped[:, :2] / mapped[:, 2:]
    return result
