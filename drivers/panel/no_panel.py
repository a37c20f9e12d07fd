"""The panel of a kiosk that has none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from kiosk.ports import Lamp, Sound


class NoPanel:
    """`kiosk.ports.Panel` without lamps, sounds or sensors; it never tells of anything."""

    def show(self, lamp: Lamp) -> None:
        """Nothing to light."""

    def light_reader(self, on: bool) -> None:
        """Nothing to light."""

    def play(self, sound: Sound) -> None:
        """Nothing to sound."""

    def watch(self, notify: Callable[[Literal["presence", "absence", "call_staff"]], None]) -> None:
        """Nothing to tell of."""

    def close(self) -> None:
        """Nothing to release."""
