"""Paints a warped portrait: skin tone, hair, brows, beard, lips, lines; every mask is drawn from landmarks."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.ports import Image, Landmarks
from provisioning.rig.faces.portraits import Portrait
from provisioning.rig.faces.recipe import Colour, Texture

Floats = NDArray[np.float32]
SKULL = 2.4
"""Exponent of the superellipse that a head is from the front: a little squarer than an ellipse."""
OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152,
    148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
LEFT_BROW = (70, 63, 105, 66, 107, 55, 65, 52, 53, 46)
RIGHT_BROW = (300, 293, 334, 296, 336, 285, 295, 282, 283, 276)
LIPS = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146)
LEFT_EYE = (33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7)
RIGHT_EYE = (263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249)
BEARD = (
    93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323,
    425, 287, 273, 405, 17, 181, 43, 57, 205,
)  # fmt: skip
MOUSTACHE = (57, 186, 165, 167, 164, 393, 391, 410, 287, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185, 61)


class Masks:
    """Soft masks (0..1) of the parts of a face, drawn once for one portrait."""

    def __init__(self, portrait: Portrait) -> None:
        self._points, self._shape = portrait.landmarks, portrait.image.shape[:2]
        self._unit = portrait.face_width
        eyes = self._area(LEFT_EYE, 0.006) + self._area(RIGHT_EYE, 0.006)
        self.eyes = np.clip(eyes, 0, 1)
        self.lips = self._area(LIPS, 0.008)
        self.brows = np.clip(self._area(LEFT_BROW, 0.012) + self._area(RIGHT_BROW, 0.012), 0, 1)
        self.oval = self._area(OVAL, 0.02)
        self.beard = self._area(BEARD, 0.05) * (1 - self.lips)
        self.moustache = self._area(MOUSTACHE, 0.02) * (1 - self.lips)
        self.skin, self.hair, self.neck, self.clothes = self._by_place(portrait)

    def _area(self, indices: Sequence[int], softness: float) -> Floats:
        mask = np.zeros(self._shape, np.float32)
        cv2.fillPoly(mask, [np.round(self._points[list(indices), :2]).astype(np.int32)], 1.0)
        soft: Floats = cv2.GaussianBlur(mask, (0, 0), max(0.5, softness * self._unit))
        return soft

    def _by_place(self, portrait: Portrait) -> tuple[Floats, Floats, Floats, Floats]:
        """Skin by likeness to the cheeks; above the chin the rest is hair, below it clothes."""
        lab = cv2.cvtColor(portrait.image, cv2.COLOR_RGB2LAB).astype(np.float32)
        cheeks = np.stack([lab[int(y), int(x)] for x, y in self._points[[50, 280, 205, 425, 151], :2]])
        distance = np.abs(lab - np.median(cheeks, axis=0)) / np.array([70, 16, 18], np.float32)
        like_skin = cv2.GaussianBlur(np.clip(1.6 - distance.max(axis=2), 0, 1), (0, 0), 2)
        dark = np.clip((np.median(cheeks[:, 0]) - 30 - lab[..., 0]) / 25, 0, 1)
        above_chin = self._above(self._points[152, 1])
        above_eyes = self._above(self._points[[33, 263], 1].mean())
        person = portrait.person
        features = np.clip(self.eyes + 0.8 * self.brows, 0, 1)
        face = self._inner()
        hair = (
            person
            * above_chin
            * (1 - face)
            * np.maximum(above_eyes * np.maximum(1 - self.oval, dark), 1 - 1.4 * like_skin)
        )
        hair = np.clip(hair, 0, 1)
        skin = person * np.maximum(self.oval * np.clip(like_skin + 0.15, 0, 1), like_skin) * (1 - features)
        neck = person * (1 - above_chin) * like_skin
        collar = self._above(self._points[152, 1] + 0.3 * self._unit)
        clothes = person * (1 - above_chin) * (1 - like_skin * collar)
        return skin * (1 - hair), hair, neck, clothes

    def _above(self, line: float) -> Floats:
        rows = np.arange(self._shape[0], dtype=np.float32)[:, None]
        return _sigmoid((line - rows) / 4)

    def _inner(self) -> Floats:
        """The face without its upper rim, where hair may fall into the oval."""
        return self.oval * (1 - self._above(self._points[[70, 300], 1].mean() - 0.05 * self._unit))


def _sigmoid(x: Floats) -> Floats:
    return (1 / (1 + np.exp(-np.clip(x, -30, 30)))).astype(np.float32)


def paint(source: Portrait, texture: Texture, seed: int) -> Portrait:
    """The portrait in the recipe's colours; `seed` fixes the grain of beard and skin."""
    masks = Masks(source)
    grain = np.random.default_rng(seed).normal(0, 1, source.image.shape[:2]).astype(np.float32)
    image = _smooth(source.image, masks.skin, texture.smoothness)
    image = _tone(image, np.clip(masks.skin + masks.neck, 0, 1), texture.skin, texture.skin_mix)
    image = _hair(image, masks.hair, texture)
    image = _brows(image, masks, texture, grain)
    image = _beard(image, masks, texture, grain)
    image = _tone(image, masks.lips, texture.lips, texture.lips_mix)
    image = _shadows(image, source.landmarks, source.face_width, texture)
    image = _clothes(image, masks.clothes, texture.clothes)
    person = source.person
    if texture.crown is not None or texture.hair_sides:
        image, person = _crown(image, source, texture, grain)
    image = _mole(image, source, texture)
    image = _contrast(image, texture.contrast, grain)
    return Portrait(np.clip(image, 0, 255).astype(np.uint8), source.landmarks, person)


