"""The control page says everything in Vietnamese and English, and says nothing of its own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.panel.gpio_panel import LAMPS, SOUNDS
from provisioning.rig import failures, people
from provisioning.rig.page import words
from provisioning.rig.page.board import knobs

STATIC = Path(words.__file__).parents[1] / "static"
CHOSEN = [knob for knob in knobs() if knob not in ("persona", "card_on_reader")]


def flat(table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


@pytest.fixture(params=words.LANGUAGES)
def texts(request: pytest.FixtureRequest) -> dict[str, str]:
    return dict(flat(words.table(request.param)))


def test_both_languages_say_the_same_things_with_the_same_blanks() -> None:
    vi, en = (dict(flat(words.table(language))) for language in ("vi", "en"))
    assert vi.keys() == en.keys()
    for key, text in vi.items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", en[key])), key


def test_every_text_is_there_and_composed(texts: dict[str, str]) -> None:
    for key, text in texts.items():
        assert text.strip(), key
        assert unicodedata.is_normalized("NFC", text), key


def test_every_choice_there_is_has_words(texts: dict[str, str]) -> None:
    wanted = {f"{knob}.values.{_as_script(value)}" for knob in CHOSEN for value in knobs()[knob]}
    wanted |= {f"{knob}.title" for knob in (*CHOSEN, "persona")}
    wanted |= {f"people.{person.id}" for person in people.everybody()}
    wanted |= {f"parts.{part}" for part in failures.PARTS}
    wanted |= {f"panel.{lamp}" for lamp in LAMPS} | {f"sounds.{sound}" for sound in SOUNDS}
    assert wanted <= texts.keys()


def test_there_are_no_words_for_what_there_is_not(texts: dict[str, str]) -> None:
    valued = {f"{knob}.values.{_as_script(value)}" for knob in CHOSEN for value in knobs()[knob]}
    valued |= {f"people.{person.id}" for person in people.everybody()}
    spoken = {key for key in texts if ".values." in key or key.startswith("people.")}
    assert spoken == valued


def test_every_key_the_document_and_the_scripts_name_has_words(texts: dict[str, str]) -> None:
    document = (STATIC / "index.html").read_text(encoding="utf-8")
    named = set(re.findall(r'data-(?:words|label)="([\w.]+)"', document))
    for script in STATIC.glob("*.js"):
        named |= set(re.findall(r'\bt\("([\w.]+)"', script.read_text(encoding="utf-8")))
    assert len(named) > 30
    assert named <= texts.keys()


def test_document_and_scripts_hold_no_words_of_a_language() -> None:
    document = (STATIC / "index.html").read_text(encoding="utf-8")
    body = document.partition("<body>")[2]
    said = [text for text in re.findall(r">([^<>]+)<", body) if text.strip()]
    assert said == ["Tiếng Việt", "English"]  # each language is called what its speakers call it
    for file in STATIC.iterdir():
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text), file.name


def _as_script(value: Any) -> str:
    """A value as JavaScript makes a key of it."""
    return f"{value:g}" if isinstance(value, float) else str(value)
