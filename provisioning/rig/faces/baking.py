"""Makes every persona's scene, chip portrait and card picture, and proves with the real embedder that they differ.

The directory then holds, for each persona, `<id>-card.png` and, if they have a face, `<id>.npz` for the synthetic
camera (both described in drivers/camera/synthetic/assets.py) and `<id>.jpg` for data group 2; and `baked.json` with
the hash of what went in and the distances found.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from importlib.metadata import version
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING

from provisioning.rig import people

if TYPE_CHECKING:
    from provisioning.rig.faces.likeness import Likeness

MARK = "baked.json"
ROOT = Path(__file__).parents[3]
SOURCES = (
    *(ROOT / "provisioning" / "rig" / "faces").glob("*.py"),
    *(ROOT / "drivers" / "camera" / "synthetic").glob("*.py"),
    ROOT / "provisioning" / "trust" / "card_qr.py",
    ROOT / "provisioning" / "rig" / "people.py",
)
NOT_INPUTS = {"measure.py", "__main__.py"}
PACKAGES = ("mediapipe", "dlib-bin", "scikit-image", "matplotlib", "numpy", "opencv-contrib-python-headless")

PROCESSES = 2
"""Two people at a time: on two cores half the wait, and each process takes about 400 MB."""


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

        mark.unlink(missing_ok=True)
        everybody = people.everybody()
        # not forked: MediaPipe's threads would not come along
        with ProcessPoolExecutor(PROCESSES, mp_context=multiprocessing.get_context("spawn")) as pool:
            faces = list(pool.map(_make_and_look, everybody, repeat(directory)))
        known = zip(everybody, faces, strict=True)
        report = prove({persona.id: face for persona, face in known if face is not None})
        mark.write_text(json.dumps({"inputs": inputs, "distances": report}, indent=1), encoding="utf-8")
    return True


def _make_and_look(persona: people.Persona, directory: Path) -> Likeness | None:
    from provisioning.rig.faces.likeness import look_at
    from provisioning.rig.faces.making import make

    make(persona, directory)
    return look_at(persona.id, directory) if persona.face else None


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """One process bakes at a time; the others find it done."""
    with (directory / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _inputs() -> str:
    digest = hashlib.sha256()
    files = [file for file in SOURCES if file.name not in NOT_INPUTS]
    for file in sorted([*files, *people.PEOPLE_DIR.glob("*.toml")]):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    for package in PACKAGES:
        digest.update(f"{package} {version(package)}\n".encode())
    return digest.hexdigest()
