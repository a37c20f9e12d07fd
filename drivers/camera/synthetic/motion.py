"""How a person before the kiosk moves: follows what the glass shows, and never stands quite still."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drivers.camera.world import Glass

TURN_DEG = 24.0
TURN_S = 0.7
REACTION_S = 0.25
ARROW_DEG = {"left": TURN_DEG, "right": -TURN_DEG, "none": 0.0}
"""An arrow points where the visitor shall turn, in a mirrored picture: left is their own left, +x unmirrored."""


@dataclass(frozen=True)
class Stance:
    """Where a head is: turn and nod in degrees (positive: to its own left, upwards), place in mm."""

    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    place_mm: NDArray[np.float32]


class Mover:
    """Eases towards the angle the arrow asks for, after a moment of reaction; sways meanwhile."""

    def __init__(self, seed: int) -> None:
        self._phases = np.random.default_rng(seed).uniform(0, 2 * np.pi, (6, 2))
        self._from_deg, self._to_deg, self._since_s = 0.0, 0.0, -10.0

    def stance(self, glass: Glass, time_s: float) -> Stance:
        """The stance at `time_s`, given what the glass shows then."""
        wanted = ARROW_DEG[glass.arrow] if glass.kind == "camera" else 0.0
        if wanted != self._to_deg:
            self._from_deg, self._to_deg, self._since_s = self._turned(time_s), wanted, time_s
        yaw, pitch, roll, x, y, z = self._sway(time_s)
        place = np.array([3.0 * x, 2.0 * y, 4.0 * z], np.float32)
        return Stance(self._turned(time_s) + 0.9 * yaw, 0.8 * pitch, 0.6 * roll, place)

    def _turned(self, time_s: float) -> float:
        done = np.clip((time_s - self._since_s - REACTION_S) / TURN_S, 0, 1)
        eased = done * done * (3 - 2 * done)
        return float(self._from_deg + (self._to_deg - self._from_deg) * eased)

    def _sway(self, time_s: float) -> NDArray[np.float64]:
        slow = np.sin(2 * np.pi * 0.23 * time_s + self._phases[:, 0])
        quick = np.sin(2 * np.pi * 0.61 * time_s + self._phases[:, 1])
        result: NDArray[np.float64] = 0.7 * slow + 0.3 * quick
        return result


def rotation(yaw_deg: float, pitch_deg: float, roll_deg: float) -> NDArray[np.float32]:
    """Rotation matrix in camera coordinates: roll first, then pitch, then yaw."""
    yaw, pitch, roll = np.radians([yaw_deg, pitch_deg, roll_deg])
    turn = np.array([[np.cos(yaw), 0, -np.sin(yaw)], [0, 1, 0], [np.sin(yaw), 0, np.cos(yaw)]])
    nod = np.array([[1, 0, 0], [0, np.cos(pitch), np.sin(pitch)], [0, -np.sin(pitch), np.cos(pitch)]])
    tilt = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    result: NDArray[np.float32] = (turn @ nod @ tilt).astype(np.float32)
    return result
