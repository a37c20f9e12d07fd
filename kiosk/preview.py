"""The camera's newest frame, shared by memory from the vision process to the screen.

One memory-backed file, mode 0600: a sequence lock (odd while writing), width, height, then RGB rows.
"""

from __future__ import annotations

import mmap
import os
import struct
from pathlib import Path

import numpy as np

from kiosk.ports import Image

HEADER = struct.Struct("=QII")
MAX_PIXELS = 1280 * 720


class PreviewWriter:
    """Owned by the vision process; it begins by overwriting what one that died may have left."""

    def __init__(self, path: Path) -> None:
        size = HEADER.size + MAX_PIXELS * 3
        # never cut: a page that vanished under a reader of the process before would kill it (SIGBUS)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.ftruncate(descriptor, size)
        self._map = mmap.mmap(descriptor, size)
        os.close(descriptor)
        self.wipe()

    def write(self, image: Image) -> None:
        """Publish a frame."""
        height, width = image.shape[:2]
        HEADER.pack_into(self._map, 0, self._sequence + 1, width, height)
        self._map[HEADER.size : HEADER.size + image.size] = np.ascontiguousarray(image).tobytes()
        self._sequence += 2
        HEADER.pack_into(self._map, 0, self._sequence, width, height)

    def wipe(self) -> None:
        """Overwrite the frame; readers see none."""
        self._map[:] = bytes(len(self._map))
        self._sequence = 0

    def close(self) -> None:
        """Wipe and unmap."""
        self.wipe()
        self._map.close()


class PreviewReader:
    """Owned by the screen process."""

    def __init__(self, path: Path) -> None:
        self._path, self._seen = path, 0
        self._map: mmap.mmap | None = None

    def read(self) -> Image | None:
        """The newest frame if there is one not yet seen, as a copy."""
        if self._map is None:
            if not self._path.exists():
                return None
            with self._path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        before, width, height = HEADER.unpack_from(self._map, 0)
        if before == self._seen or before % 2 or not width:
            return None
        pixels = np.frombuffer(self._map, np.uint8, width * height * 3, HEADER.size).copy()
        if HEADER.unpack_from(self._map, 0)[0] != before:
            return None
        self._seen = before
        return pixels.reshape(height, width, 3)
