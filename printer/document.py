"""A slip as a declaration: what is on it, in order; how it comes to be drawn is layout.py's business.

The vocabulary follows ReceiptLine (lines, columns with widths, rule, code, cut). Nothing here cuts text: a line
too long for its place wraps, and a line with `fit` becomes smaller until its longest word fits.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

Align = Literal["left", "centre", "right"]
Weight = Literal["regular", "bold"]


class Size(IntEnum):
    """Type sizes as em heights in dots at 203 dots an inch (8 dots are 1 mm, 36 dots are 12.8 points)."""

    SMALL = 28
    BODY = 34
    LARGE = 44
    TITLE = 56
    NUMBER = 230


@dataclass(frozen=True)
class Line:
    """A paragraph. `inverse` draws white on a black bar; `fit` shrinks the type to the width, not below BODY."""

    text: str
    size: Size = Size.BODY
    weight: Weight = "regular"
    align: Align = "left"
    inverse: bool = False
    fit: bool = False


@dataclass(frozen=True)
class Cell:
    """One column's text; `share` is its part of the width against its neighbours' shares.

    A share of 0 takes the text's own width, at most half of the page, before the others share the rest.
    """

    text: str
    share: int = 1
    size: Size = Size.BODY
    weight: Weight = "regular"
    align: Align = "left"


@dataclass(frozen=True)
class Columns:
    """Cells side by side, each wrapping within its own width."""

    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Rule:
    """A line across the page."""

    thickness_dots: int = 2


@dataclass(frozen=True)
class Gap:
    """Blank paper."""

    height_dots: int


@dataclass(frozen=True)
class Qr:
    """A QR code, centred; its modules are as large as fit, at most `max_module_dots` each."""

    payload: str
    max_module_dots: int = 6


@dataclass(frozen=True)
class Pattern:
    """A test pattern across the page: every dot of the head in turn, or a fine checkerboard."""

    kind: Literal["ruler", "checkerboard"]


@dataclass(frozen=True)
class Cut:
    """The paper is cut here; what follows is another page."""


Element = Line | Columns | Rule | Gap | Qr | Pattern | Cut


@dataclass(frozen=True)
class Document:
    """One slip from top to bottom; the paper is cut at its end too."""

    elements: tuple[Element, ...]

    def pages(self) -> tuple[tuple[Element, ...], ...]:
        """The elements between cuts; pages without any are left out."""
        pages: list[list[Element]] = [[]]
        for element in self.elements:
            if isinstance(element, Cut):
                pages.append([])
            else:
                pages[-1].append(element)
        return tuple(tuple(page) for page in pages if page)
