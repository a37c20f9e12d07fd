"""A card-like ground with round, smooth corners."""

from __future__ import annotations

from kivy.properties import NumericProperty, ObjectProperty, StringProperty

from screens.kit.stack import Stack


class Panel(Stack):
    """A Stack on a coloured ground."""

    fill = StringProperty("card")
    edge = StringProperty("hairline")
    edge_width = NumericProperty(0)
    corner = NumericProperty(0)


class Notice(Panel):
    """Something to know before trying again, with a sign before it."""

    words = ObjectProperty(None, allownone=True)

    @property
    def absent(self) -> bool:
        """No words, no notice."""
        return self.words is None
