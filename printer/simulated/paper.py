"""The paper under the simulated print head."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Dots = NDArray[np.bool_]
"""Rows × dots, True is black."""


class Paper:
    """Rows printed or fed since the last cut; `on_cut` is given each page in mode "1", black 0."""

    def __init__(self, width_dots: int, on_cut: Callable[[Image.Image], None]) -> None:
        self.width_dots, self._on_cut = width_dots, on_cut
        self._strips: list[Dots] = []
        self._half_dots = 0
        self.rows_printed = 0

    def print_rows(self, dots: Dots, left: int) -> None:
        """Print rows with their first dot at `left`; dots beyond the head are discarded one by one."""
        strip = np.zeros((len(dots), self.width_dots), np.bool_)
        shown = dots[:, : max(0, self.width_dots - left)]
        strip[:, left : left + shown.shape[1]] = shown
        self._strips.append(strip)
        self.rows_printed += len(strip)

    def feed(self, half_dots: int) -> None:
        """Move the paper on by half dots, the mechanical pitch of 203 dpi mechanisms."""
        self._half_dots += half_dots
        rows, self._half_dots = divmod(self._half_dots, 2)
        self._strips.append(np.zeros((rows, self.width_dots), np.bool_))

    def cut(self) -> None:
        """Hand over the page; a cut of no paper hands over nothing."""
        page = np.concatenate(self._strips) if self._strips else np.zeros((0, self.width_dots), np.bool_)
        self._strips.clear()
        if len(page):
            self._on_cut(Image.fromarray(~page))
