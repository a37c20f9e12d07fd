"""The pilot for another process, the rig's: kiosk.rpc messages over a Unix socket of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

from pydantic import Field

from kiosk.errors import NothingToTouch
from kiosk.flows.views import snapshot
from kiosk.messages import Message, Nothing
from screens.app import KioskScreens
from screens.pilot import Pilot


class CurrentView(Message):
    """The view on the glass as JSON, empty for none; `number` counts the views drawn so far."""

    view: str = Field(repr=False)
    number: int
    language: str


class Tap(Message):
    """Touch something by its id."""

    id: str
    timeout_s: float = Field(default=3.0, gt=0, le=10)


class TypeDigits(Message):
    """Type on the number pad."""

    digits: str = Field(pattern=r"^\d{1,12}$", repr=False)


class Screenshot(Message):
    """Write what is on the glass to this PNG file."""

    path: str


class TouchableBox(Message):
    """Where something that can be touched is, in millimetres from the lower left."""

    id: str
    x: float
    y: float
    width: float
    height: float


class Touchables(Message):
    """Everything that can be touched now."""

    boxes: tuple[TouchableBox, ...]


class PilotService(Protocol):
    """What the rig's process asks of the glass."""

    def current_view(self, message: Nothing) -> CurrentView: ...  # noqa: D102
    def touchables(self, message: Nothing) -> Touchables: ...  # noqa: D102
    def tap(self, message: Tap) -> Nothing: ...  # noqa: D102
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
        )

    def touchables(self, message: Nothing) -> Touchables:
        """What can be touched."""
        boxes = self._pilot.touchables()
        return Touchables(
            boxes=tuple(TouchableBox(id=b.id, x=b.x, y=b.y, width=b.width, height=b.height) for b in boxes)
        )

    def tap(self, message: Tap) -> Nothing:
        """Touch. Raises: NothingToTouch."""
        try:
            self._pilot.tap(message.id, message.timeout_s)
        except LookupError as error:
            raise NothingToTouch(message.id) from error
        return Nothing()

    def type_digits(self, message: TypeDigits) -> Nothing:
        """Type. Raises: NothingToTouch."""
        for digit in message.digits:
            self.tap(Tap(id=f"digit.{digit}"))
        return Nothing()

    def screenshot(self, message: Screenshot) -> Nothing:
        """Draw to a file."""
        self._pilot.screenshot(Path(message.path))
        return Nothing()
