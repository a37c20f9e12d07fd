"""Opens the GPIO controller named in the settings."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any, Literal

from kiosk.errors import PanelUnavailable


def open_pin_factory(driver: Literal["lgpio", "mock"], runtime_dir: Path) -> Any:
    """A gpiozero pin factory of our own, so that nothing depends on gpiozero's environment or fallbacks.

    Raises: PanelUnavailable if the controller cannot be opened.
    """
    if driver == "mock":
        from gpiozero.pins.mock import MockFactory

        return MockFactory()
    return _open_lgpio(runtime_dir)


def _open_lgpio(runtime_dir: Path) -> Any:
    """lgpio makes a FIFO in LG_WD as it is imported, and moves the whole process there; we move back."""
    os.environ["LG_WD"] = str(runtime_dir)
    try:
        with contextlib.chdir(runtime_dir):
            from gpiozero.exc import GPIOZeroError
            from gpiozero.pins import lgpio as pins
    except OSError as error:
        raise PanelUnavailable(f"{runtime_dir}: {error.strerror}") from error
    try:
        return pins.LGPIOFactory()
    except (GPIOZeroError, pins.lgpio.error, OSError) as error:
        raise PanelUnavailable(f"lgpio: {type(error).__name__}") from error
