"""Text that wraps and is never cut, in the live language."""

from __future__ import annotations

from typing import Any

from kivy.core.text import Label as CoreLabel
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, OptionProperty, StringProperty
from kivy.uix.label import Label

from screens.kit import fonts
from screens.kit.stack import Stack
from screens.kit.theme import CAP_MM, rgba, theme
from screens.kit.words import translation

class TextLabel(Label):
    """Shows `words`; `role` says how large, `ink` in which colour, `ground` on which colour it stands."""

    words = ObjectProperty(None, allownone=True)
    role = OptionProperty("body", options=tuple(CAP_MM))
    scale = NumericProperty(1.0)
    ink = StringProperty("ink")
    ground = StringProperty("paper")
    keeps_place = BooleanProperty(False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(font_name=fonts.NAME, halign="left", valign="middle", **kwargs)
        for name in ("words", "role", "ink"):
            self.fbind(name, self._restyle)
        for name in ("scale", "width"):
            self.fbind(name, self._refit)
        self.fbind("text", self._ask_layout)
        translation.bind(language=self._restyle)
        self._restyle()

    @property
    def absent(self) -> bool:
        """Nothing to say takes no place."""
        return not self.text and not self.keeps_place

    def _restyle(self, *_: object) -> None:
        if self.words is not None:
            self.text = translation.of(self.words)
        elif self.words is None and getattr(self, "_had_words", False):
            self.text = ""
        self._had_words = self.words is not None
        self.color = rgba(self.ink)
        self._refit()

    def _refit(self, *_: object) -> None:
        self.font_size = theme.font_px(self.role, self.scale)
        self.text_size = (self.width, None)

    def _ask_layout(self, *_: object) -> None:
        if isinstance(self.parent, Stack):
            self.parent.ask_layout()

    def _measured(self, text: str, width: float | None, scale: float) -> tuple[float, float]:
        label = CoreLabel(
            text=text,
            font_name=self.font_name,
            bold=self.bold,
            font_size=theme.font_px(self.role, scale),
            text_size=(width, None),
            line_height=self.line_height,
        )
        label.resolve_font_name()
        size: tuple[float, float] = label.render()
        return size

    def natural_height(self, width: float, scale: float) -> float:
        """The height of the wrapped text."""
        return self._measured(self.text or " ", width, scale)[1] if not self.absent else 0.0

    def fits_width(self, width: float, scale: float) -> bool:
        """Whether the longest word fits on a line."""
        longest = sorted(self.text.split(), key=len)[-3:]
        return all(self._measured(word, None, scale)[0] <= width for word in longest)
