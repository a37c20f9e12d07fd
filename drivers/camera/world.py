"""What is around the simulated kiosk: who stands there in which light; and what the glass shows to them.

Both are small JSON files in the runtime directory, replaced whole. The rig writes the world; the screen
process of a rig writes the glass; the synthetic camera reads both. A simulated person learns what to do from
the glass alone, never from the checker.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from kiosk.flows.views import Camera, View
from kiosk.messages import Colour

Scene = Literal["person", "flat_photo", "video_replay", "nobody"]
LensState = Literal["clear", "covered", "frozen", "stopped"]
"""`frozen` gives one picture again and again while time goes on, `stopped` the same frame with its old time."""


class World(BaseModel):
    """Who stands before the camera (`holds_card` is whose card they can hold up), and the hall's light.

    `bystander` is a second persona in the picture; `stand_in` takes the person's place whenever a turn is asked
    for. The photo fields shape a `flat_photo`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    scene: Scene = "nobody"
    persona: str | None = None
    holds_card: str | None = None
    light_lux: float = 300.0
    bystander: str | None = None
    stand_in: str | None = None
    lens: LensState = "clear"
    photo_size: float = 1.0
    photo_tilt_deg: float = 0.0
    photo_bend_deg: float = 0.0


class Glass(BaseModel):
    """What a person before the screen can see of it that matters to the camera."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str = "welcome"
    step: str = ""
    target: str | None = None
    prompt: str | None = None
    arrow: Literal["left", "right", "none"] = "none"
    colour: Colour | None = None

    @classmethod
    def of(cls, view: View) -> Glass:
        """The part of a view that a simulated person reacts to."""
        if not isinstance(view, Camera):
            return cls(kind=view.kind, step=view.step)
        return cls(
            kind=view.kind,
            step=view.step,
            target=view.target,
            prompt=view.prompt.key,
            arrow=view.arrow,
            colour=view.colour,
        )


def replace_file(path: Path, model: BaseModel) -> None:
    """Write a model so that readers see the old file or the new one, never half."""
    temporary = path.with_suffix(".new")
    temporary.write_text(model.model_dump_json(), encoding="utf-8")
    temporary.replace(path)


class WorldFile:
    """Reads and writes the world; a read costs a stat while nothing changed."""

    def __init__(self, path: Path) -> None:
        self._path, self._stamp, self._world = path, (0, 0), World()

    def read(self) -> World:
        """The world now."""
        stamp = _stamp(self._path)
        if stamp != self._stamp:
            self._world = World.model_validate_json(self._path.read_text(encoding="utf-8"))
            self._stamp = stamp
        return self._world

    def write(self, world: World) -> None:
        """Replace the world."""
        replace_file(self._path, world)


class GlassFile:
    """Reads and writes what the glass shows."""

    def __init__(self, path: Path) -> None:
        self._path, self._stamp, self._glass = path, (0, 0), Glass()

    def read(self) -> Glass:
        """The glass now."""
        stamp = _stamp(self._path)
        if stamp != self._stamp:
            self._glass = Glass.model_validate(json.loads(self._path.read_text(encoding="utf-8")))
            self._stamp = stamp
        return self._glass

    def shown(self, view: View) -> None:
        """Tell that a view came onto the glass."""
        replace_file(self._path, Glass.of(view))


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except FileNotFoundError:
        return (0, 0)
    return (status.st_ino, status.st_mtime_ns)
