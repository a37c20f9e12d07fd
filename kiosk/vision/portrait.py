"""Decodes a document's portrait: JPEG, JPEG 2000 (JP2), or a bare JPEG 2000 codestream. ISO/IEC 19794-5."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image as Pictures
from PIL import UnidentifiedImageError

from kiosk.errors import PortraitUnreadable
from kiosk.ports import Image

MAX_PIXELS = 4_000_000
MIN_SIDE_PX = 90


def decode(data: bytes | memoryview) -> Image:
    """The portrait in RGB. Raises: PortraitUnreadable."""
    try:
        with Pictures.open(io.BytesIO(data), formats=("JPEG", "JPEG2000")) as picture:
            if picture.width * picture.height > MAX_PIXELS or min(picture.size) < MIN_SIDE_PX:
                raise PortraitUnreadable("a portrait of an impossible size")
            return np.asarray(picture.convert("RGB")).copy()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Pictures.DecompressionBombError) as error:
        # the decoder's own words may quote the data
        raise PortraitUnreadable("the portrait cannot be decoded") from error
