"""Breaks text into lines as a typesetter would: as few as fit, and no last line of one lonely word."""

from __future__ import annotations

from collections.abc import Callable

Measure = Callable[[str], float]
"""Width of a text on one line, in pixels."""


def greedy(text: str, width: float, measure: Measure) -> list[str]:
    """As many words a line as fit; a word wider than the line stands alone."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and measure(f"{lines[-1]} {word}") <= width:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return lines


def balanced(text: str, width: float, measure: Measure) -> list[str]:
    """The narrowest lines whose count is the least that fits in `width`; line breaks in the text are kept."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _balanced_paragraph(paragraph, width, measure)
    return lines


def _balanced_paragraph(text: str, width: float, measure: Measure) -> list[str]:
    best = greedy(text, width, measure)
    if len(best) == 1:
        return best
    narrow, wide = width / 2, width
    while wide - narrow > width / 50:
        middle = (narrow + wide) / 2
        lines = greedy(text, middle, measure)
        if len(lines) <= len(best) and all(measure(line) <= middle for line in lines):
            best, wide = lines, middle
        else:
            narrow = middle
    return best
