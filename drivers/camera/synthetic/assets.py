"""What set-up baked for the synthetic camera: one file a persona, `<id>.npz`, and their card, `<id>-card.png`.

`<id>.npz` holds `texture` (H × W × 4, sRGB and alpha, uint8), `vertices` (N × 3, mm; x right, y down, z away
from the camera, origin at the face's middle), `texture_points` (N × 2, px), `triangles` (M × 3), `twist` (N,
0..1: the share of a head turn that a vertex follows).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.camera.synthetic.raster import Mesh, vertex_normals
from kiosk.errors import CameraUnavailable

CARD_WIDTH_MM = 85.6
"""ISO/IEC 7810 ID-1."""


@dataclass(frozen=True)
class Head:
    """A person's head and shoulders: surface, unit normals, twist and texture."""

    mesh: Mesh
    normals: NDArray[np.float32]
    twist: NDArray[np.float32]
    texture: NDArray[np.uint8]


@dataclass(frozen=True)
class Sheet:
    """A flat thing: its surface (centred, facing the camera) and its texture."""

    mesh: Mesh
    texture: NDArray[np.uint8]


def load_head(directory: Path, persona: str) -> Head:
    """Raises: CameraUnavailable when set-up has not baked this persona."""
    with np.load(_existing(directory / f"{persona}.npz")) as file:
        mesh = Mesh(file["vertices"], file["texture_points"], file["triangles"])
        return Head(mesh, vertex_normals(mesh.vertices, mesh.triangles), file["twist"], file["texture"])


def load_card(directory: Path, persona: str) -> Sheet:
    """The back of a card, with its QR code. Raises: CameraUnavailable."""
    picture = cv2.imread(str(_existing(directory / f"{persona}-card.png")), cv2.IMREAD_COLOR)
    return sheet(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), CARD_WIDTH_MM)


def sheet(picture: Any, width_mm: float, bend_deg: float = 0.0, cells: int = 24) -> Sheet:
    """A picture as a sheet `width_mm` wide, bent around an upright cylinder by `bend_deg` (+: edges back)."""
    height, width = picture.shape[:2]
    u, v = np.meshgrid(np.linspace(-0.5, 0.5, cells + 1), np.linspace(-0.5, 0.5, cells + 1))
    bend = np.radians(bend_deg if abs(bend_deg) > 0.1 else 0.1)
    x, z = np.sin(u * bend) / bend, (1 - np.cos(u * bend)) / bend
    vertices = np.stack([x, v * height / width, z], axis=-1).reshape(-1, 3) * width_mm
    places = np.stack([(u + 0.5) * (width - 1), (v + 0.5) * (height - 1)], axis=-1).reshape(-1, 2)
    index = np.arange((cells + 1) ** 2, dtype=np.int32).reshape(cells + 1, cells + 1)
    corners = np.stack([index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]], axis=-1).reshape(-1, 4)
    triangles = np.vstack([corners[:, (0, 1, 2)], corners[:, (0, 2, 3)]])
    mesh = Mesh(vertices.astype(np.float32), places.astype(np.float32), triangles)
    if picture.shape[2] == 3:
        picture = np.dstack([picture, np.full((height, width), 255, np.uint8)])
    return Sheet(mesh, picture)


def _existing(file: Path) -> Path:
    if not file.exists():
        raise CameraUnavailable(f"{file} is missing: run python -m provisioning.rig.faces")
    return file
