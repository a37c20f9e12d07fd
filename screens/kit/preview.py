"""The visitor's own picture in a frame, read from shared memory while it is on the glass."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import PIL.Image
import PIL.ImageDraw
from kivy.clock import Clock
from kivy.graphics.texture import Texture
from kivy.properties import BooleanProperty, ListProperty, NumericProperty, ObjectProperty, OptionProperty
from kivy.uix.widget import Widget
from numpy.typing import NDArray

from kiosk.ports import Image
from kiosk.preview import PreviewReader
from screens.kit.theme import rgba, theme

POLL_S = 1 / 25
"""How often a new frame is looked for; none, no redraw."""

SHAPES = {"oval": 0.76, "card": 1.36}
"""Width over height of the frame by its shape."""


EMPTY_PX = 480


@cache
def mask(shape: str, width: int, height: int) -> NDArray[np.uint8]:
    """Opacity of a frame: round or with round corners, its edge smooth."""
    sheet = PIL.Image.new("L", (width * 4, height * 4), 0)
    draw = PIL.ImageDraw.Draw(sheet)
    area = (0, 0, width * 4 - 1, height * 4 - 1)
    if shape == "oval":
        draw.ellipse(area, fill=255)
    else:
        draw.rounded_rectangle(area, height * 0.16, fill=255)
    return np.asarray(sheet.resize((width, height), PIL.Image.Resampling.BOX))


def cropped(image: Image, aspect: float) -> Image:
    """The middle of a frame, mirrored already by the vision process, bottom row first as a texture wants it."""
    height, width = image.shape[:2]
    keep_width = min(width, round(height * aspect))
    keep_height = min(height, round(width / aspect))
    top, left = (height - keep_height) // 2, (width - keep_width) // 2
    return image[top : top + keep_height, left : left + keep_width][::-1]


class Preview(Widget):
    """Draws the newest frame in an oval or a card's shape, with a ring that fills as the check goes on."""

    shape = OptionProperty("oval", options=tuple(SHAPES))
    texture = ObjectProperty(None, allownone=True)
    empty = BooleanProperty(True)
    progress = NumericProperty(0.0)
    arrow = OptionProperty("none", options=("left", "right", "none"))
    frame_pos, frame_size = ListProperty([0, 0]), ListProperty([1, 1])
    track, filled = ListProperty([]), ListProperty([])
    grows = NumericProperty(1)
    least = NumericProperty(0)
    most = NumericProperty(0)

    def __init__(self, **kwargs: Any) -> None:
        self._reader: PreviewReader | None = None
        self._empty_shape = ""
        self._poll = Clock.create_trigger(self._read, POLL_S, interval=True)
        super().__init__(**kwargs)
        for name in ("pos", "size", "shape"):
            self.fbind(name, self._frame)
        self.fbind("shape", self._clear)
        self.fbind("progress", self._ring)

    def start(self, reader: PreviewReader | None) -> None:
        """Begin to look for frames."""
        self._reader = reader
        self._clear()
        if reader is not None:
            self._poll()

    def stop(self) -> None:
        """Look no more, and drop the last frame."""
        self._poll.cancel()
        self._reader = None
        self._clear()

    def _read(self, _seconds: float) -> None:
        image = self._reader.read() if self._reader else None
        if image is None:
            return
        self._draw(cropped(image, SHAPES[self.shape]))
        self.empty = False

    def _clear(self, *_: object) -> None:
        """An even ground until the camera's picture comes."""
        if self.empty and self._empty_shape == self.shape:
            return
        self._empty_shape = self.shape
        plain = np.empty((EMPTY_PX, round(EMPTY_PX * SHAPES[self.shape]), 3), np.uint8)
        plain[:] = [round(255 * channel) for channel in rgba("primary_soft")[:3]]
        self._draw(plain)
        self.empty = True

    def _draw(self, pixels: Image) -> None:
        # The mask, not an Ellipse with a texture: Kivy's round shapes turn their texture around.
        height, width = pixels.shape[:2]
        opaque = np.dstack((pixels, mask(self.shape, width, height)))
        if self.texture is None or self.texture.size != (width, height):
            self.texture = Texture.create(size=(width, height), colorfmt="rgba")
        self.texture.blit_buffer(np.ascontiguousarray(opaque).reshape(-1), colorfmt="rgba", bufferfmt="ubyte")
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
