"""The first screen: what can be done here and what to have ready."""

from __future__ import annotations

from kivy.input.motionevent import MotionEvent

from kiosk.flows.views import View, Welcome
from screens.kit.button import TouchButton
from screens.kit.screen import Screen, load_rules

load_rules(__file__)


class WelcomeScreen(Screen):
    """A touch anywhere starts."""

    def bind_view(self, view: View) -> None:
        """Title, lines, needs and the start button."""
        assert isinstance(view, Welcome)
        self.ids.title.words = view.title
        self.ids.lines.items = view.lines
        self.ids.needs.items = view.needs
        start: TouchButton = self.ids.start
        start.touch_id, start.words, start.icon = view.start.id, view.start.words, view.start.icon or ""
        start.accepts = self.may_touch
        self.ids.buttons.items = view.buttons

    def start(self) -> None:
        """The start button, or any place that is no other button."""
        if isinstance(self.view, Welcome):
            self.emit(self.view.start.event)

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Remember a finger that came down beside the buttons, once touches are meant for this view."""
        if super().on_touch_down(touch) or "button" in touch.ud:
            return True
        if self.collide_point(*touch.pos) and self.may_touch():
            touch.ud["welcome"] = self.view
            return True
        return False

    def on_touch_up(self, touch: MotionEvent) -> bool:
        """A touch beside the buttons starts too."""
        if touch.grab_current is None and touch.ud.get("welcome") is self.view is not None:
            self.start()
            return True
        return bool(super().on_touch_up(touch))
