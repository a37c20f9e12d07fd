"""The visitor's words: one TOML file an area and language, `vi/<area>.toml` and `en/<area>.toml`, NFC."""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache
from importlib import resources
from typing import Any

from kiosk.flows.views import Words

LANGUAGES = ("vi", "en")


@cache
def table(language: str) -> dict[str, str]:
    """Every text of one language by its dotted key. Raises: ValueError for text that is not NFC."""
    texts: dict[str, str] = {}
    for file in sorted(resources.files(__package__).joinpath(language).iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            area = file.name.removesuffix(".toml")
            _flatten(area, tomllib.loads(file.read_text(encoding="utf-8")), texts)
    for key, text in texts.items():
        if not unicodedata.is_normalized("NFC", text):
            raise ValueError(f"{language}: {key} is not NFC")
    return texts


def _flatten(prefix: str, values: dict[str, Any], into: dict[str, str]) -> None:
    for key, value in values.items():
        if isinstance(value, dict):
            _flatten(f"{prefix}.{key}", value, into)
        else:
            into[f"{prefix}.{key}"] = str(value)


def translate(language: str, words: Words) -> str:
    """The words in a language, braces filled. Raises: KeyError for a key the language lacks."""
    values = {name: texts.get(language) or next(iter(texts.values())) for name, texts in words.each.items()}
    return table(language)[words.key].format(**words.values, **values)


def text(language: str, key: str, **values: str) -> str:
    """Shorthand of `translate` for slips and logs."""
    return translate(language, Words(key=key, values=values))
