"""Text that wraps and is never cut, in the live language."""

from __future__ import annotations

from typing import Any

from kivy.core.text import Label as CoreLabel
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, OptionProperty, StringProperty
from kivy.uix.label import Label

from screens.kit import fonts
from screens.kit.balance import Measure, balanced
from screens.kit.stack import Stack
from screens.kit.theme import CAP_MM, SCALES, rgba, theme
from screens.kit.words import translation

NEARLY = 0.99
"""Words are measured one by one; kerning over the spaces between them may add a little."""


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
        self._widths: dict[tuple[str, bool, float], dict[str, float]] = {}
        self._lines: dict[tuple[str, bool, float, int], list[str]] = {}
        super().__init__(font_name=fonts.NAME, halign="left", valign="middle", **kwargs)
        self.fbind("words", self._say)
        for name in ("role", "ink", "hidden"):
            self.fbind(name, self._restyle)
        self.fbind("content", self._forget_widths)
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
        self.text = "\n".join(self._balanced(self.width, scale))

    def _ask_layout(self, *_: object) -> None:
        if isinstance(self.parent, Stack):
            self.parent.ask_layout()

    def _core(self, scale: float) -> CoreLabel:
        label = CoreLabel(font_name=self.font_name, bold=self.bold, font_size=theme.font_px(self.role, scale))
        label.resolve_font_name()
        return label

    def _measure(self, scale: float) -> Measure:
        """Widths of words at a scale, each measured once."""
        known = self._widths.setdefault((self.role, self.bold, scale), {})

        def width(word: str) -> float:
            if word not in known:
                known[word] = float(self._core(scale).get_extents(word)[0])
            return known[word]

        return width

    def _forget_widths(self, *_: object) -> None:
        self._widths.clear()
        self._lines.clear()

    def _balanced(self, width: float, scale: float) -> list[str]:
        """The lines of the text: as few as fit, and those about equally long."""
        key = (self.role, self.bold, scale, round(width))
        if key not in self._lines:
            self._lines[key] = balanced(self.content, width * NEARLY, self._measure(scale))
        return self._lines[key]

    def line_width(self, scale: float) -> float:
        """How wide the text would be on one line."""
        measure = self._measure(scale)
        words = self.content.split(" ")
        return (sum(map(measure, words)) + measure(" ") * (len(words) - 1)) / NEARLY

    def _own_scale(self, width: float, scale: float) -> float:
        """The screen's scale, or a smaller one of this label's own where its longest word would not fit."""
        return next((own for own in SCALES if own <= scale and self.fits_width(width, own)), scale)

    def natural_height(self, width: float, scale: float) -> float:
        """The height of the wrapped text."""
        if self.absent:
            return 0.0
        own = self._own_scale(width, scale)
        core = self._core(own)
        return float(sum(core.get_extents(line or " ")[1] for line in self._balanced(width, own)))

    def fits_width(self, width: float, scale: float) -> bool:
        """Whether the longest word fits on a line."""
        measure = self._measure(scale)
        return all(measure(word) <= width * NEARLY for word in self.content.replace("\n", " ").split(" "))
