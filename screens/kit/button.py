"""Buttons: large, at once seen as pressed, and one event a view however often they are touched."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from kivy.input.motionevent import MotionEvent
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, OptionProperty, StringProperty

from screens.kit.panel import Panel
from screens.kit.theme import theme

SLOP_MM = 10.0
"""A finger may slide this far off a button before it is let go and still counts."""

BOUNCE_S = 0.08
"""A key takes no second press within this time: a panel's bounce, or one finger told of twice."""

STYLES: dict[str, tuple[str, str, str, float]] = {
    # ground, edge, words, edge in mm
    "primary": ("primary", "primary", "card", 0.3),
    "secondary": ("card", "primary", "primary", 0.7),
    "quiet": ("paper", "line", "ink", 0.4),
    "key": ("card", "line", "ink", 0.4),
    "alert": ("attention", "attention", "ink", 0.3),
}

PRESSED = ("primary_pressed", "primary_pressed", "card", 0.3)


class Pressable(Panel):
    """Something to touch; `on_tap`: a finger went down and came up here, `on_press`: it went down."""

    touch_id = StringProperty("")
    look = OptionProperty("primary", options=tuple(STYLES))
    ink = StringProperty("card")
    pressed = BooleanProperty(False)
    accepts: Callable[[], bool] | None = None

    __events__ = ("on_tap", "on_press")

    def __init__(self, **kwargs: Any) -> None:
        self._touch: MotionEvent | None = None
        self._pressed_s = 0.0
        super().__init__(**kwargs)
        for name in ("look", "pressed"):
            self.fbind(name, self._restyle)
        self._restyle()

    def _restyle(self, *_: object) -> None:
        self.fill, self.edge, self.ink, edge_mm = PRESSED if self.pressed else STYLES[self.look]
        self.edge_width = max(1, theme.px(edge_mm))

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Take the first finger; a second one on the same button is swallowed."""
        if self.opacity == 0 or not self.collide_point(*touch.pos):
            return False
        touch.ud["button"] = self.touch_id
        if self._touch is not None or time.monotonic() - self._pressed_s < BOUNCE_S:
            return True
        if self.accepts is not None and not self.accepts():
            return True
        touch.grab(self)
        self._touch, self._pressed_s, self.pressed = touch, time.monotonic(), True
        self.dispatch("on_press")
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        """Let go; it counts if the finger is still near."""
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        self._touch, self.pressed = None, False
        if self.get_root_window() is None:  # the view went on while the finger was down
            return True
        slop = theme.px(SLOP_MM)
        if -slop <= touch.x - self.x <= self.width + slop and -slop <= touch.y - self.y <= self.height + slop:
            self.dispatch("on_tap")
        return True

    def on_tap(self) -> None:
        """A finger went down and came up here."""

    def on_press(self) -> None:
        """A finger went down here."""


class TouchButton(Pressable):
    """A button with words and, if it has one, a sign."""

    words = ObjectProperty(None, allownone=True)
    icon = StringProperty("", allownone=True)
    icon_size = NumericProperty(0)
    role = StringProperty("label")
    halign = StringProperty("center")

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("icon_size", theme.px(9))
        super().__init__(**kwargs)


class ChromeButton(TouchButton):
    """A button in a fixed place of every screen: the sign above the word."""
