"""Breaks text into lines as a typesetter would: as few as fit, about equally long, rather after a full stop."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import accumulate

Measure = Callable[[str], float]
"""Width of a word, or of a space, in pixels."""

PAUSES = {".": 0.25, "?": 0.25, "!": 0.25, ":": 0.25, ",": 0.08, ";": 0.08}
"""How much unevenness (sum of squared shares of the width) a break after this mark is worth."""

FULL = 1 + 1e-9
"""A full line; shares are quotients, so an exact fit may come out a hair above one."""


def balanced(text: str, width: float, measure: Measure) -> list[str]:
    """The best lines of the least number that fits in `width`; line breaks in the text are kept.

    A word wider than `width` stands alone.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _paragraph(paragraph.split(" "), max(1.0, width), measure)
    return lines


def _paragraph(words: list[str], limit: float, measure: Measure) -> list[str]:
    widths = [measure(word) for word in words]
    space = measure(" ")
    if len(words) == 1 or sum(widths) + space * (len(words) - 1) <= limit:
        return [" ".join(words)]
    ends = list(accumulate(width + space for width in widths))

    def share(first: int, last: int) -> float:
        """How much of the width the words from `first` up to before `last` take."""
        return (ends[last - 1] - (ends[first - 1] if first else 0.0) - space) / limit

    @cache
    def best(first: int, lines: int) -> tuple[float, tuple[int, ...]]:
        """Cost and line ends of the words from `first` on in that many lines."""
        if lines == 1:
            taken = share(first, len(words))
            fits = taken <= FULL or first == len(words) - 1
            return (taken**2 if fits else float("inf"), (len(words),))
        found: tuple[float, tuple[int, ...]] = (float("inf"), ())
        for last in range(first + 1, len(words) - lines + 2):
            taken = share(first, last)
            if taken > FULL and last > first + 1:
                break
            cost, rest = best(last, lines - 1)
            cost += taken**2 - PAUSES.get(words[last - 1][-1:], 0.0)
            found = min(found, (cost, (last, *rest)))
        return found

    chosen = best(0, _fewest(widths, space, limit))[1]
    return [" ".join(words[first:last]) for first, last in zip((0, *chosen), chosen, strict=False)]


def _fewest(widths: list[float], space: float, limit: float) -> int:
    """How many lines it takes when each is filled as far as it goes."""
    lines, used = 0, float("inf")
    for width in widths:
        if used + space + width <= limit:
            used += space + width
        else:
            lines, used = lines + 1, width
    return lines
