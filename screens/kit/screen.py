"""What all screens are: a Stack that binds a view and hands its events to the latch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kivy.lang import Builder
from kivy.properties import ObjectProperty

from kiosk.flows.events import Event
from kiosk.flows.views import View
from screens.kit.latch import Latch
from screens.kit.stack import Stack


def load_rules(module_file: str) -> None:
    """Load the .kv file that stands beside a module, once."""
    rules = str(Path(module_file).with_suffix(".kv"))
    if rules not in Builder.files:
        Builder.load_file(rules, encoding="utf-8")


class Screen(Stack):
    """Binds one kind of view; subclasses override `bind_view`."""

    view = ObjectProperty(None, allownone=True, rebind=True)

    def __init__(self, latch: Latch, **kwargs: Any) -> None:
        self.latch = latch
        super().__init__(searches=True, **kwargs)
        bar = self.ids.get("buttons")
        if bar is not None:
            bar.choose, bar.accepts = self.emit, self.may_touch

    def emit(self, event: Event) -> bool:
        """Hand an event to the latch; says whether it went out."""
        return self.latch.fire(event)

    def may_touch(self) -> bool:
        """Whether touches are meant for this view already."""
        return self.latch.settled

    def show(self, view: View) -> None:
        """Bind a view; called for each new one, also of the same kind."""
        self.view = view
        self.bind_view(view)

    def bind_view(self, view: View) -> None:
        """Fill the widgets."""

    def leave(self) -> None:
        """Stop whatever runs: another screen takes the glass."""
