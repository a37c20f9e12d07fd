"""Plants something personal in each kind of place, as a careless kiosk would leave it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from PIL import Image as Pictures
from PIL import ImageDraw, ImageFont

from kiosk.preview import HEADER
from kiosk.settings import ScreenSettings
from provisioning.rig.rig import Rig

from . import faces, memory
from .canaries import Canary


def log_line(rig: Rig, canary: Canary) -> None:
    """A traceback that quotes a name."""
    with rig.log_file.open("a", encoding="utf-8") as log:
        log.write(json.dumps({"event": "failed", "text": canary.persona.card.name}) + "\n")


def temporary_file(rig: Rig, canary: Canary) -> None:
    """The portrait, as a decoder's temporary file."""
    (rig.directory / "tmpdir" / "tmpabcd1234").write_bytes(canary.portrait)


def frame(rig: Rig, canary: Canary) -> None:
    """A frame in the preview that nobody wiped."""
    pixels = faces.decoded(canary.portrait)
    height, width = pixels.shape[:2]
    with rig.files.preview.open("r+b") as preview:
        preview.write(HEADER.pack(2, width, height) + pixels.tobytes())


def embedding(rig: Rig, values: np.ndarray) -> None:
    """An embedding in a cache."""
    np.save(rig.directory / "home" / "faces.npy", values)


def slip(rig: Rig, canary: Canary) -> None:
    """A slip's raster, one bit a dot."""
    sheet = Pictures.new("1", (576, 300), 1)
    font = ImageFont.truetype(str(ScreenSettings.model_fields["font_bold"].default), 34)
    ImageDraw.Draw(sheet).text((24, 100), canary.persona.card.name, fill=0, font=font)
    sheet.save(rig.directory / "slip.png")


def core_dump(pid: int, file: Path, canary: Canary) -> None:
    """What the kernel writes when a process crashes, as far as it matters: regions with traces."""
    name = canary.persona.card.name
    with file.open("wb") as core:
        for _, data in memory.regions(pid):
            if any(
                trace in data for trace in (name.encode(), name.encode("utf-16-le"), canary.portrait[-200:-100])
            ):
                core.write(data)
