"""The simulated view from the kiosk: a hall, perhaps a person, perhaps what they hold up."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.camera.synthetic.assets import Head, Sheet, load_card, load_head, sheet
from drivers.camera.synthetic.light import HallLight, screen_light, shading
from drivers.camera.synthetic.motion import Mover, Stance, rotation
from drivers.camera.synthetic.raster import Lens, Mesh, draw, vertex_normals
from drivers.camera.synthetic.sensor import DECODE
from drivers.camera.world import Glass, World

Floats = NDArray[np.float32]

FOCAL_PER_WIDTH = 0.9
STANDS_AT_MM = np.array([0, 8, 440], np.float32)
BYSTANDER_AT_MM = np.array([175, -10, 560], np.float32)
CARD_AT_MM = np.array([4, 2, 112], np.float32)
NECK_MM = np.array([0, 40, 90], np.float32)
"""What a head turns about, from the face's middle."""
PHOTO_WIDTH_MM, PHOTO_TURN = 310.0, 1.5
"""A print with the face a little over natural size; it is turned half as far again as a head would be."""
REPLAY_LUX, REPLAY_GLOSS = 260.0, 0.04
"""A tablet's own light, and how much of ours its glass throws back."""


class Scene:
    """Draws what the lens sees at a time, as light (linear RGB in lux)."""

    def __init__(self, faces_dir: Path, width_px: int, height_px: int, seed: int) -> None:
        self._lens = Lens(width_px, height_px, FOCAL_PER_WIDTH * width_px)
        self._hall, self._mover = HallLight(seed), Mover(seed)
        self._replayed = HallLight(seed + 1)
        self._wall = _wall(width_px, height_px, seed)
        self._head = lru_cache(maxsize=4)(lambda persona: load_head(faces_dir, persona))
        self._card = lru_cache(maxsize=2)(lambda persona: load_card(faces_dir, persona))
        self._photo = lru_cache(maxsize=2)(self._print)

    def light(self, world: World, glass: Glass, time_s: float) -> Floats:
        """The picture's light, height × width × 3."""
        hall, screen = self._hall.at(world.light_lux, time_s), screen_light(glass)
        picture: Floats = cv2.multiply(self._wall, (*map(float, hall), 0.0))
        stance = self._mover.stance(glass, time_s)
        if world.bystander:
            self._draw_head(picture, self._head(world.bystander), stance, BYSTANDER_AT_MM, (hall, screen))
        if world.persona and world.scene == "person":
            face = world.stand_in if world.stand_in and glass.arrow != "none" else world.persona
            self._draw_head(picture, self._head(face), stance, STANDS_AT_MM, (hall, screen))
        elif world.persona and world.scene == "video_replay":
            lamps = (self._replayed.at(REPLAY_LUX, time_s), self._recorded_flash(time_s) + REPLAY_GLOSS * screen)
            self._draw_head(picture, self._head(world.persona), stance, STANDS_AT_MM, lamps)
        elif world.persona and world.scene == "flat_photo":
            photo = self._photo(world.persona, world.photo_size, world.photo_bend_deg)
            turn = rotation(
                PHOTO_TURN * stance.yaw_deg, 2 * stance.pitch_deg + world.photo_tilt_deg, stance.roll_deg
            )
            self._draw_sheet(picture, photo, turn, STANDS_AT_MM + 2 * stance.place_mm, (hall, screen))
        if world.holds_card and glass.target == "card_qr":
            turn = rotation(8 + 2 * stance.yaw_deg, 6 * stance.pitch_deg, 4 + 3 * stance.roll_deg)
            self._draw_sheet(
                picture, self._card(world.holds_card), turn, CARD_AT_MM + stance.place_mm, (hall, screen)
            )
        return picture

    def _recorded_flash(self, time_s: float) -> Floats:
        """The colours of the session that the replayed video was taken in: the same each time, not ours."""
        colour = np.random.default_rng(int(time_s / 0.4) % 8).integers(0, 2, 3)
        return (60.0 * colour).astype(np.float32)

    def _print(self, persona: str, size: float, bend_deg: float) -> Sheet:
        texture = self._head(persona).texture
        alpha = texture[..., 3:].astype(np.float32) / 255
        paper = np.array([196, 206, 214], np.float32)
        picture = texture[..., :3] * alpha + paper * (1 - alpha)
        return sheet((0.9 * picture + 12).astype(np.uint8), PHOTO_WIDTH_MM * size, bend_deg)

    def _draw_head(
        self, picture: Floats, head: Head, stance: Stance, at: Floats, lamps: tuple[Floats, Floats]
    ) -> None:
        turn = rotation(stance.yaw_deg, stance.pitch_deg, stance.roll_deg)
        share = head.twist[:, None]
        vertices, normals = head.mesh.vertices, head.normals
        vertices = vertices + share * ((vertices - NECK_MM) @ turn.T + NECK_MM - vertices)
        normals = normals + share * (normals @ turn.T - normals)
        self._draw(picture, head.mesh, (vertices + at + stance.place_mm, normals), head.texture, lamps)

    def _draw_sheet(
        self, picture: Floats, flat: Sheet, turn: Floats, at: Floats, lamps: tuple[Floats, Floats]
    ) -> None:
        vertices = flat.mesh.vertices @ turn.T
        normals = vertex_normals(vertices, flat.mesh.triangles)
        self._draw(picture, flat.mesh, (vertices + at, normals), flat.texture, lamps)

    def _draw(
        self,
        picture: Floats,
        mesh: Mesh,
        placed: tuple[Floats, Floats],
        texture: NDArray[np.uint8],
        lamps: tuple[Floats, Floats],
    ) -> None:
        drawn = draw(mesh, placed[0], shading(placed[1]), self._lens)
        if drawn is None:
            return
        seen = cv2.remap(texture, drawn.places, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        albedo = cv2.LUT(np.ascontiguousarray(seen[..., :3]), DECODE)
        light = cv2.multiply(albedo, cv2.transform(drawn.attributes, np.stack(lamps, axis=1)))
        opacity = cv2.cvtColor(seen[..., 3] * (drawn.cover / np.float32(255)), cv2.COLOR_GRAY2RGB)
        behind = picture[drawn.window]
        picture[drawn.window] = cv2.add(behind, cv2.multiply(cv2.subtract(light, behind), opacity))


def _wall(width: int, height: int, seed: int) -> Floats:
    """The hall behind the visitor, out of focus: how much light each place throws back."""
    random = np.random.default_rng(seed)
    wall = np.full((height, width, 3), (0.30, 0.29, 0.26), np.float32)
    wall[int(height * 0.72) :] = (0.16, 0.15, 0.14)
    for _ in range(14):
        x, y = random.integers(0, width), random.integers(0, int(height * 0.8))
        w, h = random.integers(width // 24, width // 5), random.integers(height // 12, height // 2)
        wall[y : y + h, x : x + w] = random.uniform(0.04, 0.5) * random.uniform(0.75, 1.0, 3)
    out_of_focus: Floats = cv2.GaussianBlur(wall, (0, 0), width / 55)
    return out_of_focus
