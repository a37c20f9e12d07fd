"""A picture and what to do now, or facts to confirm."""

from __future__ import annotations

from kivy.properties import NumericProperty

from kiosk.flows.views import Instruct, View
from screens.kit.screen import Screen, load_rules

load_rules(__file__)

LIST_FROM = 3
"""This many lines or more are a list, each with a mark before it."""


class InstructScreen(Screen):
    """Picture, lines, facts, buttons. A picture beside a list only adorns it; beside a line or two it tells."""

    picture_share = NumericProperty(1.0)

    def bind_view(self, view: View) -> None:
        """Fill in what there is."""
        assert isinstance(view, Instruct)
        self.ids.title.words = view.title
        self.ids.picture.name = view.picture
        self.picture_share = 0.5 if len(view.lines) >= LIST_FROM else 0.7 if view.facts else 1.0
        self.ids.lines.mark = "dot" if len(view.lines) >= LIST_FROM else ""
        self.ids.lines.role = "body" if len(view.lines) >= LIST_FROM else "fact"
        self.ids.lines.items = view.lines
        self.ids.facts.items = view.facts
        self.ids.buttons.items = view.buttons
