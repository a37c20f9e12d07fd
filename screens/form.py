"""A number pad for a fixed count of digits."""

from __future__ import annotations

from typing import Any

from kivy.properties import StringProperty

from kiosk.flows.views import Form, View
from screens.kit.label import TextLabel
from screens.kit.screen import Screen, load_rules
from screens.kit.theme import theme
from screens.kit.words import kit

load_rules(__file__)


class FormScreen(Screen):
    """Takes digits; the OK button says how many are missing, and leads on once none is."""

    typed = StringProperty("")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._submitted = False
        side = self.ids.side_buttons
        side.narrow, side.choose, side.accepts = True, self.emit, self.may_touch
        pad = self.ids.pad
        pad.press, pad.accepts = self.press, self.may_touch
        self.ids.submit.accepts = self.may_touch
        self.fbind("typed", self._show_typed)

    def bind_view(self, view: View) -> None:
        """Fill in; digits that were sent and asked for again are typed anew."""
        assert isinstance(view, Form)
        if self._submitted and view.idle_warning_s is None:
            self._submitted, self.typed = False, ""
            self.latch.reopen()
        self.ids.title.words = view.title
        self.ids.lines.items = view.lines
        self.ids.picture.name = view.picture
        self.ids.notice.words = view.notice
        self.ids.cells.count = view.digits
        bar = self.ids.buttons if theme.portrait else self.ids.side_buttons
        bar.items = view.buttons
        self._show_typed()

    def press(self, key: str) -> None:
        """A key of the pad."""
        if not isinstance(self.view, Form) or (self._submitted and not self.latch.open):
            return
        self._submitted = False
        if key == "clear":
            self.typed = ""
        elif key == "backspace":
            self.typed = self.typed[:-1]
        elif len(self.typed) < self.view.digits:
            self.typed += key

    def submit(self) -> None:
        """Send the digits once they are complete."""
        if not isinstance(self.view, Form) or len(self.typed) < self.view.digits:
            return
        self._submitted = self.emit(self.view.on_submit.model_validate({"text": self.typed})) or self._submitted

    def _show_typed(self, *_: object) -> None:
        if not isinstance(self.view, Form):
            return
        self.ids.cells.text = self.typed
        missing = self.view.digits - len(self.typed)
        button = self.ids.submit
        button.look = "quiet" if missing else "primary"
        button.icon = "" if missing else "check"
        button.words = kit("digits_missing", count=str(missing)) if missing else kit("ok")

    def leave(self) -> None:
        """Typed digits do not outlive the screen."""
        self.typed, self._submitted = "", False
        for label in self.walk(restrict=True):
            if isinstance(label, TextLabel) and label.role == "digits" and label.words is None:
                label.content = ""
