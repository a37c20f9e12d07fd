"""Draws a document as 1-bit pages as wide as the printer's head. Mode "1": 0 is ink, 1 is paper.

Native text is not used: no code page prints all of Vietnamese on the printers in the field (escpos-php#254).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import qrcode
from PIL import Image, ImageDraw

from printer.document import Align, Cell, Columns, Document, Element, Gap, Line, Pattern, Qr, Rule, Size
from printer.typesetting import Face, Fonts

INK, PAPER = 0, 1
MARGIN_DOTS = 16
"""Left and right, 2 mm: for rolls that run askew, and so the encoder may shift rows (encoder.py)."""
COLUMN_GAP_DOTS = 16
LINE_SPACING = 1.12
BAR_PADDING_DOTS = 12
QR_QUIET_MODULES = 4
"""ISO/IEC 18004 §9.1: four modules of quiet zone on each side."""
QR_LEAST_MODULE_DOTS = 3

Page = Image.Image


def draw(document: Document, width_dots: int, fonts: Fonts) -> tuple[Page, ...]:
    """The document's pages, one for each cut.

    Raises: ValueError if a QR code does not fit with modules of at least 3 dots.
    """
    painter = _Painter(width_dots, fonts)
    return tuple(_stack(width_dots, map(painter.strip, elements)) for elements in document.pages())


def _blank(width_dots: int, height_dots: int) -> Page:
    return Image.new("1", (width_dots, height_dots), PAPER)


def _stack(width_dots: int, strips: Iterable[Page]) -> Page:
    drawn = list(strips)
    page = _blank(width_dots, sum(strip.height for strip in drawn))
    top = 0
    for strip in drawn:
        page.paste(strip, (0, top))
        top += strip.height
    return page


class _Painter:
    """Turns one element into a strip of page."""

    def __init__(self, width_dots: int, fonts: Fonts) -> None:
        self._width, self._inner, self._fonts = width_dots, width_dots - 2 * MARGIN_DOTS, fonts
        self._strips: dict[type, Callable[[Any], Page]] = {
            Line: self._line,
            Columns: self._columns,
            Rule: self._rule,
            Gap: lambda gap: _blank(width_dots, gap.height_dots),
            Qr: self._qr,
            Pattern: self._pattern,
        }

    def strip(self, element: Element) -> Page:
        return self._strips[type(element)](element)

    def _line(self, line: Line) -> Page:
        padding = BAR_PADDING_DOTS if line.inverse else 0
        width = self._inner - 2 * padding
        face = self._fonts.face(line.weight, line.size)
        if line.fit:
            face = self._fonts.fitting_face(line.weight, line.size, line.text, width, Size.BODY)
        ink, paper = (PAPER, INK) if line.inverse else (INK, PAPER)
        extent = _extent(face, line.text) if line.fit else _extent(face)
        block = _paragraph(face, extent, face.wrap(line.text, width, line.align), width, line.align, ink, paper)
        strip = _blank(self._width, block.height + 2 * padding)
        strip.paste(paper, (MARGIN_DOTS, 0, MARGIN_DOTS + self._inner, strip.height))
        strip.paste(block, (MARGIN_DOTS + padding, padding))
        return strip

    def _columns(self, columns: Columns) -> Page:
        blocks, left = [], MARGIN_DOTS
        for cell, width in zip(columns.cells, self._widths(columns.cells), strict=True):
            face = self._fonts.face(cell.weight, cell.size)
            extent, lines = _extent(face), face.wrap(cell.text, width, cell.align)
            blocks.append((left, _paragraph(face, extent, lines, width, cell.align, INK, PAPER), extent[0]))
            left += width + COLUMN_GAP_DOTS
        baseline = max(ascent for _, _, ascent in blocks)
        strip = _blank(self._width, max(baseline - ascent + block.height for _, block, ascent in blocks))
        for x, block, ascent in blocks:
            strip.paste(block, (x, baseline - ascent))
        return strip

    def _widths(self, cells: tuple[Cell, ...]) -> list[int]:
        """Columns' widths in dots; together with the gaps between them they fill the page."""
        room = self._inner - COLUMN_GAP_DOTS * (len(cells) - 1)
        own = [self._fonts.face(cell.weight, cell.size).width_dots(cell.text) for cell in cells]
        fixed = [0 if cell.share else min(width, room // 2) for cell, width in zip(cells, own, strict=True)]
        shares = sum(cell.share for cell in cells) or 1
        return [
            width or (room - sum(fixed)) * cell.share // shares for cell, width in zip(cells, fixed, strict=True)
        ]

    def _rule(self, rule: Rule) -> Page:
        strip = _blank(self._width, rule.thickness_dots)
        strip.paste(INK, (MARGIN_DOTS, 0, MARGIN_DOTS + self._inner, rule.thickness_dots))
        return strip

    def _qr(self, qr: Qr) -> Page:
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=QR_QUIET_MODULES)
        code.add_data(qr.payload)
        matrix = code.get_matrix()
        modules = len(matrix)
        module_dots = min(qr.max_module_dots, self._width // modules)
        if module_dots < QR_LEAST_MODULE_DOTS:
            raise ValueError(f"a QR code of {modules} modules does not fit {self._width} dots")
        small = Image.new("1", (modules, modules))
        small.putdata([PAPER if not dark else INK for row in matrix for dark in row])
        side = modules * module_dots
        strip = _blank(self._width, side)
        strip.paste(small.resize((side, side), Image.Resampling.NEAREST), ((self._width - side) // 2, 0))
        return strip

    def _pattern(self, pattern: Pattern) -> Page:
        if pattern.kind == "checkerboard":
            strip = _blank(self._width, 32)
            strip.putdata([(x ^ y) & 1 for y in range(strip.height) for x in range(strip.width)])
            return strip
        strip = _blank(self._width, 48)
        pen = ImageDraw.Draw(strip)
        for x in range(0, self._width, 8):
            pen.line((x, 0, x, 46 if x % 80 == 0 else 24 if x % 40 == 0 else 12), INK)
        return strip


Extent = tuple[int, int]
"""Ascent and descent in dots."""


def _extent(face: Face, text: str | None = None) -> Extent:
    """Room for any Vietnamese letter, or just for `text`, so that figures need not stand under absent marks."""
    return (face.ascent_dots(text), face.descent_dots(text)) if text else (face.ascent_dots(), face.descent_dots())


def _paragraph(
    face: Face, extent: Extent, lines: list[str], width: int, align: Align, ink: int, paper: int
) -> Page:
    height = sum(extent)
    pitch = round(height * LINE_SPACING)
    block = Image.new("1", (width, height + pitch * (len(lines) - 1)), paper)
    pen = ImageDraw.Draw(block)
    pen.fontmode = "1"
    for index, line in enumerate(lines):
        spare = width - face.width_dots(line)
        x = {"left": 0, "centre": spare // 2, "right": spare}[align] + face.overhang_dots(line)
        pen.text((x, extent[0] + index * pitch), line, fill=ink, font=face.font, anchor="ls")
    return block
