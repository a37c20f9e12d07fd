"""A person before the mock panel: hands at its button and sensor, eyes and ears for the rest."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import Literal

from gpiozero.pins.mock import MockPin

from drivers.panel.gpio_panel import GpioPanel
from kiosk.errors import PanelPinUnavailable

HELD_S = 0.06
"""A quick finger: the least between pressing, letting go, and pressing again."""


def _pin(panel: GpioPanel, name: Literal["call_staff", "presence", "buzzer"]) -> MockPin:
    pin = panel.pin(name)
    if not isinstance(pin, MockPin):
        raise PanelPinUnavailable(f"{name} is a real pin")
    return pin


def press_call_staff(panel: GpioPanel, bounces: int = 3) -> None:
    """Press the button and let go, with contacts that bounce. Raises: PanelPinUnavailable."""
    pin = _pin(panel, "call_staff")
    for _ in range(bounces):
        pin.drive_low()
        pin.drive_high()
    pin.drive_low()
    time.sleep(HELD_S)
    for _ in range(bounces):
        pin.drive_high()
        pin.drive_low()
    pin.drive_high()
    time.sleep(HELD_S)


def stand_before(panel: GpioPanel, there: bool) -> None:
    """Step up to the kiosk, or walk away. Raises: PanelPinUnavailable."""
    pin = _pin(panel, "presence")
    if there:
        pin.drive_high()
    else:
        pin.drive_low()


def somebody_there(panel: GpioPanel) -> bool:
    """Whether the presence sensor sees somebody. Raises: PanelPinUnavailable."""
    return bool(_pin(panel, "presence").state)


def tones(panel: GpioPanel) -> int:
    """How often the buzzer went on so far. Raises: PanelPinUnavailable."""
    levels = [state.state for state in _pin(panel, "buzzer").states]
    return sum(after == panel.active_high != before for before, after in pairwise(levels))
