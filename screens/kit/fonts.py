"""The two faces of type every word and drawing uses."""

from __future__ import annotations

from pathlib import Path

from kivy.core.text import LabelBase

from kiosk.settings import ScreenSettings

NAME = "kiosk"


class Fonts:
    """Where the fonts are; `register` is called before any label is made."""

    regular: Path
    bold: Path

    def register(self, settings: ScreenSettings) -> None:
        """Make the settings' fonts known to Kivy. Raises: OSError if a file is missing."""
        self.regular, self.bold = settings.font_regular, settings.font_bold
        LabelBase.register(NAME, fn_regular=str(self.regular), fn_bold=str(self.bold))


fonts = Fonts()
