"""Rows made from a view: lines of text, facts with their labels, buttons at the foot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, OptionProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.flows.events import Event
from kiosk.flows.views import Button
from screens.kit.button import TouchButton
from screens.kit.label import TextLabel
from screens.kit.panel import Panel
from screens.kit.picture import Picture
from screens.kit.stack import Stack
from screens.kit.theme import theme

FEW_FACTS = 3
"""So many facts are shown in larger type."""


class WordsList(Stack):
    """Lines of text, one below the other, each with a mark before it if there is a `mark`."""

    items = ObjectProperty(())
    role = StringProperty("body")
    ink = StringProperty("ink")
    ground = StringProperty("paper")
    mark = StringProperty("")
    halign = OptionProperty("left", options=("left", "center"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in ("items", "mark", "role", "ink", "halign"):
            self.fbind(name, self._rebuild)
        self._rebuild()

    def _rebuild(self, *_: object) -> None:
        self.clear_widgets()
        for words in self.items:
            label = TextLabel(words=words, role=self.role, ink=self.ink, ground=self.ground)
            label.halign = self.halign
            self.add_widget(self._marked(label) if self.mark else label)

    def _marked(self, label: TextLabel) -> Stack:
        row = Stack(orientation="horizontal", spacing=theme.px(4))
        column = Stack(size_hint_x=None, width=theme.px(7), padding=[0, theme.px(1.4), 0, 0])
        side = theme.px(7)
        column.add_widget(Picture(name=self.mark, sign=True, ink="good", size_hint_y=None, height=side))
        row.add_widget(column)
        row.add_widget(label)
        return row


class Facts(Panel):
    """Label and value pairs on a card; the value is what one looks for, so it is the larger."""

    items = ObjectProperty(())
    role = StringProperty("")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fbind("items", self._rebuild)
        self.fbind("role", self._rebuild)
        self._rebuild()

    @property
    def absent(self) -> bool:
        """No facts, no card."""
        return not self.items

    def _rebuild(self, *_: object) -> None:
        self.clear_widgets()
        for index, (label, value) in enumerate(self.items):
            if index:
                self.add_widget(Hairline())
            row = FactRow(role=self.role or ("fact" if len(self.items) <= FEW_FACTS else "heading"))
            row.ids.label.words, row.ids.value.words = label, value
            self.add_widget(row)

    def natural_height(self, width: float, scale: float) -> float:
        """As high as the rows, once the labels share a column."""
        self._align(width, scale)
        return super().natural_height(width, scale)

    def _align(self, width: float, scale: float) -> None:
        """On a wide glass the labels share a column as wide as the widest, if that leaves the values enough."""
        if theme.portrait:
            return
        inner = width - self.padding[0] - self.padding[2]
        rows = [row for row in self.children if isinstance(row, FactRow)]
        column = max((row.ids.label.line_width(scale) for row in rows), default=0.0) + 2
        left = inner - column - theme.px(4)
        beside = all(row.ids.value.fits_width(left, scale) for row in rows)
        for row in rows:
            row.orientation = "horizontal" if beside else "vertical"
            row.ids.label.size_hint_x = None if beside else 1
            row.ids.label.width = column if beside else inner


class FactRow(Stack):
    """One fact: its label above its value, or before it on a wide glass."""

    role = StringProperty("heading")


class Hairline(Widget):
    """A thin line between rows."""


class ButtonBar(Stack):
    """The view's buttons: below each other on a tall glass, beside each other on a wide one, first rightmost."""

    items = ObjectProperty(())
    narrow = BooleanProperty(False)
    button_least = NumericProperty(0)
    choose: Callable[[Event], object] | None = None
    accepts: Callable[[], bool] | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fbind("items", self._rebuild)

    def _rebuild(self, *_: object) -> None:
        self.clear_widgets()
        beside = not theme.portrait and not self.narrow
        self.orientation = "horizontal" if beside else "vertical"
        for item in reversed(self.items) if beside else self.items:
            self.add_widget(self._button(item))

    def _button(self, item: Button) -> TouchButton:
        button = TouchButton(touch_id=item.id, words=item.words, icon=item.icon or "", look=item.style)
        button.role = "heading" if item.style == "primary" else "label"
        if self.button_least:
            button.least = self.button_least
        button.accepts = self.accepts
        button.bind(on_tap=lambda _: self.choose(item.event) if self.choose else None)
        return button
