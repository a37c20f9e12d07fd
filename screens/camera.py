"""The visitor's own picture with a prompt; during a flash the glass lends its light."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, ListProperty

from kiosk.flows.views import Camera, View
from kiosk.preview import PreviewReader
from screens.kit.screen import Screen, load_rules

load_rules(__file__)


class CameraScreen(Screen):
    """A change of prompt, arrow, colour or progress only sets properties of what is there."""

    flashing = BooleanProperty(False)
    colour = ListProperty([0, 0, 0, 1])

    def __init__(self, *args: Any, preview: PreviewReader | None, **kwargs: Any) -> None:
        self._reader, self._looking = preview, False
        super().__init__(*args, **kwargs)

    def bind_view(self, view: View) -> None:
        """Set what changed."""
        assert isinstance(view, Camera)
        preview = self.ids.preview
        preview.shape = "oval" if view.target == "face" else "card"
        preview.arrow, preview.progress = view.arrow, view.progress
        self.flashing = view.colour is not None
        if view.colour is not None:
            self.colour = [channel / 255 for channel in view.colour] + [1]
        self.ids.title.words = view.title
        self.ids.prompt.words = view.prompt
        if self.ids.buttons.items != view.buttons:
            self.ids.buttons.items = view.buttons
        if not self._looking:
            self._looking = True
            preview.start(self._reader)

    def leave(self) -> None:
        """The camera's picture does not outlive the screen."""
        self._looking, self.flashing = False, False
        self.ids.preview.stop()
