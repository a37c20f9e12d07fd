"""The kiosk's glass as a scripted visitor has it: looked at, touched, pictured."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import Any

from kiosk import messages as m
from kiosk.errors import CallError, KioskError, NothingToTouch
from provisioning.rig.rig import Rig
from screens import pilot_service as p

IN_A_ROW_S = 1.5
"""Taps further apart, as a busy machine makes them, are no longer haste."""


class PilotedGlass:
    """The kiosk's screen as the visitor has it, with a picture of every screen kept where wanted."""

    def __init__(self, rig: Rig, pictures: Path | None = None) -> None:
        self._rig, self._pictures, self._count = rig, pictures, 0

    def view(self) -> dict[str, Any]:
        """What it shows."""
        self._rig.kiosk.watch_once()
        try:
            return self._rig.view()
        except KioskError:  # the screen's process is starting again
            return {"step": "", "kind": "dark"}

    def tap(self, touchable: str) -> None:
        """Touch something; a glass that went dark or on under the finger takes no notice."""
        with contextlib.suppress(CallError, NothingToTouch):
            self._rig.pilot.tap(p.Tap(id=touchable))

    def tap_in_haste(self, touchable: str, times: int) -> None:
        """Touch something, and go on touching that place whatever is there by then."""
        with contextlib.suppress(CallError, NothingToTouch):
            place = self._place(touchable)
            until_s = time.monotonic() + IN_A_ROW_S
            self._rig.pilot.tap(p.Tap(id=touchable))
            for _ in range(times - 1):
                if time.monotonic() < until_s:
                    self._rig.pilot.touch(place)

    def _place(self, touchable: str) -> p.Touch:
        """The middle of something that can be touched. Raises: NothingToTouch."""
        glass = self._rig.pilot.touchables(m.Nothing())
        for box in glass.boxes:
            if box.id == touchable:
                x, y = box.x + box.width / 2, box.y + box.height / 2
                return p.Touch(x=x / glass.width, y=1 - y / glass.height)
        raise NothingToTouch(touchable)

    def picture(self, view: dict[str, Any]) -> None:
        """Keep a picture; a screen that has gone by meanwhile leaves none."""
        if self._pictures is None or view["kind"] == "dark":
            return
        prompt = (view.get("prompt") or {}).get("key", "").rpartition(".")[2]
        name = f"{self._count + 1:02d}-{view['step']}{'-' + prompt if prompt else ''}.png"
        path = self._pictures / name
        self._rig.pilot.screenshot(p.Screenshot(path=str(path)))
        if self._rig.view()["step"] == view["step"]:
            self._count += 1
        else:
            path.unlink()
