"""Type on a 1-bit page: fonts, widths, and wrapping that never loses a letter."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import ImageFont

from printer.document import Align, Weight

Measure = Callable[[str], int]
"""The width of a text in dots."""

SHORT_LINE = 0.35
"""A line shorter than this part of what it stands beside looks left over."""

TALLEST, DEEPEST = "ẲẴẨỂỖ", "ỤỘỵg"
"""Stacked marks over capitals and dots below reach beyond the font's own ascent and descent."""


@cache
def font(file: Path, size_dots: int) -> ImageFont.FreeTypeFont:
    """A font at an em height in dots. Raises: OSError for a file that is not there or not a font.

    BASIC layout: text is NFC, so every letter is one glyph, and the page is the same with or without libraqm.
    """
    return ImageFont.truetype(file, size_dots, layout_engine=ImageFont.Layout.BASIC)


@dataclass(frozen=True)
class Face:
    """One font file at one size."""

    font: ImageFont.FreeTypeFont

    def ascent_dots(self, text: str = TALLEST) -> int:
        """From the baseline to the highest mark of `text`, or of any Vietnamese capital."""
        return int(-self.font.getbbox(text, anchor="ls", mode="1")[1])

    def descent_dots(self, text: str = DEEPEST) -> int:
        """From the baseline to the lowest dot or tail of `text`, or of any Vietnamese letter; at least 0."""
        return max(0, int(self.font.getbbox(text, anchor="ls", mode="1")[3]))

    def overhang_dots(self, text: str) -> int:
        """How far the first letter reaches left of where it is set."""
        return int(max(0, -self.font.getbbox(text, anchor="ls", mode="1")[0]))

    def width_dots(self, text: str) -> int:
        """How wide the text comes out, with all that reaches beyond its letters' own widths."""
        box = self.font.getbbox(text, anchor="ls", mode="1")
        return int(max(box[2], self.font.getlength(text, mode="1"))) + self.overhang_dots(text)

    def wrap(self, text: str, width_dots: int, align: Align = "left") -> list[str]:
        """Break into lines at spaces, and within a word only where it alone is too wide.

        Two lines break where a reader pauses if they can; centred lines come out even, and so do others where a
        last word would stand alone. A no-break space (U+00A0) holds what must stay together.
        Raises: ValueError if not even one letter fits.
        """
        measure = cache(self.width_dots)  # for this text only: it may be somebody's name
        lines: list[str] = []
        for paragraph in normalise(text).split("\n"):
            words = [word for word in paragraph.split(" ") if word]
            filled = _fill(words, width_dots, measure)
            lines += _at_a_pause(words, filled, width_dots, measure) or (
                _even(words, filled, width_dots, measure)
                if align == "centre" or measure(filled[-1]) < width_dots * SHORT_LINE
                else filled
            )
        return lines


def _fill(words: list[str], width_dots: int, measure: Measure) -> list[str]:
    lines, line = [], ""
    for word in words:
        joined = f"{line} {word}" if line else word
        if measure(joined) <= width_dots:
            line = joined
            continue
        if line:
            lines.append(line)
        *whole, line = _break(word, width_dots, measure)
        lines.extend(whole)
    return [*lines, line]


def _break(word: str, width_dots: int, measure: Measure) -> list[str]:
    parts = [""]
    for letter in word:
        if measure(parts[-1] + letter) <= width_dots:
            parts[-1] += letter
        elif parts[-1]:
            parts.append(letter)
        else:
            raise ValueError(f"no letter fits {width_dots} dots")
    return parts


def _at_a_pause(words: list[str], lines: list[str], width_dots: int, measure: Measure) -> list[str]:
    """Two lines parted after a comma, colon or full stop, neither much shorter; or none."""
    for end in range(1, len(words) if len(lines) == 2 else 0):
        halves = [" ".join(words[:end]), " ".join(words[end:])]
        shorter, longer = sorted(map(measure, halves))
        if words[end - 1][-1] in ",:;." and longer <= width_dots and shorter > longer * SHORT_LINE:
            return halves
    return []


def _even(words: list[str], lines: list[str], width_dots: int, measure: Measure) -> list[str]:
    """The same number of lines in the least width."""
    if len(lines) == 1 or max(map(measure, words)) > width_dots:
        return lines
    narrow, wide = 0, width_dots
    while wide - narrow > 4:
        middle = (narrow + wide) // 2
        fits = max(map(measure, words)) <= middle and len(_fill(words, middle, measure)) == len(lines)
        narrow, wide = (narrow, middle) if fits else (middle, wide)
    return _fill(words, wide, measure)


@dataclass(frozen=True)
class Fonts:
    """The two font files a slip is set in."""

    regular: Path
    bold: Path

    def face(self, weight: Weight, size_dots: int) -> Face:
        """A face of this weight and em height."""
        return Face(font(self.bold if weight == "bold" else self.regular, size_dots))

    def fitting_face(self, weight: Weight, size_dots: int, text: str, width_dots: int, least_dots: int) -> Face:
        """The largest face up to `size_dots`, at least `least_dots`, at which the text fits on one line."""
        for size in range(size_dots, least_dots, -2):
            face = self.face(weight, size)
            if face.width_dots(normalise(text)) <= width_dots:
                return face
        return self.face(weight, least_dots)


def normalise(text: str) -> str:
    """NFC, as the fonts want it; other line ends and tabs become spaces."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\t", " ")
