"""The visitor's own mirrored picture in a frame, read from shared memory while it is on the glass."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from kivy.clock import Clock
from kivy.graphics.texture import Texture
from kivy.properties import ListProperty, NumericProperty, ObjectProperty, OptionProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.ports import Image
from kiosk.preview import PreviewReader
from screens.kit.theme import theme

POLL_S = 1 / 25
"""How often a new frame is looked for; none, no redraw."""

SHAPES = {"oval": 0.76, "card": 1.36}
"""Width over height of the frame by its shape."""


def cropped(image: Image, aspect: float) -> Image:
    """The middle of a frame in this shape, mirrored, bottom row first as a texture wants it."""
    height, width = image.shape[:2]
    keep_width = min(width, round(height * aspect))
    keep_height = min(height, round(width / aspect))
    top, left = (height - keep_height) // 2, (width - keep_width) // 2
    return image[top : top + keep_height, left : left + keep_width][::-1, ::-1]


class Preview(Widget):
    """Draws the newest frame in an oval or a card's shape, with a ring that fills as the check goes on."""

    shape = OptionProperty("oval", options=tuple(SHAPES))
    texture = ObjectProperty(None, allownone=True)
    progress = NumericProperty(0.0)
    arrow = OptionProperty("none", options=("left", "right", "none"))
    ground = StringProperty("paper")
    frame_pos, frame_size = ListProperty([0, 0]), ListProperty([1, 1])
    track, filled = ListProperty([]), ListProperty([])
    grows = NumericProperty(1)
    least = NumericProperty(0)
    most = NumericProperty(0)

    def __init__(self, **kwargs: Any) -> None:
        self._reader: PreviewReader | None = None
        self._poll = Clock.create_trigger(self._read, POLL_S, interval=True)
        super().__init__(**kwargs)
        for name in ("pos", "size", "shape", "arrow"):
            self.fbind(name, self._frame)
        self.fbind("progress", self._ring)

    def start(self, reader: PreviewReader | None) -> None:
        """Begin to look for frames."""
        self._reader = reader
        if reader is not None:
            self._poll()

    def stop(self) -> None:
        """Look no more, and drop the last frame."""
        self._poll.cancel()
        self._reader, self.texture = None, None

    def _read(self, _seconds: float) -> None:
        image = self._reader.read() if self._reader else None
        if image is None:
            return
        pixels = np.ascontiguousarray(cropped(image, SHAPES[self.shape]))
        height, width = pixels.shape[:2]
        if self.texture is None or self.texture.size != (width, height):
            self.texture = Texture.create(size=(width, height), colorfmt="rgb")
        self.texture.blit_buffer(pixels.reshape(-1), colorfmt="rgb", bufferfmt="ubyte")
        self.canvas.ask_update()

    def _frame(self, *_: object) -> None:
        line = theme.px(5)
        room_width, room_height = self.width - 2 * line, self.height - 2 * line
        if self.shape == "oval":  # an arrow may stand on either side
            room_width -= 2 * theme.px(30)
        height = max(1.0, min(room_height, room_width / SHAPES[self.shape]))
        width = height * SHAPES[self.shape]
        self.frame_size = (width, height)
        self.frame_pos = (self.center_x - width / 2, self.center_y - height / 2)
        self._ring()

    def _ring(self, *_: object) -> None:
        self.track = self._arc(1.0)
        self.filled = self._arc(self.progress)

    def _arc(self, share: float) -> list[float]:
        """Points of the ring around the oval, clockwise from the top."""
        if share <= 0 or self.shape != "oval":
            return []
        (x, y), (width, height) = self.frame_pos, self.frame_size
        radius_x, radius_y = width / 2 + theme.px(2.4), height / 2 + theme.px(2.4)
        steps = max(2, round(120 * share))
        points = []
        for step in range(steps + 1):
            angle = math.tau * share * step / steps
            points += [x + width / 2 + radius_x * math.sin(angle), y + height / 2 + radius_y * math.cos(angle)]
        return points
