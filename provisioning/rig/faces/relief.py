"""Gives a portrait depth: the face from MediaPipe's own mesh, the head behind it rounded off, neck and body."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RBFInterpolator

from drivers.camera.synthetic.raster import Mesh
from provisioning.rig.faces.portraits import Portrait

FACE_WIDTH_MM = 140.0
CELLS = 48
BODY_ROWS, BODY_ROW_MM = 8, 22.0
"""How far the clothes reach down below the picture's edge; short rows, since the raster likes small triangles."""
TWIST_MM = 80.0
"""Over this height of neck a turn of the head dies away, so the body stays."""


@dataclass(frozen=True)
class Relief:
    """A head and shoulders in mm, origin at the face's middle; `twist` is the share of a head turn (N)."""

    mesh: Mesh
    twist: NDArray[np.float32]


def relief(portrait: Portrait) -> Relief:
    """The surface of a portrait."""
    size = portrait.image.shape[0]
    line = np.linspace(0, size - 1, CELLS + 1)
    rows = np.append(line, np.full(BODY_ROWS, size - 1.0))
    places = np.stack(np.meshgrid(line, rows), axis=-1).reshape(-1, 2)
    at, depth = _known_depths(portrait)
    z = RBFInterpolator(at, depth, kernel="thin_plate_spline", smoothing=5.0, neighbors=60)(places)
    centre = portrait.landmarks[:, :2].mean(axis=0)
    scale = FACE_WIDTH_MM / portrait.face_width
    vertices = np.column_stack([places - centre, z]).astype(np.float32) * np.float32(scale)
    below = np.repeat(np.maximum(np.arange(len(rows)) - CELLS, 0), CELLS + 1)
    vertices[:, 1] += (BODY_ROW_MM * below).astype(np.float32)
    chin_mm = (portrait.landmarks[152, 1] - centre[1]) * scale
    twist = np.clip(1 - (vertices[:, 1] - chin_mm - 8) / TWIST_MM, 0, 1).astype(np.float32)
    mesh = Mesh(vertices, places.astype(np.float32), _triangles(portrait.person))
    return Relief(mesh, twist)


def _known_depths(portrait: Portrait) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    points, unit = portrait.landmarks, portrait.face_width
    inside = portrait.person > 0.5
    chin = points[152]
    side = float(points[[234, 454], 2].mean()) + 0.12 * unit
    rim = []
    for y in range(0, int(chin[1]), 24):
        columns = np.flatnonzero(inside[y])
        if len(columns):
            rim += [(columns[0], y, side), (columns[-1], y, side)]
    top = int(np.flatnonzero(inside.any(axis=1))[0])
    middle = points[:, 0].mean()
    rim += [(middle + shift * unit, top, side) for shift in (-0.3, 0, 0.3)]
    neck = float(chin[2]) + 0.4 * unit
    for y in range(int(chin[1] + 0.2 * unit), portrait.image.shape[0], 40):
        for x in range(0, portrait.image.shape[1], 60):
            rim.append((x, y, neck + (0.12 * unit if abs(x - middle) > 0.35 * unit else 0.0)))
    known = np.vstack([points, np.array(rim, np.float32)])
    return known[:, :2], known[:, 2]


def _triangles(person: NDArray[np.float32]) -> NDArray[np.int32]:
    """Two a cell, where anything of the person is in it; the rows below the picture go on as its last does."""
    index = np.arange((CELLS + 1) * (CELLS + 1 + BODY_ROWS), dtype=np.int32).reshape(-1, CELLS + 1)
    cells = np.stack([index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]], axis=-1)
    edges = np.linspace(0, person.shape[0], CELLS + 1).astype(int)[:-1]
    whole = np.add.reduceat(np.add.reduceat(person > 0.02, edges, axis=0), edges, axis=1)
    used = cells[np.vstack([whole, np.repeat(whole[-1:], BODY_ROWS, axis=0)]) > 0]
    return np.vstack([used[:, (0, 1, 2)], used[:, (0, 2, 3)]])
