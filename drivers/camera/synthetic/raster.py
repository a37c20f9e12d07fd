"""Draws a textured triangle mesh in real perspective, all triangles of a size at once."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Indices = NDArray[np.int32]

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
    return normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)


def cover(pixels: Floats, depth: Floats, triangles: Indices, width: int, height: int) -> Indices:
    """Which triangle is nearest at each pixel (height × width), -1 where none is.

    Triangles are ranked by depth; within a size class the last assignment, the nearest, wins, and classes
    are merged by rank.
    """
    ranked = triangles[np.argsort(-depth[triangles].mean(axis=1), kind="stable")]
    corners = pixels[ranked]
    low = np.floor(corners.min(axis=1)).astype(np.int32)
    span = (np.ceil(corners.max(axis=1)).astype(np.int32) - low).max(axis=1) + 1
    edges = corners[:, (1, 2, 0)] - corners
    area = _cross(edges[:, 0], -edges[:, 2])
    visible = (np.abs(area) > 1e-6) & (low < (width, height)).all(axis=1) & (low + span[:, None] >= 0).all(axis=1)
    best = np.full(height * width, -1, np.int32)
    smallest = 0
    for box in (4, 6, 9, 16, 32, 64, 400):
        of_size = np.flatnonzero(visible & (span > smallest) & (span <= box))
        _cover_class(best, of_size, (corners, edges, area, low), box, width, height)
        smallest = box
    order = np.argsort(-depth[triangles].mean(axis=1), kind="stable").astype(np.int32)
    return np.where(best >= 0, order[best], -1).reshape(height, width)


def _cover_class(
    best: Indices,
    of_size: NDArray[np.intp],
    geometry: tuple[Floats, Floats, Floats, Indices],
    box: int,
    width: int,
    height: int,
) -> None:
    corners, edges, area, low = (part[of_size] for part in geometry)
    step = np.arange(box, dtype=np.int32)
    x = low[:, 0, None, None] + step
    y = low[:, 1, None, None] + step[:, None]
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    sign = np.sign(area)[:, None, None]
    slack = -1e-4 * np.abs(area)[:, None, None]
    for corner in range(3):
        edge, start = edges[:, corner, :, None, None], corners[:, corner, :, None, None]
        inside &= (edge[:, 0] * (y - start[:, 1]) - edge[:, 1] * (x - start[:, 0])) * sign >= slack
    which, row, column = np.nonzero(inside)
    place = (low[which, 1] + row) * width + low[which, 0] + column
    mine = np.full_like(best, -1)
    mine[place] = of_size[which]
    np.maximum(best, mine, out=best)


def _cross(u: Floats, v: Floats) -> Floats:
    return u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]


def spread(attributes: Floats, pixels: Floats, triangles: Indices, seen: Indices) -> tuple[Floats, Floats]:
    """Vertex attributes (N × K) over the seen pixels (height × width × K), and the coverage in 0..1."""
    height, width = seen.shape
    maps = np.zeros((height, width, attributes.shape[1]), np.float32)
    y, x = np.nonzero(seen >= 0)
    corners = triangles[seen[y, x]]
    points = np.stack([x, y], axis=1).astype(np.float32)
    a, b, c = (pixels[corners[:, corner]] for corner in range(3))
    area = _cross(b - a, c - a)
    weight_b = _cross(points - a, c - a) / area
    weight_c = _cross(b - a, points - a) / area
    parts = [(1 - weight_b - weight_c), weight_b, weight_c]
    maps[y, x] = sum(part[:, None] * attributes[corners[:, corner]] for corner, part in enumerate(parts))
    return maps, (seen >= 0).astype(np.float32)


def draw(mesh: Mesh, vertices: Floats, attributes: Floats, lens: Lens) -> tuple[Floats, Floats]:
    """Maps at full size (height × width × (2 + K): texture x and y in px, then the attributes) and coverage.

    `vertices` are the mesh's own where they now stand before the camera. A rim one coarse pixel wide carries
    its neighbours' values, so that enlarging never mixes in nothing.
    """
    width, height = lens.width_px // HALF, lens.height_px // HALF
    pixels = (lens.project(vertices) - (HALF - 1) / 2) / HALF
    seen = cover(pixels, vertices[:, 2], mesh.triangles, width, height)
    maps, covered = spread(np.hstack([mesh.texture_points, attributes]), pixels, mesh.triangles, seen)
    around = cv2.blur(covered, (3, 3))
    rim = (covered == 0) & (around > 0)
    maps[rim] = cv2.blur(maps, (3, 3))[rim] / around[rim, None]
    size = (lens.width_px, lens.height_px)
    return cv2.resize(maps, size), cv2.resize(covered, size)
