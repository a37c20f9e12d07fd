"""The pilot for another process, the rig's: kiosk.rpc messages over a Unix socket of its own."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from pydantic import Field

from kiosk.errors import NothingToTouch
from kiosk.flows.views import snapshot
from kiosk.messages import Message, Nothing
from screens.app import KioskScreens
from screens.pilot import Pilot


class CurrentView(Message):
    """The view on the glass as JSON, empty for none; `number` and `frames` count views and frames drawn so far."""

    view: str = Field(repr=False)
    number: int
    language: str
    frames: int = 0


class Tap(Message):
    """Touch something by its id."""

    id: str
    timeout_s: float = Field(default=3.0, gt=0, le=10)


class Touch(Message):
    """Touch a place, in shares of the glass from its upper left."""

    x: float = Field(ge=0, le=1)
    y: float = Field(ge=0, le=1)


class TypeDigits(Message):
    """Type on the number pad."""

    digits: str = Field(pattern=r"^\d{1,12}$", repr=False)


class Screenshot(Message):
    """Write what is on the glass to this PNG file, by a whole factor smaller if it is above `most_pixels`."""

    path: str
    most_pixels: int | None = Field(default=None, gt=0)


class TouchableBox(Message):
    """Where something that can be touched is, in millimetres from the lower left, and what is written on it."""

    id: str
    x: float
    y: float
    width: float
    height: float
    text: str = Field(default="", repr=False)


class Touchables(Message):
    """Everything that can be touched now, on a glass of so many millimetres."""

    boxes: tuple[TouchableBox, ...]
    width: float
    height: float


class PilotService(Protocol):
    """What the rig's process asks of the glass."""

    def current_view(self, message: Nothing) -> CurrentView: ...  # noqa: D102
    def touchables(self, message: Nothing) -> Touchables: ...  # noqa: D102
    def tap(self, message: Tap) -> Nothing: ...  # noqa: D102
    def touch(self, message: Touch) -> Nothing: ...  # noqa: D102
    def type_digits(self, message: TypeDigits) -> Nothing: ...  # noqa: D102
    def screenshot(self, message: Screenshot) -> Nothing: ...  # noqa: D102


class ScreenPilot:
    """Serves PilotService; only the rig's profile does, with kiosk.rpc.Server."""

    def __init__(self, screens: KioskScreens) -> None:
        self._screens, self._pilot = screens, Pilot(screens)

    def current_view(self, message: Nothing) -> CurrentView:
        """What is on the glass."""
        view = self._pilot.view()
        return CurrentView(
            view=json.dumps(snapshot(view) if view else {}, ensure_ascii=False),
            number=self._screens.drawn_count,
            language=self._screens.language,
            frames=self._screens.frame_count,
        )

    def touchables(self, message: Nothing) -> Touchables:
        """What can be touched."""
        boxes = tuple(TouchableBox(**asdict(box)) for box in self._pilot.touchables())
        width, height = self._pilot.size_mm()
        return Touchables(boxes=boxes, width=width, height=height)

    def tap(self, message: Tap) -> Nothing:
        """Touch. Raises: NothingToTouch."""
        try:
            self._pilot.tap(message.id, message.timeout_s)
        except LookupError as error:
            raise NothingToTouch(message.id) from error
        return Nothing()

    def touch(self, message: Touch) -> Nothing:
        """Touch, whatever is there."""
        width, height = self._pilot.size_px()
        self._pilot.touch(message.x * (width - 1), (1 - message.y) * (height - 1))
        return Nothing()

    def type_digits(self, message: TypeDigits) -> Nothing:
        """Type. Raises: NothingToTouch."""
        for digit in message.digits:
            self.tap(Tap(id=f"digit.{digit}"))
        return Nothing()

    def screenshot(self, message: Screenshot) -> Nothing:
        """Draw to a file."""
        self._pilot.screenshot(Path(message.path), message.most_pixels)
        return Nothing()
