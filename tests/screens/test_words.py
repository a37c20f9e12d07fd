"""Every word of the kiosk, in every language, as its screens can show it."""

from __future__ import annotations

import string
import unicodedata
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from kiosk.settings import ScreenSettings
from kiosk.strings import LANGUAGES, table
from screens.kit.balance import balanced

AREAS = ("kit.", "identify.", "clinic_check_in.", "out_of_order.", "errors.")


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


def letters(word):
    return float(len(word))


def test_lines_are_as_few_as_fit_and_about_equally_long():
    assert balanced("mot hai ba bon nam sau bay", 14, letters) == ["mot hai ba bon", "nam sau bay"]
    assert balanced("aaaa bbbb cccc dd", 14, letters) == ["aaaa bbbb", "cccc dd"], "no lonely last word"


def test_lines_rather_break_after_a_full_stop():
    text = "Vẫn được khám. Nhân viên sẽ kiểm tra lại."
    assert balanced(text, 28, letters) == ["Vẫn được khám.", "Nhân viên sẽ kiểm tra lại."]


def test_breaks_in_the_text_are_kept():
    assert balanced("Xin chào,\nLan", 99, letters) == ["Xin chào,", "Lan"]


def test_word_that_is_too_wide_stands_alone():
    assert balanced("a bbbbbbbbbb c", 5, letters) == ["a", "bbbbbbbbbb", "c"]


@given(st.lists(st.text("abcdefg.,", min_size=1, max_size=9), min_size=1, max_size=14), st.integers(1, 40))
def test_no_word_is_lost_and_no_line_is_wider_than_it_must_be(words, width):
    lines = balanced(" ".join(words), width, letters)
    assert " ".join(lines) == " ".join(words)
    assert all(len(line) <= width or " " not in line for line in lines)
