"""Proves with the real mesh and embedder that personas differ from each other and resemble their own portrait."""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import combinations, product
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

MIN_APART, MAX_FROM_PORTRAIT = 0.60, 0.40
"""Beyond what the kiosk itself allows (kiosk.settings.FaceSettings), so that a rehearsal never turns on noise."""
POSES = {"neutral": "none", "turn_left": "left", "turn_right": "right"}
SETTLE_FRAMES = 14
CAMERA = CameraSettings(driver="synthetic", lockstep=True, frames_per_s=10)

Embedding = NDArray[np.float64]


class FacesTooAlike(Exception):
    """Two personas are closer than MIN_APART in some pose."""


class FaceUnlikeItself(Exception):
    """A persona's portrait is farther than MAX_FROM_PORTRAIT from the same persona before the camera."""


@dataclass(frozen=True)
class Likeness:
    """What the embedder makes of a persona: the chip's portrait, and the frames of POSES."""

    portrait: Embedding
    live: tuple[Embedding, ...]


def look_at(persona_id: str, directory: Path) -> Likeness:
    """Embed a baked persona's portrait and poses. Raises: FaceUnlikeItself if some picture shows no face."""
    with Pictures.open(io.BytesIO((directory / f"{persona_id}.jpg").read_bytes())) as picture:
        portrait = np.asarray(picture.convert("RGB"))
    images = [portrait, *(_frame(persona_id, directory, arrow) for arrow in POSES.values())]
    embedder = DlibResnetEmbedder()
    with MediapipeFaceMesh() as mesh:
        found = [_embed(image, mesh, embedder) for image in images]
    return Likeness(found[0], tuple(found[1:]))


def prove(known: dict[str, Likeness]) -> dict[str, float]:
    """The largest distance within each persona and the smallest between any two.

    Raises: FacesTooAlike, FaceUnlikeItself.
    """
    report = {}
    for name, face in known.items():
        report[name] = max(_distance(face.portrait, pose) for pose in face.live)
        if report[name] > MAX_FROM_PORTRAIT:
            raise FaceUnlikeItself(f"{name}: {report[name]:.2f}")
    for (one, face), (other, other_face) in combinations(known.items(), 2):
        pairs = product((face.portrait, *face.live), (other_face.portrait, *other_face.live))
        report[f"{one}/{other}"] = min(_distance(a, b) for a, b in pairs)
        if report[f"{one}/{other}"] <= MIN_APART:
            raise FacesTooAlike(f"{one}, {other}: {report[f'{one}/{other}']:.2f}")
    return {name: round(value, 3) for name, value in report.items()}


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
