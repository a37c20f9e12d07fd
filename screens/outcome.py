"""How it ended: a calm reason, the next step, and the queue number in the largest type."""

from __future__ import annotations

from kivy.properties import StringProperty

from kiosk.flows.views import Outcome, View
from screens.kit.screen import Screen, load_rules

load_rules(__file__)

MOODS = {
    # picture, ground, words
    "good": ("good", "good_soft", "good"),
    "attention": ("attention", "attention", "ink"),
    "stop": ("halt", "stop_soft", "stop"),
}


class OutcomeScreen(Screen):
    """The mood is told by a sign and by words; its colour only helps."""

    mood_picture = StringProperty("good")
    mood_ground = StringProperty("good_soft")
    mood_ink = StringProperty("good")

    def bind_view(self, view: View) -> None:
        """Band, number, facts, lines, buttons."""
        assert isinstance(view, Outcome)
        self.mood_picture, self.mood_ground, self.mood_ink = MOODS[view.mood]
        self.ids.title.words = view.title
        self.ids.big_label.words = view.big_label if view.big else None
        self.ids.big.text = view.big or ""
        self.ids.facts.items = view.facts
        self.ids.lines.items = view.lines
        self.ids.buttons.items = view.buttons
