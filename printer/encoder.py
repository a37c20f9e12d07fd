"""Encodes 1-bit pages as ESC/POS: `GS v 0` raster bands, `ESC J` over blank rows, and a partial cut.

Epson ESC/POS Command Reference. Three things it says that decide the shape of this file:

- GS P: the vertical motion unit that ESC J counts in is half a dot by default (1/406 inch on 203 dpi models), so
  the units are set to one dot first; without it every blank run comes out half as high.
- Real-time commands (DLE EOT, DLE ENQ, DLE DC4) are carried out wherever their bytes turn up, in the middle of a
  picture too: it may ask for status bytes nobody waits for, open a drawer, clear the buffer, switch off. GS ( D
  disables two of them on some models. So no byte pair that begins one is ever sent. A pair across two rows is
  parted by ending the band between them. A row with a pair inside is packed anew from its 1st to 7th dot on and put
  in its place with ESC $, which GS v 0 obeys to the dot (slower, so only where needed); blank dots at the left
  allow that, and slips have a margin of 16. Only for a row that has ink from its first dot on, or pairs at every
  alignment, a blank dot beside the pair is printed black. No slip has such a row.
- GS v 0 beyond the last inked byte of a band is paper: it is not sent.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Packed = NDArray[np.uint8]
"""Rows × bytes, the leftmost dot in the highest bit, 1 is ink."""

INITIALISE = b"\x1b@"
DOTS_PER_INCH = 203
MOTION_UNITS_OF_ONE_DOT = bytes((0x1D, 0x50, DOTS_PER_INCH, DOTS_PER_INCH))
FEED_AND_CUT_PARTIALLY = b"\x1dV\x42\x00"

DLE = 0x10
REAL_TIME_SECONDS = (0x04, 0x05, 0x14)
"""EOT, ENQ, DC4: what makes a real-time command of a DLE before it."""

SECONDS = np.zeros(256, np.bool_)
SECONDS[list(REAL_TIME_SECONDS)] = True

MAX_BAND_ROWS = 255
"""yH stays 0: cheap printers ignore it, or keep no more than this in memory."""

MIN_FEED_ROWS = 16
"""Shorter blank runs stay in the raster; each stop of the motor leaves a faint mark."""


def encode(pages: tuple[Image.Image, ...]) -> bytes:
    """A job that prints and cuts each page. Raises: ValueError for a page that is not 1-bit or bytes wide."""
    job = bytearray(INITIALISE + MOTION_UNITS_OF_ONE_DOT)
    for page in pages:
        for command in _page(_packed(page)):
            job += command
        job += FEED_AND_CUT_PARTIALLY
    if has_real_time_pair(bytes(job)):
        raise ValueError("a real-time command slipped into the job")
    return bytes(job)


def has_real_time_pair(data: bytes) -> bool:
    """Whether a byte pair that begins a real-time command is in the data."""
    return any(bytes((DLE, second)) in data for second in REAL_TIME_SECONDS)


def _packed(page: Image.Image) -> Packed:
    if page.mode != "1" or page.width % 8:
        raise ValueError(f"cannot print a page of mode {page.mode} and {page.width} dots width")
    return ~np.frombuffer(page.tobytes(), np.uint8).reshape(page.height, page.width // 8)


def _page(packed: Packed) -> Iterator[bytes]:
    row = 0
    for start, end in _inked_runs(packed.any(axis=1)):
        yield from _feed(start - row)
        yield from _rows(packed[start:end])
        row = end
    yield from _feed(len(packed) - row)


def _inked_runs(inked: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Runs of rows with ink, joined across gaps shorter than a feed is worth."""
    rows = np.flatnonzero(inked)
    if not rows.size:
        return
    breaks = np.flatnonzero(np.diff(rows) > MIN_FEED_ROWS)
    starts = rows[np.concatenate(([0], breaks + 1))]
    ends = rows[np.concatenate((breaks, [rows.size - 1]))] + 1
    yield from zip(starts.tolist(), ends.tolist(), strict=True)


def _feed(rows: int) -> Iterator[bytes]:
    """ESC J n, n in motion units of one dot."""
    while rows > 0:
        step = min(rows, 255)
        yield bytes((0x1B, 0x4A, step))
        rows -= step


def _rows(packed: Packed) -> Iterator[bytes]:
    """Rows of one inked run as bands: as many rows together as share an offset and make no pair."""
    troubled = np.flatnonzero(_pairs(packed).any(axis=1))
    start = 0
    for row in [*troubled.tolist(), len(packed)]:
        for top in range(start, row, MAX_BAND_ROWS):
            yield from _band(packed[top : min(row, top + MAX_BAND_ROWS)], offset_dots=0)
        if row < len(packed):
            yield from _band(*_moved(packed[row : row + 1]))
        start = row + 1


def _pairs(packed: Packed) -> NDArray[np.bool_]:
    """Where a byte and the next one in its row begin a real-time command."""
    return np.asarray((packed[:, :-1] == DLE) & SECONDS[packed[:, 1:]])


def _moved(row: Packed) -> tuple[Packed, int]:
    """One troubled row packed from a dot on at which no pair arises, and that dot's number."""
    dots = np.unpackbits(row, axis=1)
    blank = int(dots.argmax())
    for offset in range(1, min(blank, 7) + 1):
        packed = np.packbits(dots[:, offset:], axis=1)
        if not _pairs(packed).any():
            return packed, offset
    return _blackened(row.copy()), 0


def _blackened(packed: Packed) -> Packed:
    """The row with the lowest dot of each pair's first byte black: 10h becomes 11h."""
    pairs = _pairs(packed)
    packed[:, :-1][pairs] |= 1
    return packed


def _band(packed: Packed, offset_dots: int) -> Iterator[bytes]:
    """GS v 0, split between rows wherever one row's end and the next row's start make a pair."""
    columns = int(np.flatnonzero(packed.any(axis=0)).max(initial=-1)) + 1
    if not columns:
        yield from _feed(len(packed))
        return
    data = np.ascontiguousarray(packed[:, :columns])
    across = (data[:-1, -1] == DLE) & SECONDS[data[1:, 0]]
    if across.any():
        split = int(across.argmax()) + 1
        yield from _band(packed[:split], offset_dots)
        yield from _band(packed[split:], offset_dots)
        return
    if offset_dots:
        yield bytes((0x1B, 0x24, offset_dots, 0))
    raster = data.tobytes()
    rows = len(data)
    if len(raster) != rows * columns or not 1 <= rows <= MAX_BAND_ROWS:
        raise ValueError(f"a band of {rows} × {columns} bytes holds {len(raster)}")
    yield bytes((0x1D, 0x76, 0x30, 0, columns & 0xFF, columns >> 8, rows & 0xFF, rows >> 8)) + raster
