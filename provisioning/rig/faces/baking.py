"""Makes every persona's scene, chip portrait and card picture, and proves with the real embedder that they differ.

The directory then holds, for each persona: `<id>.npz` and `<id>-card.png` for the synthetic camera (described in
drivers/camera/synthetic/assets.py), `<id>.jpg` for data group 2, and `baked.json` with the hash of what went in
and the distances found.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from provisioning.rig import people

MARK = "baked.json"
ROOT = Path(__file__).parents[3]
SOURCES = (ROOT / "provisioning" / "rig" / "faces", ROOT / "drivers" / "camera" / "synthetic")
NOT_INPUTS = {"measure.py", "__main__.py"}
PACKAGES = ("mediapipe", "dlib-bin", "scikit-image", "matplotlib", "numpy", "opencv-contrib-python-headless")


def bake(directory: Path) -> bool:
    """Make all files unless they are there already; True when there was something to do.

    Raises: likeness.FacesTooAlike, likeness.FaceUnlikeItself.
    """
    directory.mkdir(parents=True, exist_ok=True)
    with _alone(directory):
        mark, inputs = directory / MARK, _inputs()
        if mark.exists() and json.loads(mark.read_text(encoding="utf-8"))["inputs"] == inputs:
            return False
        # costly to import, and not needed when all is baked
        from provisioning.rig.faces.likeness import prove
        from provisioning.rig.faces.making import make

        mark.unlink(missing_ok=True)
        everybody = people.everybody()
        for persona in everybody:
            make(persona, directory)
        report = prove([persona.id for persona in everybody], directory)
        mark.write_text(json.dumps({"inputs": inputs, "distances": report}, indent=1), encoding="utf-8")
    return True


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """One process bakes at a time; the others find it done."""
    with (directory / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _inputs() -> str:
    digest = hashlib.sha256()
    files = [file for source in SOURCES for file in source.glob("*.py") if file.name not in NOT_INPUTS]
    for file in sorted([*files, *people.PEOPLE_DIR.glob("*.toml")]):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    for package in PACKAGES:
        digest.update(f"{package} {version(package)}\n".encode())
    return digest.hexdigest()
