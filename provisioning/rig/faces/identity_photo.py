"""The portrait for data group 2: the same person on another day, in a studio's light, before a plain wall.

It is rendered anew from the relief: another lens and distance, another light, a slightly other pose and face
height, another sharpness, then JPEG at chip size; never a crop of what the kiosk's camera sees.
"""

from __future__ import annotations

import io

import cv2
import numpy as np
from PIL import Image as Pictures

from drivers.camera.synthetic.assets import Head
from drivers.camera.synthetic.motion import rotation
from drivers.camera.synthetic.raster import Lens, draw

WIDTH_PX, HEIGHT_PX = 414, 532
"""35 × 45 mm at 300 dots an inch, in even numbers."""
MAX_BYTES = 20_000
STUDIO = Lens(WIDTH_PX, HEIGHT_PX, 2300.0)
STANDS_AT_MM = np.array([0, 14, 1400], np.float32)
POSE_DEG = (-3.0, 2.5, 1.2)
EXPRESSION_STRETCH = np.array([1.0, 1.015, 0.97], np.float32)
"""The face a little longer and flatter than live: lips and brows at rest, a longer lens."""
WALL = np.array([226, 231, 236], np.float32)
WARM = np.array([1.02, 1.0, 0.95], np.float32)
KEY_LIGHT = np.array([-0.45, -0.35, -0.82], np.float32)


def identity_photo(head: Head) -> bytes:
    """A JPEG of at most 20 kB."""
    turn = rotation(*POSE_DEG)
    vertices = (head.mesh.vertices * EXPRESSION_STRETCH) @ turn.T + STANDS_AT_MM
    shade = 0.72 + 0.36 * np.maximum((head.normals @ turn.T) @ KEY_LIGHT, 0)
    drawn = draw(head.mesh, vertices, shade[:, None].astype(np.float32), STUDIO)
    if drawn is None:
        raise ValueError("the head is outside the picture")
    seen = cv2.remap(head.texture, drawn.places, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    person = np.clip(seen[..., :3] * drawn.attributes * WARM, 0, 255)
    picture = np.broadcast_to(WALL, (HEIGHT_PX, WIDTH_PX, 3)).copy()
    picture[drawn.window] += (person - WALL) * (seen[..., 3] * drawn.cover / 255)[..., None]
    picture = cv2.GaussianBlur(picture, (0, 0), 0.8)
    return _jpeg(Pictures.fromarray(picture.astype(np.uint8)))


def _jpeg(picture: Pictures.Image) -> bytes:
    for quality in range(92, 40, -4):
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=quality, optimize=True)
        if file.tell() <= MAX_BYTES:
            return file.getvalue()
    raise ValueError("the portrait does not fit a chip")
