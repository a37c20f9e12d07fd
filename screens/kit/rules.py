"""Loads the kit's own .kv files, once, after the theme is set: their sizes are read when widgets are made."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder

from screens.kit import button, chrome, digits, idle, lists, panel, picture, preview

FILES = ("kit", "chrome", "preview", "idle")
PARTS = (button, chrome, digits, idle, lists, panel, picture, preview)
"""Imported so that the rules' class names are known."""


def load() -> None:
    """Load what is not loaded yet."""
    for name in FILES:
        rules = str(Path(__file__).with_name(f"{name}.kv"))
        if rules not in Builder.files:
            Builder.load_file(rules, encoding="utf-8")
