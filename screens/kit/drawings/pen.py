"""A pen on a sheet 100 units high: draws four times too large, then smooths down."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from screens.kit.theme import COLOURS

OVERSAMPLING = 4

Point = tuple[float, float]


class Pen:
    """Coordinates run right and down, from 0 to 100 in height and 0 to 100 × aspect in width."""

    def __init__(self, width_px: int, height_px: int, font_file: Path) -> None:
        self._size = (width_px, height_px)
        self._unit = height_px * OVERSAMPLING / 100
        self._font_file = font_file
        self._sheet = Image.new("RGBA", (width_px * OVERSAMPLING, height_px * OVERSAMPLING), (0, 0, 0, 0))
        self._draw = ImageDraw.Draw(self._sheet)

    @property
    def width(self) -> float:
        """The sheet's width in units."""
        return 100 * self._size[0] / self._size[1]

    def finish(self) -> Image.Image:
        """The smoothed picture."""
        return self._sheet.reduce(OVERSAMPLING)

    def _scaled(self, points: Sequence[Point]) -> list[Point]:
        return [(x * self._unit, y * self._unit) for x, y in points]

    def polygon(self, points: Sequence[Point], colour: str) -> None:
        """A filled shape."""
        self._draw.polygon(self._scaled(points), fill=COLOURS[colour])

    def circle(self, centre: Point, radius: float, colour: str) -> None:
        """A disc."""
        self.ellipse(centre, radius, radius, colour)

    def ellipse(self, centre: Point, radius_x: float, radius_y: float, colour: str) -> None:
        """A filled ellipse."""
        (x, y), u = centre, self._unit
        box = ((x - radius_x) * u, (y - radius_y) * u, (x + radius_x) * u, (y + radius_y) * u)
        self._draw.ellipse(box, fill=COLOURS[colour])

    def box(self, x: float, y: float, width: float, height: float, radius: float, colour: str) -> None:
        """A filled rectangle with round corners."""
        u = self._unit
        area = (x * u, y * u, (x + width) * u, (y + height) * u)
        self._draw.rounded_rectangle(area, radius * u, fill=COLOURS[colour])

    def frame(
        self, x: float, y: float, width: float, height: float, radius: float, line: float, edge: str, fill: str
    ) -> None:
        """A rectangle with round corners and an edge inside it."""
        self.box(x, y, width, height, radius, edge)
        self.box(x + line, y + line, width - 2 * line, height - 2 * line, max(0.0, radius - line), fill)

    def stroke(self, points: Sequence[Point], width: float, colour: str) -> None:
        """A line with round ends and joints."""
        scaled = self._scaled(points)
        self._draw.line(scaled, fill=COLOURS[colour], width=round(width * self._unit), joint="curve")
        for x, y in points:
            self.circle((x, y), width / 2, colour)

    def arc(self, centre: Point, radius: float, start: float, end: float, width: float, colour: str) -> None:
        """Part of a ring with round ends; degrees clockwise from three o'clock."""
        steps = max(8, int(abs(end - start) / 4))
        angles = [math.radians(start + (end - start) * i / steps) for i in range(steps + 1)]
        points = [(centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a)) for a in angles]
        self.stroke(points, width, colour)

    def text(self, centre: Point, size: float, text: str, colour: str) -> None:
        """A word in the kit's bold type; `size` is the height of its capitals."""
        font = ImageFont.truetype(str(self._font_file), size * self._unit * 2816 / 2048)
        x, y = centre[0] * self._unit, (centre[1] + size / 2) * self._unit
        self._draw.text((x, y), text, font=font, fill=COLOURS[colour], anchor="ms")

    def text_width(self, size: float, text: str) -> float:
        """How wide a word would be."""
        font = ImageFont.truetype(str(self._font_file), size * self._unit * 2816 / 2048)
        return float(font.getlength(text)) / self._unit
