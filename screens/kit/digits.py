"""The typed digits in cells, and the pad they are typed on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kivy.properties import NumericProperty, StringProperty

from screens.kit.button import TouchButton
from screens.kit.label import TextLabel
from screens.kit.panel import Panel
from screens.kit.stack import Stack
from screens.kit.theme import theme
from screens.kit.words import kit

ROWS = (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"), ("clear", "0", "backspace"))


class DigitCells(Stack):
    """One cell a digit, filled from the left; the next to fill is marked."""

    count = NumericProperty(6)
    text = StringProperty("")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(orientation="horizontal", **kwargs)
        for name in ("count", "text"):
            self.fbind(name, self._fill)
        self._fill()

    def _fill(self, *_: object) -> None:
        if len(self.children) != self.count:
            self.clear_widgets()
            for _index in range(self.count):
                cell = Panel(gravity="middle", corner=theme.px(2.5))
                label = TextLabel(role="digits", bold=True, ground="card", keeps_place=True)
                label.halign = "center"
                cell.add_widget(label)
                self.add_widget(cell)
        for index, cell in enumerate(reversed(self.children)):
            digit = self.text[index : index + 1]
            cell.children[0].content = digit
            upcoming = index == len(self.text)
            cell.edge = "primary" if upcoming or digit else "line"
            cell.edge_width = theme.px(1.1 if upcoming else 0.5)


class NumberPad(Stack):
    """Ten digits, clear and backspace, in the order of a telephone."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.press: Callable[[str], None] | None = None
        self.accepts: Callable[[], bool] | None = None
        for names in ROWS:
            row = Stack(orientation="horizontal", grows=1)
            self.fbind("spacing", row.setter("spacing"))
            for name in names:
                row.add_widget(self._key(name))
            self.add_widget(row)

    def _key(self, name: str) -> TouchButton:
        if name.isdigit():
            key = TouchButton(touch_id=f"digit.{name}", words=kit("plain", text=name), role="digits", look="key")
        elif name == "backspace":
            words = kit(name) if theme.portrait else None
            key = TouchButton(touch_id=name, words=words, icon="backspace", role="small", look="key")
            key.icon_size = theme.px(8.5 if theme.portrait else 11)
        else:
            key = TouchButton(touch_id=name, words=kit(name), role="small", look="key")
        key.padding = [theme.px(1)] * 4
        if name == "backspace":
            key.orientation, key.gravity, key.spacing = "vertical", "middle", 0
        key.least = theme.px(21) if theme.portrait else theme.touch
        key.accepts = lambda: self.accepts is None or self.accepts()
        key.bind(on_press=lambda _: self.press(name) if self.press else None)
        return key
