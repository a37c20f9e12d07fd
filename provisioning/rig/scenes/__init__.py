"""Who or what stands before the synthetic camera: one TOML file a scene, named as on the command line."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from drivers.camera.world import LensState, Scene, World
from provisioning.rig import people

SCENES_DIR = Path(__file__).parent


class SceneFile(BaseModel):
    """One scene; `who` says whose face is in it, seen from the card that is laid down.

    `bystander` and `stand_in` put somebody else beside the person, or in their place while a turn is asked for.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    summary: str
    scene: Scene
    who: Literal["holder", "another"]
    bystander: bool = False
    stand_in: bool = False
    lens: LensState = "clear"


def names() -> tuple[str, ...]:
    """Every scene, the holder's own first."""
    return tuple(
        sorted((file.stem for file in SCENES_DIR.glob("*.toml")), key=lambda name: (name != "person", name))
    )


def load(name: str) -> SceneFile:
    """A scene by name. Raises: FileNotFoundError."""
    return SceneFile.model_validate(tomllib.loads((SCENES_DIR / f"{name}.toml").read_text(encoding="utf-8")))


def world(name: str, holder: str, light_lux: float) -> World:
    """The world of a scene around the holder of a card, or around the carer of one without a face."""
    scene = load(name)
    stands_there = people.load(holder).before_the_camera
    another = next(person.id for person in people.with_faces() if person.id != stands_there)
    return World(
        scene=scene.scene,
        persona=another if scene.who == "another" else stands_there,
        holds_card=holder,
        light_lux=light_lux,
        bystander=another if scene.bystander else None,
        stand_in=another if scene.stand_in else None,
        lens=scene.lens,
    )
