"""The simulated sensor: auto exposure that can be held, a gain that runs out, noise, sRGB."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.ports import Image

Floats = NDArray[np.float32]

TARGET_LEVEL = 0.22
"""Mean linear level that auto exposure steers to, as cameras do: about middle grey."""
FOLLOW_S = 0.4
MAX_GAIN = 0.045
"""Gain 1 maps 1 lux off a white diffuser to full scale; more than MAX_GAIN this sensor cannot: at 25 lux it is dark."""
READ_NOISE, SHOT_NOISE = 1.2, 1.6
"""Standard deviation in 8-bit steps: at black, and what a bright picture adds."""
_STEPS = 4096
_ENCODE = np.linspace(0, 1, _STEPS, dtype=np.float32)
_ENCODE = np.where(_ENCODE <= 0.0031308, 12.92 * _ENCODE, 1.055 * _ENCODE ** (1 / 2.4) - 0.055) * 255
DECODE = np.arange(256, dtype=np.float32) / 255
DECODE = np.where(DECODE <= 0.04045, DECODE / 12.92, ((DECODE + 0.055) / 1.055) ** 2.4).astype(np.float32)
"""sRGB (IEC 61966-2-1) to linear light."""


class Sensor:
    """Turns light (linear RGB, in lux of a white diffuser) into a picture."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._noise = self._random.normal(0, 1, (1024, 1400, 3)).astype(np.float32)
        self._gain: float | None = None
        self._time_s = 0.0
        self.exposure_locked = False

    def expose(self, light: Floats, time_s: float) -> Image:
        """One exposure."""
        level = float(cv2.mean(light)[1])
        self._steer(level, time_s)
        gain = self._gain or MAX_GAIN
        scaled = np.clip(light * np.float32(gain * (_STEPS - 1)), 0, _STEPS - 1).astype(np.uint16)
        picture = np.take(_ENCODE.astype(np.float32), scaled)
        height, width = picture.shape[:2]
        top, left = self._random.integers(0, 1024 - height), self._random.integers(0, 1400 - width)
        strength = READ_NOISE * (0.5 + 0.5 * gain / MAX_GAIN * 4)
        picture += self._noise[top : top + height, left : left + width] * np.float32(min(strength, 6.0))
        return np.clip(picture, 0, 255).astype(np.uint8)

    def estimate_lux(self, light: Floats) -> float:
        """The scene's light as cameras estimate it: mean level over exposure, taking the scene for middle grey."""
        return float(cv2.mean(light)[1]) / TARGET_LEVEL

    def _steer(self, level: float, time_s: float) -> None:
        wanted = min(TARGET_LEVEL / max(level, 1e-6), MAX_GAIN)
        if self._gain is None:
            self._gain = wanted
        elif not self.exposure_locked:
            step = 1 - np.exp(-max(time_s - self._time_s, 0) / FOLLOW_S)
            self._gain += (wanted - self._gain) * float(step)
        self._time_s = time_s
