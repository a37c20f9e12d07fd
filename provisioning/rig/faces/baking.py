"""Makes every persona's scene, chip portrait and card picture, and proves with the real embedder that they differ.

The directory then holds, for each persona: `<id>.npz` and `<id>-card.png` for the synthetic camera (described in
drivers/camera/synthetic/assets.py), `<id>.jpg` for data group 2, and `baked.json` with the hash of what went in.
"""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path

import numpy as np

from drivers.camera.synthetic.assets import load_head
from provisioning.rig import people
from provisioning.rig.faces import card, geometry, likeness, portraits, relief, texture
from provisioning.rig.faces.identity_photo import identity_photo
from provisioning.rig.faces.recipe import Recipe

MARK = "baked.json"
SOURCES = (Path(__file__).parent, Path(likeness.__file__).parents[3] / "drivers" / "camera" / "synthetic")


def bake(directory: Path) -> bool:
    """Make all files unless they are there already; True when there was something to do.

    Raises: likeness.FacesTooAlike, likeness.FaceUnlikeItself.
    """
    mark, inputs = directory / MARK, _inputs()
    if mark.exists() and json.loads(mark.read_text(encoding="utf-8")).get("inputs") == inputs:
        return False
    directory.mkdir(parents=True, exist_ok=True)
    mark.unlink(missing_ok=True)
    for persona in people.everybody():
        _bake_one(persona, directory)
    report = likeness.prove([persona.id for persona in people.everybody()], directory)
    mark.write_text(json.dumps({"inputs": inputs, "distances": report}, indent=1), encoding="utf-8")
    return True


def _bake_one(persona: people.Persona, directory: Path) -> None:
    recipe = Recipe.of(persona.face.recipe)
    source = portraits.portrait(persona.face.portrait)
    shaped = geometry.warp(source, recipe.geometry, recipe.texture.mouth_closed)
    painted = texture.paint(shaped, recipe.texture, seed=int(persona.card.citizen_number))
    surface = relief.relief(painted)
    np.savez_compressed(
        directory / f"{persona.id}.npz",
        texture=np.dstack([painted.image, (painted.person * 255).astype(np.uint8)]),
        vertices=surface.mesh.vertices,
        texture_points=surface.mesh.texture_points,
        triangles=surface.mesh.triangles,
        twist=surface.twist,
    )
    (directory / f"{persona.id}.jpg").write_bytes(identity_photo(load_head(directory, persona.id)))
    card.picture(persona.card).save(directory / f"{persona.id}-card.png")


def _inputs() -> str:
    digest = hashlib.sha256()
    files = [file for source in SOURCES for file in source.glob("*.py")]
    for file in sorted([*files, *people.PEOPLE_DIR.glob("*.toml")]):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    for package in (
        "mediapipe",
        "dlib-bin",
        "scikit-image",
        "matplotlib",
        "numpy",
        "opencv-contrib-python-headless",
    ):
        digest.update(f"{package} {version(package)}\n".encode())
    return digest.hexdigest()
