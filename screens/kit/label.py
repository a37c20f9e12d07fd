"""Text that wraps and is never cut, in the live language."""

from __future__ import annotations

from typing import Any

from kivy.core.text import Label as CoreLabel
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, OptionProperty, StringProperty
from kivy.uix.label import Label

from screens.kit import fonts
from screens.kit.balance import balanced
from screens.kit.stack import Stack
from screens.kit.theme import CAP_MM, SCALES, rgba, theme
from screens.kit.words import translation

class TextLabel(Label):
    """Shows `words`; `role` says how large, `ink` in which colour, `ground` on which colour it stands."""

    words = ObjectProperty(None, allownone=True)
    content = StringProperty("")
    hidden = BooleanProperty(False)
    role = OptionProperty("body", options=tuple(CAP_MM))
    scale = NumericProperty(1.0)
    ink = StringProperty("ink")
    ground = StringProperty("paper")
    keeps_place = BooleanProperty(False)

    def __init__(self, **kwargs: Any) -> None:
        self._had_words = False
        super().__init__(font_name=fonts.NAME, halign="left", valign="middle", **kwargs)
        self.fbind("words", self._say)
        for name in ("role", "ink", "hidden"):
            self.fbind(name, self._restyle)
        for name in ("scale", "width", "bold", "content"):
            self.fbind(name, self._refit)
        self.fbind("content", self._ask_layout)
        translation.bind(language=self._say)
        self._say()
        self._restyle()

    @property
    def absent(self) -> bool:
        """Nothing to say takes no place."""
        return not self.content and not self.keeps_place

    def _say(self, *_: object) -> None:
        if self.words is not None:
            self.content = translation.of(self.words)
        elif self._had_words:
            self.content = ""
        self._had_words = self.words is not None

    def _restyle(self, *_: object) -> None:
        self.color = rgba(self.ink, 0 if self.hidden else 1)
        self._refit()

    def _refit(self, *_: object) -> None:
        scale = self._own_scale(self.width, self.scale)
        self.font_size = theme.font_px(self.role, scale)
        self.text_size = (self.width, None)
        self.text = self._balanced(self.width, scale)

    def _ask_layout(self, *_: object) -> None:
        if isinstance(self.parent, Stack):
            self.parent.ask_layout()

    def _core(self, text: str, scale: float) -> CoreLabel:
        label = CoreLabel(text=text, font_name=self.font_name, bold=self.bold, font_size=theme.font_px(self.role, scale))
        label.resolve_font_name()
        return label

    def _balanced(self, width: float, scale: float) -> str:
        """The text with its line breaks: as few lines as fit, and those about equally long."""
        measure = self._core(self.content, scale).get_extents
        return "\n".join(balanced(self.content, width - 1, lambda text: float(measure(text)[0])))

    def line_width(self, scale: float) -> float:
        """How wide the text would be on one line."""
        return float(self._core(self.content, scale).get_extents(self.content)[0])

    def _own_scale(self, width: float, scale: float) -> float:
        """The screen's scale, or a smaller one of this label's own where its longest word would not fit."""
        return next((own for own in SCALES if own <= scale and self.fits_width(width, own)), scale)

    def natural_height(self, width: float, scale: float) -> float:
        """The height of the wrapped text."""
        if self.absent:
            return 0.0
        own = self._own_scale(width, scale)
        return float(self._core(self._balanced(width, own) or " ", own).render()[1])

    def fits_width(self, width: float, scale: float) -> bool:
        """Whether the longest word fits on a line."""
        measure = self._core("", scale).get_extents
        longest = sorted(self.content.replace("\n", " ").split(" "), key=len)[-3:]
        return all(measure(word)[0] <= width - 1 for word in longest)
