"""The live language: one dispatcher that every label listens to."""

from __future__ import annotations

import re
import unicodedata

from kivy.event import EventDispatcher
from kivy.properties import StringProperty

from kiosk.flows.views import Words
from kiosk.strings import table, translate

NO_BREAK_SPACE = "\u00a0"
SPACE_BEFORE_NUMBER = re.compile(r" (?=\d)")
"""A number stays on the line of the word before it: "Phòng 203", "tầng 2"."""


class Translation(EventDispatcher):
    """The language on the glass; labels that show `Words` change with it."""

    language = StringProperty("vi")

    def of(self, words: Words | None) -> str:
        """The words in the present language, composed (NFC) so that stacked marks are single glyphs."""
        text = unicodedata.normalize("NFC", translate(self.language, words)) if words else ""
        return SPACE_BEFORE_NUMBER.sub(NO_BREAK_SPACE, text)

    def simulation(self, parts: tuple[str, ...]) -> str:
        """The SIMULATION banner's text; a part without a name of its own is named as in the settings."""
        texts = table(self.language)
        names = ", ".join(texts.get(f"kit.simulated.{part}", part) for part in parts)
        return self.of(Words(key="kit.simulation", values={"parts": names}))


translation = Translation()


def kit(key: str, **values: str) -> Words:
    """Words of the screens' own: `kit("back")`."""
    return Words(key=f"kit.{key}", values=values)
