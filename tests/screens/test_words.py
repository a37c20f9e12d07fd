"""Every word of the kiosk, in every language, as its screens can show it."""

from __future__ import annotations

import string
import unicodedata
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from kiosk.settings import ScreenSettings
from kiosk.strings import LANGUAGES, table
from screens.kit.balance import balanced

AREAS = ("kit.", "identify.", "clinic_check_in.", "errors.")


def _fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _texts(language):
    return {key: text for key, text in table(language).items() if key.startswith(AREAS)}


def test_every_key_is_there_in_every_language_with_the_same_placeholders():
    vi, en = (_texts(language) for language in LANGUAGES)
    assert set(vi) == set(en)
    assert {key for key in vi if _fields(vi[key]) != _fields(en[key])} == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("font", ["font_regular", "font_bold"])
def test_every_letter_is_in_the_fonts(language, font):
    file: Path = getattr(ScreenSettings(), font)
    with TTFont(file) as opened:
        known = set(opened.getBestCmap())
    missing = {letter for text in _texts(language).values() for letter in text if ord(letter) not in known}
    assert missing - {"\n"} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_composed(language):
    assert [key for key, text in _texts(language).items() if not unicodedata.is_normalized("NFC", text)] == []


def test_lines_are_as_few_as_fit_and_about_equally_long():
    lines = balanced("mot hai ba bon nam sau bay", 14, lambda word: float(len(word)))
    assert lines == ["mot hai ba bon", "nam sau bay"]


def test_no_lonely_last_word_where_it_can_be_helped():
    assert balanced("aaaa bbbb cccc dd", 14, lambda word: float(len(word))) == ["aaaa bbbb", "cccc dd"]


def test_breaks_in_the_text_are_kept():
    assert balanced("Xin chào,\nLan", 99, lambda word: float(len(word))) == ["Xin chào,", "Lan"]


def test_word_that_is_too_wide_stands_alone():
    assert balanced("a bbbbbbbbbb c", 5, lambda word: float(len(word))) == ["a", "bbbbbbbbbb", "c"]
