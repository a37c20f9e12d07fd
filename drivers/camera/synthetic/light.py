"""The light in the hall and off the kiosk's own screen, in lux at the visitor's face."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from drivers.camera.synthetic.sensor import DECODE
from drivers.camera.world import Glass

Floats = NDArray[np.float32]

SCREEN_WHITE_LUX = 80.0
"""A 15.6-inch panel of 300 cd/m² at half a metre: 300 × 0.067 m² / 0.25 m²."""
USUAL_SCREEN = 0.55
"""How bright a page of the kiosk is, as a share of full white."""
HALL_TINT = np.array([1.04, 1.0, 0.92], np.float32)
TOWARDS_LAMPS = np.array([0.2, -0.62, -0.76], np.float32)
TOWARDS_SCREEN = np.array([0.0, 0.15, -0.99], np.float32)
DRIFT, TINT_DRIFT = 0.022, 0.008
"""People pass, clouds pass: how far the hall's light wanders, all together and each channel by itself."""


class HallLight:
    """Lamps and windows of a hall: steady but for a slow wander."""

    def __init__(self, seed: int) -> None:
        self._phases = np.random.default_rng(seed).uniform(0, 2 * np.pi, (4, 2))

    def at(self, lux: float, time_s: float) -> Floats:
        """Linear RGB of the hall's light."""
        rates = np.array([0.31, 0.83])
        waves = np.sin(2 * np.pi * rates * time_s + self._phases) @ np.array([0.7, 0.5])
        wander = 1 + DRIFT * waves[0] + TINT_DRIFT * waves[1:]
        result: Floats = (lux * HALL_TINT * wander).astype(np.float32)
        return result


def screen_light(glass: Glass) -> Floats:
    """Linear RGB of the light that the kiosk's screen throws on a face."""
    if glass.colour is None:
        return np.full(3, SCREEN_WHITE_LUX * USUAL_SCREEN, np.float32)
    return DECODE[list(glass.colour)] * np.float32(SCREEN_WHITE_LUX)


def shading(normals: Floats) -> Floats:
    """How much of the hall's and of the screen's light a surface takes (N × 2).

    The hall's light comes from all sides and mostly from above; portraits have some of their own light in them.
    """
    hall = 0.68 + 0.4 * np.maximum(normals @ TOWARDS_LAMPS, 0)
    screen = np.maximum(normals @ TOWARDS_SCREEN, 0)
    shares: Floats = np.stack([hall, screen], axis=1).astype(np.float32)
    return shares
