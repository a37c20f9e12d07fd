"""Draws a textured triangle mesh in real perspective, all triangles of a size at once."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Indices = NDArray[np.int32]

SIZE_CLASSES = (4, 6, 9, 16, 32, 64, 400)
HALF = 2
"""Coverage is solved on every second pixel and the smooth maps are enlarged: a quarter of the work."""


@dataclass(frozen=True)
class Lens:
    """A pinhole camera that looks along +z: x to the right, y down, all lengths in millimetres."""

    width_px: int
    height_px: int
    focal_px: float

    def project(self, points: Floats) -> Floats:
        """Pixels (N × 2) of points (N × 3) before the camera."""
        centre = np.array([self.width_px / 2, self.height_px / 2], np.float32)
        return points[:, :2] * (self.focal_px / points[:, 2:]) + centre


@dataclass(frozen=True)
class Mesh:
    """A surface: vertices in mm (N × 3), their places in the texture in px (N × 2), triangles (M × 3)."""

    vertices: Floats
    texture_points: Floats
    triangles: Indices


def vertex_normals(vertices: Floats, triangles: Indices) -> Floats:
    """Unit normals (N × 3), turned towards a camera that looks along +z."""
    a, b, c = (vertices[triangles[:, corner]] for corner in range(3))
    faces = np.repeat(np.cross(b - a, c - a), 3, axis=0)
    columns = [np.bincount(triangles.ravel(), faces[:, axis], len(vertices)) for axis in range(3)]
    normals = np.stack(columns, axis=1).astype(np.float32)
    normals *= np.where(normals[:, 2:] > 0, -1, 1)
    unit: Floats = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    return unit


def cover(pixels: Floats, depth: Floats, triangles: Indices, width: int, height: int) -> Indices:
    """Which triangle is nearest at each pixel (height × width), -1 where none is.

    Triangles are ranked by depth; within a size class the last assignment, the nearest, wins, and classes
    are merged by rank.
    """
    a, b, c = triangles.T
    order = np.argsort(-(depth[a] + depth[b] + depth[c]), kind="stable").astype(np.int32)
    corners = triangles[order].T
    x, y = pixels[:, 0][corners], pixels[:, 1][corners]
    left, top = np.floor(x.min(axis=0)), np.floor(y.min(axis=0))
    span = np.maximum(np.ceil(x.max(axis=0)) - left, np.ceil(y.max(axis=0)) - top) + 1
    visible = (left < width) & (top < height) & (left + span >= 0) & (top + span >= 0)
    best = np.full((height, width), -1, np.int32)
    smallest = 0
    for box in SIZE_CLASSES:
        of_size = np.flatnonzero(visible & (span > smallest) & (span <= box)).astype(np.int32)
        _cover_class(best, of_size, (x[:, of_size], y[:, of_size]), (left[of_size], top[of_size]), box)
        smallest = box
    return np.append(order, -1)[best].astype(np.int32)


def _cover_class(
    best: Indices, ranks: Indices, corners: tuple[Floats, Floats], low: tuple[Floats, Floats], box: int
) -> None:
    """Raise `best` to the triangles of one size class, each tested in a box whose corner is `low`.

    A pixel is inside where all three edge functions a·x + b·y + c have the sign of the area.
    """
    height, width = best.shape
    x, y = corners[0] - low[0], corners[1] - low[1]
    edge_x, edge_y = np.roll(x, -1, axis=0) - x, np.roll(y, -1, axis=0) - y
    area = edge_x[0] * -edge_y[2] + edge_y[0] * edge_x[2]
    sign = np.sign(area)
    constant = (edge_y * x - edge_x * y) * sign + 1e-4 * np.abs(area)
    step = np.arange(box, dtype=np.float32)
    across = (-edge_y * sign)[..., None] * step
    down = (edge_x * sign)[..., None] * step + constant[..., None]
    columns, rows = low[0][:, None] + step, low[1][:, None] + step
    inside = ((rows >= 0) & (rows < height))[:, :, None] & ((columns >= 0) & (columns < width))[:, None, :]
    inside &= (np.abs(area) > 1e-6)[:, None, None]
    for edge in range(3):
        inside &= down[edge, :, :, None] >= -across[edge, :, None, :]
    which, row, column = np.nonzero(inside)
    place = rows[which, row] * width + columns[which, column]
    mine = np.full(best.size, -1, np.int32)
    mine[place.astype(np.int32)] = ranks[which]
    np.maximum(best, mine.reshape(best.shape), out=best)


def spread(attributes: Floats, pixels: Floats, triangles: Indices, seen: Indices) -> tuple[Floats, Floats]:
    """Vertex attributes (N × K) over the seen pixels (height × width × K), and the coverage in 0..1."""
    height, width = seen.shape
    maps = np.zeros((height, width, attributes.shape[1]), np.float32)
    y, x = np.nonzero(seen >= 0)
    a, b, c = triangles[seen[y, x]].T
    start = pixels[a]
    to_b, to_c, to_point = pixels[b] - start, pixels[c] - start, np.column_stack([x, y]).astype(np.float32) - start
    area = _cross(to_b, to_c)
    weight_b, weight_c = _cross(to_point, to_c) / area, _cross(to_b, to_point) / area
    weight_a = 1 - weight_b - weight_c
    columns = attributes.T
    for index, column in enumerate(columns):
        maps[y, x, index] = weight_a * column[a] + weight_b * column[b] + weight_c * column[c]
    return maps, (seen >= 0).astype(np.float32)


def _cross(u: Floats, v: Floats) -> Floats:
    return u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]


@dataclass(frozen=True)
class Drawn:
    """Where a surface is seen: the window of the picture it falls in, and full-size maps of that window.

    `places` are texture x and y in px, `attributes` what was given a vertex, `cover` is 0..1.
    """

    window: tuple[slice, slice]
    places: Floats
    attributes: Floats
    cover: Floats


def draw(mesh: Mesh, vertices: Floats, attributes: Floats, lens: Lens) -> Drawn | None:
    """Draw a mesh whose vertices now stand where `vertices` says; None when nothing of it is in the picture.

    A rim one coarse pixel wide carries its neighbours' values, so that enlarging never mixes in nothing.
    """
    width, height = lens.width_px // HALF, lens.height_px // HALF
    pixels = (lens.project(vertices) - (HALF - 1) / 2) / HALF
    seen = cover(pixels, vertices[:, 2], mesh.triangles, width, height)
    maps, covered = spread(
        np.asfortranarray(np.hstack([mesh.texture_points, attributes])), pixels, mesh.triangles, seen
    )
    rows, columns = np.flatnonzero(covered.any(axis=1)), np.flatnonzero(covered.any(axis=0))
    if not len(rows):
        return None
    top, bottom = max(0, rows[0] - 1), min(height, rows[-1] + 2)
    left, right = max(0, columns[0] - 1), min(width, columns[-1] + 2)
    maps, covered = maps[top:bottom, left:right], covered[top:bottom, left:right]
    around = cv2.blur(covered, (3, 3))
    rim = (covered == 0) & (around > 0)
    maps[rim] = cv2.blur(maps, (3, 3))[rim] / around[rim, None]
    size = ((right - left) * HALF, (bottom - top) * HALF)
    maps, covered = cv2.resize(maps, size), cv2.resize(covered, size)
    window = (slice(top * HALF, bottom * HALF), slice(left * HALF, right * HALF))
    return Drawn(window, maps[..., :2].copy(), maps[..., 2:].copy(), covered)
