"""The warning before a visit is wiped: seconds left, and one big button; any touch counts."""

from __future__ import annotations

from typing import Any

from kivy.input.motionevent import MotionEvent
from kivy.properties import NumericProperty, ObjectProperty
from kivy.uix.widget import Widget

from screens.kit.stack import place
from screens.kit.theme import theme
from screens.kit.words import kit


class IdleOverlay(Widget):
    """Lies over the whole glass; a touch tells that somebody is there and presses nothing beneath."""

    seconds = NumericProperty(None, allownone=True)
    message = ObjectProperty(None, allownone=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in ("pos", "size", "seconds"):
            self.fbind(name, self._arrange)

    def _arrange(self, *_: object) -> None:
        if self.seconds is None or self.width <= 1:
            return
        self.message = kit("idle.message", seconds=str(self.seconds))
        card = self.ids.card
        width = min(self.width - 2 * theme.margin, theme.px(160))
        height = min(self.height - 2 * theme.margin, theme.px(190) if theme.portrait else self.height)
        place(card, self.center_x - width / 2, self.center_y - height / 2, width, height)

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Swallow every touch, after the button had its look."""
        super().on_touch_down(touch)
        return True
