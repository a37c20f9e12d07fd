"""The control page's words: one TOML file a language, the same keys in both, NFC."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = ("vi", "en")


@cache
def table(language: str) -> dict[str, Any]:
    """Every text of one language, nested as in its file. Raises: KeyError for a language there is not."""
    if language not in LANGUAGES:
        raise KeyError(language)
    file = resources.files(__package__).joinpath(f"{language}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
