"""What a portrait may leave: pieces of its JPEG, rows of its pixels in any layout, its embedding as floats."""

from __future__ import annotations

import io
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pictures

from kiosk.ports import Image

from .needles import Needle
from .spellings import pieces_in_base64

PIECE_BYTES, EVERY_BYTES = 24, 512
ROW_PIXELS, EVERY_ROWS = 16, 12
FLOATS = 4
_START_OF_SCAN = b"\xff\xda"


def of_jpeg(whose: str, data: bytes) -> set[Needle]:
    """A piece of every half kilobyte of the picture itself; the tables before it are in many a JPEG."""
    needles: set[Needle] = set()
    for at in range(data.index(_START_OF_SCAN) + 32, len(data) - PIECE_BYTES, EVERY_BYTES):
        needles |= pieces_in_base64(whose, "portrait, JPEG", data[at : at + PIECE_BYTES])
    return needles


def of_pixels(whose: str, what: str, image: Image) -> set[Needle]:
    """Sixteen neighbouring pixels of every twelfth row, in every layout, either way round."""
    needles: set[Needle] = set()
    for layout, pixels in _layouts(image):
        for at in range(0, len(pixels), EVERY_ROWS):
            run = _liveliest(pixels[at])
            if run is not None:
                needles.add(Needle(whose, f"{what}, {layout}", run.tobytes()))
                needles.add(Needle(whose, f"{what}, {layout}, mirrored", run[::-1].tobytes()))
    return needles


def of_embedding(whose: str, what: str, embedding: NDArray[np.float64]) -> set[Needle]:
    """Any four of its values in a row, as 32 and as 64 bits."""
    return {
        Needle(whose, f"{what}, {kind}", embedding[at : at + FLOATS].astype(kind).tobytes())
        for kind in ("<f4", "<f8")
        for at in range(0, len(embedding) - FLOATS + 1, FLOATS)
    }


def decoded(jpeg: bytes) -> Image:
    """A portrait's pixels, as the kiosk decodes them."""
    with Pictures.open(io.BytesIO(jpeg)) as picture:
        return np.asarray(picture.convert("RGB"))


def _layouts(image: Image) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    opaque = np.full((*image.shape[:2], 1), 255, np.uint8)
    bgr = np.ascontiguousarray(image[:, :, ::-1])
    yield "RGB", image
    yield "BGR", bgr
    yield "RGBA", np.concatenate([image, opaque], axis=2)
    yield "BGRA", np.concatenate([bgr, opaque], axis=2)
    yield "grey", cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    yield "luma", cv2.cvtColor(image, cv2.COLOR_RGB2YUV)[:, :, 0]


def _liveliest(row: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """The run of pixels with the most different values: an even ground is in many pictures."""
    runs = [row[at : at + ROW_PIXELS] for at in range(0, len(row) - ROW_PIXELS + 1, ROW_PIXELS // 2)]
    run = max(runs, key=lambda pixels: len(np.unique(pixels)))
    return run if len(np.unique(run)) >= ROW_PIXELS // 2 else None
