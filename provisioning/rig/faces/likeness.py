"""Proves with the real mesh and embedder that personas differ from each other and resemble their own portrait."""

from __future__ import annotations

import io
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pictures

from drivers.camera.synthetic.source import SyntheticCamera
from drivers.camera.world import Glass, World
from drivers.face_embedding.dlib_resnet import DlibResnetEmbedder
from drivers.face_mesh.mediapipe_mesh import MediapipeFaceMesh
from kiosk.ports import Image
from kiosk.settings import CameraSettings

MIN_APART, MAX_FROM_PORTRAIT = 0.60, 0.45
POSES = {"neutral": "none", "turn_left": "left", "turn_right": "right"}
SETTLE_FRAMES = 14
CAMERA = CameraSettings(driver="synthetic", lockstep=True, frames_per_s=10)

Embedding = NDArray[np.float64]


class FacesTooAlike(Exception):
    """Two personas are closer than MIN_APART in some pose."""


class FaceUnlikeItself(Exception):
    """A persona's portrait is farther than MAX_FROM_PORTRAIT from the same persona before the camera."""


def prove(persona_ids: list[str], directory: Path) -> dict[str, float]:
    """The largest distance within each persona and the smallest between any two. Raises: see above."""
    embedder = DlibResnetEmbedder()
    with MediapipeFaceMesh() as mesh:
        known = {name: _embeddings(name, directory, mesh, embedder) for name in persona_ids}
    report = {}
    for name, (portrait, live) in known.items():
        report[name] = max(_distance(portrait, pose) for pose in live)
        if report[name] > MAX_FROM_PORTRAIT:
            raise FaceUnlikeItself(f"{name}: {report[name]:.2f}")
    for (one, (portrait, live)), (other, (other_portrait, other_live)) in combinations(known.items(), 2):
        pairs = [(a, b) for a in (portrait, *live) for b in (other_portrait, *other_live)]
        report[f"{one}/{other}"] = min(_distance(a, b) for a, b in pairs)
        if report[f"{one}/{other}"] <= MIN_APART:
            raise FacesTooAlike(f"{one}, {other}: {report[f'{one}/{other}']:.2f}")
    return {name: round(value, 3) for name, value in report.items()}


def _embeddings(
    name: str, directory: Path, mesh: MediapipeFaceMesh, embedder: DlibResnetEmbedder
) -> tuple[Embedding, list[Embedding]]:
    with Pictures.open(io.BytesIO((directory / f"{name}.jpg").read_bytes())) as picture:
        portrait = np.asarray(picture.convert("RGB"))
    live = [_frame(name, directory, arrow) for arrow in POSES.values()]
    images = [portrait, *live]
    found = [_embed(image, mesh, embedder) for image in images]
    return found[0], found[1:]


def _embed(image: Image, mesh: MediapipeFaceMesh, embedder: DlibResnetEmbedder) -> Embedding:
    landmarks = mesh.still_landmarks(image)
    if landmarks is None:
        raise FaceUnlikeItself("no face is found where one was drawn")
    return embedder.embed(image, landmarks)


def _frame(name: str, directory: Path, arrow: str) -> Image:
    """A frame of the persona once turned as far as an arrow makes them turn."""
    glass = Glass.model_validate({"kind": "camera", "target": "face", "arrow": arrow})
    world = World(scene="person", persona=name)
    camera = SyntheticCamera(lambda: world, lambda: glass, directory, CAMERA)
    for _ in range(SETTLE_FRAMES):
        camera.read()
    return camera.read().image


def _distance(one: Embedding, other: Embedding) -> float:
    return float(np.linalg.norm(one - other))
