"""Kivy's own environment and configuration, set in one place before anything imports the toolkit's window."""

from __future__ import annotations

import os
import sys

from kiosk.settings import ScreenSettings


def prepare(settings: ScreenSettings) -> None:
    """Make Kivy quiet, deterministic and sized for this glass. Raises: RuntimeError if its window exists."""
    if "kivy.core.window" in sys.modules:
        raise RuntimeError("Kivy allows one window a process, and it is there already")
    os.environ.update(
        KIVY_NO_ARGS="1",
        KIVY_NO_CONFIG="1",
        KIVY_NO_FILELOG="1",
        # Records go to Python's logging: Kivy's own mode rewires sys.stderr, KIVY_NO_CONSOLELOG loses tracebacks.
        KIVY_LOG_MODE="PYTHON",
        # All sizes come from millimetres (see kit.theme), so Kivy's own density must not scale anything.
        KIVY_METRICS_DENSITY="1",
        KIVY_DPI="96",
    )
    if settings.offscreen:
        os.environ["SDL_VIDEODRIVER"] = "offscreen"
    from kivy.config import Config  # after the environment, never at the head of a module

    graphics = {
        "width": settings.width_px,
        "height": settings.height_px,
        # Edges are smoothed by the kit; the default of 2 costs three to five times as much without a GPU.
        "multisamples": 0,
        # 0 hangs without a display.
        "maxfps": 60,
        "resizable": 0,
        "borderless": 0 if settings.offscreen else 1,
        "show_cursor": int(settings.show_cursor),
    }
    for option, value in graphics.items():
        Config.set("graphics", option, str(value))
    # Touches arrive through SDL; mtdev beside it would press everything twice (kivy#1903, #8494).
    for name, _ in Config.items("input"):
        Config.remove_option("input", name)
    Config.set("input", "mouse", "mouse,disable_multitouch")
    Config.set("kivy", "exit_on_escape", "0")
