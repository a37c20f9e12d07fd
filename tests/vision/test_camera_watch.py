"""A camera that is there and shows nothing is the kiosk's fault, and named as such."""

from __future__ import annotations

import numpy as np
import pytest

from kiosk.errors import CameraDark, CameraFrozen
from kiosk.ports import Frame
from kiosk.vision.camera_watch import DARK_S, FROZEN_FRAMES, DarkWatch, FrozenWatch

RATE = 15.0
BLACK = np.zeros((480, 640, 3), np.uint8)


def picture(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(90, 110, (480, 640, 3), np.uint8)


def test_repeated_frames_are_noticed_even_while_time_goes_on() -> None:
    watch = FrozenWatch()
    for step in range(FROZEN_FRAMES):
        watch.see(Frame(picture(1), step / RATE))
    with pytest.raises(CameraFrozen):
        watch.see(Frame(picture(1), FROZEN_FRAMES / RATE))


def test_a_clock_that_stands_still_is_noticed_even_while_frames_change() -> None:
    watch = FrozenWatch()
    for step in range(FROZEN_FRAMES):
        watch.see(Frame(picture(step), 5.0))
    with pytest.raises(CameraFrozen):
        watch.see(Frame(picture(FROZEN_FRAMES), 5.0))


def test_a_clock_that_goes_back_is_noticed() -> None:
    watch = FrozenWatch()
    watch.see(Frame(picture(0), 100.0))
    for step in range(1, FROZEN_FRAMES):
        watch.see(Frame(picture(step), step / RATE))
    with pytest.raises(CameraFrozen):
        watch.see(Frame(picture(FROZEN_FRAMES), FROZEN_FRAMES / RATE))


def test_lively_frames_are_let_through() -> None:
    watch = FrozenWatch()
    assert not watch.is_lively
    for step in range(30):
        watch.see(Frame(picture(step), step / RATE))
    assert watch.is_lively


def test_black_frames_are_alike_without_being_frozen() -> None:
    watch = FrozenWatch()
    for step in range(30):
        watch.see(Frame(BLACK, step / RATE))


def test_a_covered_lens_is_named_after_a_while_and_a_hand_on_it_is_forgiven() -> None:
    watch, steps = DarkWatch(), round(DARK_S * RATE)
    for step in range(steps):
        watch.see(Frame(BLACK, step / RATE))
    watch.see(Frame(picture(1), steps / RATE))
    for step in range(steps + 1, 2 * steps + 1):
        watch.see(Frame(BLACK, step / RATE))
    with pytest.raises(CameraDark):
        watch.see(Frame(BLACK, (2 * steps + 2) / RATE))
