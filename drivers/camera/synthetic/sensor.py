"""The simulated sensor: auto exposure that can be held, a gain that runs out, noise, sRGB."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.ports import Image

Floats = NDArray[np.float32]

TARGET_LEVEL = 0.18
"""Mean linear level that auto exposure steers to, as cameras do: middle grey."""
FOLLOW_S = 0.4
MAX_GAIN = 0.045
"""Gain 1 maps 1 lux off a white diffuser to full scale; this sensor cannot more, so at 5 lux it sees little."""
NOISE = 1.1
"""Standard deviation in 8-bit steps at low gain; twice that at full gain."""
_STEPS = 4096
_ENCODE = np.linspace(0, 1, _STEPS, dtype=np.float32)
_ENCODE = np.where(_ENCODE <= 0.0031308, 12.92 * _ENCODE, 1.055 * _ENCODE ** (1 / 2.4) - 0.055).astype(np.float32)
_ENCODE *= 255
DECODE = np.arange(256, dtype=np.float32) / 255
DECODE = np.where(DECODE <= 0.04045, DECODE / 12.92, ((DECODE + 0.055) / 1.055) ** 2.4).astype(np.float32)
"""sRGB (IEC 61966-2-1) to linear light."""


class Sensor:
    """Turns light (linear RGB, in lux of a white diffuser) into a picture."""

    def __init__(self, width_px: int, height_px: int, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._noise = self._random.standard_normal((height_px + 200, width_px + 64, 3), np.float32)
        self._gain: float | None = None
        self._time_s = 0.0
        self.exposure_locked = False

    def expose(self, light: Floats, time_s: float) -> Image:
        """One exposure."""
        level = float(cv2.mean(light)[1])
        self._steer(level, time_s)
        gain = self._gain or MAX_GAIN
        scaled = np.minimum(light * np.float32(gain * (_STEPS - 1)), _STEPS - 1).astype(np.int32)
        height, width = light.shape[:2]
        top, left = self._random.integers(0, self._noise.shape[0] - height), self._random.integers(0, 64)
        noise = self._noise[top : top + height, left : left + width]
        picture: Image = cv2.addWeighted(
            np.take(_ENCODE, scaled), 1.0, noise, NOISE * (1 + gain / MAX_GAIN), 0.0, dtype=cv2.CV_8U
        )
        return picture

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
