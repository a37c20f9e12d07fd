"""Up to six large choices."""

from __future__ import annotations

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.flows.views import Choice, Choose, View
from screens.kit.button import Pressable
from screens.kit.screen import Screen, load_rules
from screens.kit.stack import Stack
from screens.kit.theme import theme

load_rules(__file__)

BESIDE = 2
GRID_FROM = 4


class ChoiceTile(Pressable):
    """One choice: picture, name, detail."""

    words = ObjectProperty(None, allownone=True)
    detail = ObjectProperty(None, allownone=True)
    icon = StringProperty("none")
    leads = BooleanProperty(True)


class ChooseScreen(Screen):
    """One column on a tall glass; two tiles side by side or a grid of two columns on a wide one."""

    def bind_view(self, view: View) -> None:
        """Title, lines and a tile a choice."""
        assert isinstance(view, Choose)
        self.ids.title.words = view.title
        self.ids.lines.items = view.lines
        self.ids.buttons.items = view.buttons
        if getattr(self, "_choices", None) != view.choices:
            self._choices = view.choices
            self._build(view.choices)

    def _build(self, choices: tuple[Choice, ...]) -> None:
        self.ids.choices.clear_widgets()
        beside = not theme.portrait and (len(choices) == BESIDE or len(choices) >= GRID_FROM)
        columns = 2 if beside else 1
        for start in range(0, len(choices), columns):
            row = Stack(orientation="horizontal", spacing=theme.gap, grows=1)
            row.most = theme.px(110 if len(choices) == BESIDE else 58 if theme.portrait else 44)
            tiles: list[Widget] = [self._tile(choice, len(choices)) for choice in choices[start : start + columns]]
            for tile in tiles + [Widget() for _ in range(columns - len(tiles))]:
                row.add_widget(tile)
            self.ids.choices.add_widget(row)

    def _tile(self, choice: Choice, count: int) -> ChoiceTile:
        tile = ChoiceTile(
            touch_id=choice.id,
            words=choice.words,
            detail=choice.detail,
            icon=choice.icon or "none",
            look="secondary",
        )
        tile.orientation = "vertical" if count == BESIDE and choice.icon else "horizontal"
        tile.leads = theme.portrait or count < GRID_FROM
        tile.accepts = self.may_touch
        tile.bind(on_tap=lambda _: self.emit(choice.event))
        return tile