def _blend(image: Floats, other: Floats, mask: Floats) -> Floats:
    return image + (other - image) * mask[..., None]


def _smooth(image: Image, skin: Floats, smoothness: float) -> Floats:
    """Even out or deepen what is between pores and shading in size: lines."""
    sharp = image.astype(np.float32)
    fine = cv2.GaussianBlur(sharp, (0, 0), 1.2)
    broad = cv2.bilateralFilter(image, 0, 40, 9).astype(np.float32)
    lines = fine - broad
    return _blend(sharp, sharp - lines * smoothness, skin)


def _tone(image: Floats, mask: Floats, colour: Colour | None, mix: float) -> Floats:
    """Shift the mask's mean colour to `colour` by `mix`, keeping light and shade."""
    if colour is None:
        return image
    weight = mask[..., None] ** 2
    mean = (image * weight).sum(axis=(0, 1)) / max(float(weight.sum()), 1.0)
    wanted = mean + (np.array(colour, np.float32) - mean) * mix
    tinted = image * (wanted / np.maximum(mean, 1))
    plain = wanted * (image.mean(axis=2) / max(float(mean.mean()), 1.0))[..., None]
    return _blend(image, tinted + (plain - tinted) * 0.5 * mix, mask)


def _hair(image: Floats, mask: Floats, texture: Texture) -> Floats:
    if texture.hair is None:
        return image
    light = image.mean(axis=2)
    mean = (light * mask).sum() / max(float(mask.sum()), 1.0)
    relative = 1 + (light / max(mean, 1.0) - 1) * texture.hair_contrast
    return _blend(image, np.array(texture.hair, np.float32) * np.clip(relative, 0.2, 2.5)[..., None], mask)


def _brows(image: Floats, masks: Masks, texture: Texture, grain: Floats) -> Floats:
    if texture.brow is None:
        return image
    strands = cv2.GaussianBlur(grain, (0, 0), 1.5, sigmaY=0.7)
    strands /= max(float(strands.std()), 1e-6)
    cover = np.clip(masks.brows * (0.9 + 0.25 * strands), 0, 1) * texture.brow_weight
    return _blend(image, np.broadcast_to(np.array(texture.brow, np.float32), image.shape), cover)


