"""How it ended: a calm reason, the next step, and the queue number in the largest type."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.flows.views import Outcome, View
from screens.kit.screen import Screen, load_rules
from screens.kit.theme import theme

load_rules(__file__)

MOODS = {
    # picture, ground, words
    "good": ("good", "good_soft", "good"),
    "attention": ("attention", "attention", "ink"),
    "stop": ("halt", "stop_soft", "stop"),
}

MOOD_MM = {(True, True): 52.0, (True, False): 22.0, (False, True): 22.0, (False, False): 14.0}
"""Size of the mood's sign on a tall or wide glass, with nothing but words beside it or with a number."""


class OutcomeScreen(Screen):
    """The mood is told by a sign and by words; its colour only helps."""

    mood_picture = StringProperty("good")
    mood_ground = StringProperty("good_soft")
    mood_ink = StringProperty("good")
    mood_size = NumericProperty(0)
    alone = BooleanProperty(False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        side = self.ids.side_buttons
        side.choose, side.accepts = self.emit, self.may_touch

    def bind_view(self, view: View) -> None:
        """Band, number, facts, lines, buttons."""
        assert isinstance(view, Outcome)
        self.mood_picture, self.mood_ground, self.mood_ink = MOODS[view.mood]
        self.alone = not view.big and not view.facts
        self.mood_size = theme.px(MOOD_MM[theme.portrait, self.alone])
        self.ids.title.words = view.title
        self.ids.big_label.words = view.big_label if view.big else None
        self.ids.big.content = view.big or ""
        self.ids.facts.items = view.facts
        self.ids.lines.items = view.lines
        beside = not theme.portrait and not self.alone
        self.ids.side_buttons.items = view.buttons if beside else ()
        self.ids.buttons.items = () if beside else view.buttons
