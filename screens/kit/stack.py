"""A layout of words: stacks its children, and shrinks all their type together until everything fits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kivy.properties import (
    BooleanProperty,
    NumericProperty,
    OptionProperty,
    VariableListProperty,
)
from kivy.uix.layout import Layout
from kivy.uix.widget import Widget

from screens.kit.theme import SCALES

GRAVITY = {"top": 0.0, "middle": 0.5, "bottom": 1.0}
"""Which share of the room nobody wants goes above the children."""


SQUEEZE = 0.5
"""What is left of the space between things where even the smallest type needs it."""

WORDS_BEFORE_PICTURES = 0.82
"""A picture that is `optional` is left out where the type would have to shrink below this."""


def natural_height(child: Widget, width: float, scale: float) -> float:
    """How high a child wants to be at this width: its words' height, its fixed height, or its least height."""
    if hasattr(child, "natural_height"):
        return float(child.natural_height(width, scale))
    return float(child.height if child.size_hint_y is None else getattr(child, "least", 0))


def stretches(child: Widget) -> bool:
    """Whether a child takes what height is left over."""
    return bool(getattr(child, "grows", 0)) and not absent(child)


def most(child: Widget) -> float:
    """The greatest height a child that stretches shall take."""
    return float(getattr(child, "most", 0) or float("inf"))


def absent(child: Widget) -> bool:
    """Whether a child has nothing to show and takes no place."""
    return bool(getattr(child, "absent", False))


def stretched(children: Sequence[Widget], heights: Sequence[float], room: float) -> list[float]:
    """The heights after those children that stretch have shared what is left of `room`, up to their `most`."""
    slack = max(0.0, room - sum(heights))
    weights = sum(child.grows for child in children if stretches(child))
    return [
        min(height + slack * child.grows / weights, max(height, most(child))) if stretches(child) else height
        for child, height in zip(children, heights, strict=True)
    ]


class Spacer(Widget):
    """Takes the height left over and shows nothing."""

    grows = NumericProperty(1)


class Stack(Layout):
    """Children below or beside each other.

    A child that `grows` takes the height left over (by weight); any other is as high as its words.
    Beside each other, a child with a `size_hint_x` takes the width left over. The outermost Stack of a screen
    `searches` for the largest scale of type at which everything fits; those inside take it from their parent.
    """

    orientation = OptionProperty("vertical", options=("vertical", "horizontal"))
    spacing = NumericProperty(0)
    padding = VariableListProperty([0, 0, 0, 0])
    searches = BooleanProperty(False)
    scale = NumericProperty(1.0)
    gravity = OptionProperty("top", options=tuple(GRAVITY))
    cross = OptionProperty("fill", options=("fill", "middle"))
    grows = NumericProperty(0)
    least = NumericProperty(0)
    most = NumericProperty(0)

    def __init__(self, **kwargs: Any) -> None:
        self.squeeze = 1.0
        self._trying = False
        super().__init__(**kwargs)
        watched = ("pos", "size", "children", "orientation", "spacing", "padding", "scale", "gravity", "least")
        for name in watched:
            self.fbind(name, self.ask_layout)

    def ask_layout(self, *_: object) -> None:
        """Lay out before the next frame, and every Stack this one is in: its words may need another height.

        What arranges itself otherwise while scales are tried on it asks for nothing: the search would never end.
        """
        if self._trying:
            return
        self._trigger_layout()
        if isinstance(self.parent, Stack):
            self.parent.ask_layout()

    def shown(self) -> Sequence[Widget]:
        """The children that take a place, first to last."""
        return [child for child in reversed(self.children) if not absent(child)]

    @property
    def absent(self) -> bool:
        """A stack without anything to show takes no place either."""
        return not self.shown()

    def natural_height(self, width: float, scale: float) -> float:
        """The height at which everything inside is as high as its words."""
        inner = width - self.padding[0] - self.padding[2]
        shown = self.shown()
        if self.orientation == "horizontal":
            widths = self._widths(shown, inner)
            heights = [natural_height(child, w, scale) for child, w in zip(shown, widths, strict=True)]
            tall = max(heights, default=0.0)
        else:
            tall = sum(natural_height(child, inner, scale) for child in shown)
            tall += self.squeeze * self.spacing * max(0, len(shown) - 1)
        return max(self.least, tall + self.squeeze * (self.padding[1] + self.padding[3]))

    def _widths(self, shown: Sequence[Widget], inner: float) -> list[float]:
        fixed = sum(child.width for child in shown if child.size_hint_x is None)
        left = inner - fixed - self.spacing * max(0, len(shown) - 1)
        weights = sum(child.size_hint_x for child in shown if child.size_hint_x is not None) or 1
        return [child.width if child.size_hint_x is None else left * child.size_hint_x / weights for child in shown]

    def best_scale(self) -> float:
        """The largest scale at which everything fits; pictures that only adorn go before words get small."""
        for dropped, squeeze in ((False, 1.0), (True, 1.0), (True, SQUEEZE)):
            for child in self.walk(restrict=True):
                if isinstance(child, Stack):
                    child.squeeze = squeeze
                elif getattr(child, "optional", False):
                    child.dropped = dropped
            scale = next((scale for scale in SCALES if self._fits(scale)), None)
            if scale is not None and (scale >= WORDS_BEFORE_PICTURES or dropped):
                return scale
        return SCALES[-1]

    def _fits(self, scale: float) -> bool:
        return self.natural_height(self.width, scale) <= self.height

    def do_layout(self, *_: object) -> None:
        """Place the children."""
        if self.width <= 1 or self.height <= 1:
            return
        if self.searches:
            self._trying = True
            scale = self.best_scale()
            self._trying = False
            self.scale = scale
        shown = self.shown()
        for child in self.children:
            child.opacity = 0 if absent(child) else 1
            if hasattr(child, "scale"):
                child.scale = self.scale
        (self._lay_row if self.orientation == "horizontal" else self._lay_column)(shown)

    def _lay_column(self, shown: Sequence[Widget]) -> None:
        inner = self.width - self.padding[0] - self.padding[2]
        above, below, gap = (self.squeeze * space for space in (self.padding[1], self.padding[3], self.spacing))
        room = self.height - above - below - gap * max(0, len(shown) - 1)
        heights = stretched(shown, [natural_height(child, inner, self.scale) for child in shown], room)
        top = self.top - above - max(0.0, room - sum(heights)) * GRAVITY[self.gravity]
        for child, height in zip(shown, heights, strict=True):
            width = inner if child.size_hint_x is not None else child.width
            place(child, self.x + self.padding[0] + (inner - width) / 2, top - height, width, height)
            top -= height + gap

    def _lay_row(self, shown: Sequence[Widget]) -> None:
        inner = self.width - self.padding[0] - self.padding[2]
        above, below = self.squeeze * self.padding[1], self.squeeze * self.padding[3]
        tall = self.height - above - below
        left = self.x + self.padding[0]
        for child, width in zip(shown, self._widths(shown, inner), strict=True):
            height = tall
            if child.size_hint_y is None:
                height = child.height
            elif self.cross == "middle":
                height = min(tall, natural_height(child, width, self.scale))
            place(child, left, self.y + below + (tall - height) / 2, width, height)
            left += width + self.spacing


def place(child: Widget, x: float, y: float, width: float, height: float) -> None:
    """Put a child on whole pixels, so that its words stay sharp."""
    child.size = (round(width), round(height))
    child.pos = (round(x), round(y))