def _beard(image: Floats, masks: Masks, texture: Texture, grain: Floats) -> Floats:
    stubble = cv2.GaussianBlur(grain, (0, 0), 1.0)
    stubble = np.clip(0.9 + 0.25 * stubble / max(float(stubble.std()), 1e-6), 0, 1.4)
    cover = np.maximum(masks.beard * texture.beard, masks.moustache * texture.moustache) * stubble
    colour = np.broadcast_to(np.array(texture.beard_colour, np.float32), image.shape)
    return _blend(image, colour, np.clip(cover, 0, 0.92))


def _spot(shape: tuple[int, ...], at: NDArray[np.float32], spread: tuple[float, float]) -> Floats:
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    spot: Floats = np.exp(-(((x - at[0]) / spread[0]) ** 2) - ((y - at[1]) / spread[1]) ** 2)
    return spot


def _shadows(image: Floats, points: Landmarks, unit: float, texture: Texture) -> Floats:
    shade = np.zeros(image.shape[:2], np.float32)
    for index in (110, 339):
        shade += _spot(image.shape, points[index, :2], (0.13 * unit, 0.07 * unit)) * texture.eye_shadow
    for index in (207, 427):
        shade += _spot(image.shape, points[index, :2], (0.12 * unit, 0.16 * unit)) * texture.cheek_shadow
    return image * (1 - 0.45 * np.clip(shade, 0, 1)[..., None])


def _clothes(image: Floats, mask: Floats, colour: Colour | None) -> Floats:
    if colour is None:
        return image
    light = cv2.GaussianBlur(image.mean(axis=2), (0, 0), 2)
    relative = 0.8 + 0.4 * (light - light.min()) / max(float(np.ptp(light)), 1.0)
    return _blend(image, np.array(colour, np.float32) * relative[..., None], mask)


def _crown(image: Floats, source: Portrait, texture: Texture, grain: Floats) -> tuple[Floats, Floats]:
    """Shape the head above the brows as an ellipse; outside it there is nothing, inside it skin or short hair."""
    points, unit = source.landmarks, source.face_width
    centre = points[[127, 356], :2].mean(axis=0)
    y, x = np.mgrid[: image.shape[0], : image.shape[1]].astype(np.float32)
    half_width = unit * (0.53 + 0.30 * (1 - texture.hair_sides))
    across, up = np.abs(x - centre[0]) / half_width, np.maximum(centre[1] - y, 0) / (0.72 * unit)
    radius = (across**SKULL + up**SKULL) ** (1 / SKULL)
    head = np.clip((1 - radius) * unit / 6 + 0.5, 0, 1)
    below = _sigmoid((y - points[[58, 288], 1].mean()) / 6)
    person = source.person * np.maximum(head, below)
    if texture.crown is not None:
        line = points[10, 1] + 0.02 * unit + ((x - centre[0]) / unit) ** 2 * 0.9 * unit
        top = _sigmoid((line - y) / (0.012 * unit)) * np.clip((1 - radius) * unit / 6 + 0.5, 0, 1)
        round_off = np.sqrt(np.clip(1 - np.clip(radius, 0, 1) ** 2, 0, 1))
        shade = (0.5 + 0.5 * round_off) * _strands(grain)
        colour = np.array(texture.crown, np.float32) * shade[..., None]
        image = _blend(image, colour, top.astype(np.float32))
        person = np.maximum(person, head * top)
    return image, person.astype(np.float32)


def _strands(grain: Floats) -> Floats:
    """The light and shade of short hair; mean 1."""
    strands = cv2.GaussianBlur(grain, (0, 0), 0.8, sigmaY=3.5)
    shade: Floats = 1 + 0.14 * strands / max(float(strands.std()), 1e-6)
    return shade


def _mole(image: Floats, source: Portrait, texture: Texture) -> Floats:
    if texture.mole is None:
        return image
    nose, unit = source.landmarks[1, :2], source.face_width
    at = nose + np.array(texture.mole, np.float32) * unit / 2
    size = 0.012 * unit
    return image * (1 - 0.7 * _spot(image.shape, at, (size, size))[..., None])


def _contrast(image: Floats, contrast: float, grain: Floats) -> Floats:
    mean = image.mean()
    stretched: Floats = mean + (image - mean) * (1 + 0.4 * contrast) + 2.0 * grain[..., None]
    return stretched
