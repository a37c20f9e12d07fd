"""A head of 468 points in space and a pinhole camera, so that poses are known exactly and no model runs."""

from __future__ import annotations

import numpy as np
import pytest

WIDTH, HEIGHT, FOCAL = 640, 480, 576.0


class Head:
    """Half an ellipsoid with a nose, laid out so that the landmarks the core uses stand where they do in a face."""

    def __init__(self) -> None:
        random = np.random.default_rng(7)
        x, y = random.uniform(-0.95, 0.95, (2, 468)) * np.array([[68.0], [88.0]])
        fixed = {
            10: (0, -86), 152: (0, 86), 1: (0, 10), 33: (-45, -30), 263: (45, -30), 133: (-17, -30), 362: (17, -30),
            234: (-66, -5), 454: (66, -5), 127: (-64, -25), 356: (64, -25), 162: (-60, -45), 389: (60, -45),
            116: (-52, -8), 345: (52, -8), 50: (-38, 15), 280: (38, 15), 101: (-28, 5), 330: (28, 5),
            205: (-35, 35), 425: (35, 35), 151: (0, -60),
        }  # fmt: skip
        for index, place in fixed.items():
            x[index], y[index] = place
        z = -75 * np.sqrt(np.clip(1 - (x / 72) ** 2 - (y / 95) ** 2, 0, 1))
        z -= 28 * np.exp(-(x**2 + (y - 10) ** 2) / 250)
        self.points = np.stack([x, y, z + 40], axis=1)

    def seen(self, yaw_deg: float = 0.0, pitch_deg: float = 0.0, at=(0.0, 0.0, 430.0), flat: bool = False):
        """Landmarks of the head, or of a print of it, turned and seen by the camera."""
        points = self.points * (1, 1, 0 if flat else 1)
        yaw, pitch = np.radians([yaw_deg, pitch_deg])
        nod = np.array([[1, 0, 0], [0, np.cos(pitch), np.sin(pitch)], [0, -np.sin(pitch), np.cos(pitch)]])
        turn = np.array([[np.cos(yaw), 0, -np.sin(yaw)], [0, 1, 0], [np.sin(yaw), 0, np.cos(yaw)]])
        turned = points @ (turn @ nod).T
        placed = turned + at
        picture = FOCAL * placed[:, :2] / placed[:, 2:] + (WIDTH / 2, HEIGHT / 2)
        depth = turned[:, 2:] * FOCAL / at[2]
        return np.hstack([picture, depth]).astype(np.float32)


@pytest.fixture(scope="session")
def head() -> Head:
    return Head()
