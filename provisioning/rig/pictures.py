"""The documentation's pictures: every screen from the gallery and every slip, small; `make pictures`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PIL import Image

from screens.samples import SAMPLES

GALLERY, PICTURES, PAGE = Path("out/gallery"), Path("docs/pictures"), Path("docs/reference/screens.md")
SHOWN = (("portrait", "vi", 270), ("landscape", "en", 430))
"""Shape, language and width in pixels of what the page shows; `make gallery` renders all four combinations."""
COLOURS = 64
HEAD = """# Every screen

Drawn by `make pictures` from the samples in `screens/samples.py`; the names are invented. Vietnamese on a 15.6-inch
panel standing, English on a 10.1-inch panel lying; `make gallery` renders both languages in both shapes.

| screen | standing, Vietnamese | lying, English |
|---|---|---|
"""


def main() -> None:
    """Render, shrink, and write the page."""
    for shape, language, _ in SHOWN:
        command = [sys.executable, "-m", "screens.gallery", str(GALLERY), "--shape", shape, "--language", language]
        subprocess.run(command, check=True)
    PICTURES.mkdir(exist_ok=True)
    rows = []
    for name in SAMPLES:
        files = [f"{name}-{shape}-{language}.png" for shape, language, _ in SHOWN]
        for file, (_, _, width_px) in zip(files, SHOWN, strict=True):
            shrink(GALLERY / file, PICTURES / file, width_px)
        pictures = " | ".join(f"![]({Path('../pictures') / file})" for file in files)
        rows.append(f"| {name.replace('_', ' ')} | {pictures} |")
    PAGE.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")


def shrink(source: Path, target: Path, width_px: int) -> None:
    """A small picture for the documentation."""
    with Image.open(source) as picture:
        height_px = round(picture.height * width_px / picture.width)
        small = picture.convert("RGB").resize((width_px, height_px), Image.Resampling.LANCZOS)
        small.quantize(COLOURS).save(target, optimize=True)


if __name__ == "__main__":
    main()
