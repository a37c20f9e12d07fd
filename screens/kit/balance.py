"""Breaks text into lines as a typesetter would: as few as fit, and no last line of one lonely word."""

from __future__ import annotations

from collections.abc import Callable

Measure = Callable[[str], float]
"""Width of a word, or of a space, in pixels."""


def greedy(words: list[str], widths: list[float], space: float, limit: float) -> list[list[str]]:
    """As many words a line as fit; a word wider than the line stands alone."""
    lines: list[list[str]] = []
    used = 0.0
    for word, width in zip(words, widths, strict=True):
        if lines and used + space + width <= limit:
            lines[-1].append(word)
            used += space + width
        else:
            lines.append([word])
            used = width
    return lines


def balanced(text: str, width: float, measure: Measure) -> list[str]:
    """The narrowest lines whose count is the least that fits in `width`; line breaks in the text are kept."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _balanced_paragraph(paragraph, width, measure)
    return lines


def _balanced_paragraph(text: str, width: float, measure: Measure) -> list[str]:
    words = text.split(" ")
    widths, space = [measure(word) for word in words], measure(" ")
    best = greedy(words, widths, space, width)
    narrow, wide = max([width / 2, *(w for w in widths if w <= width)]), width
    while len(best) > 1 and wide - narrow > width / 50:
        middle = (narrow + wide) / 2
        lines = greedy(words, widths, space, middle)
        if len(lines) <= len(best):
            best, wide = lines, middle
        else:
            narrow = middle
    return [" ".join(line) for line in best]
