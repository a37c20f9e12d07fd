"""How one face differs from the portrait it is made from: geometry and texture, all relative and bounded."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Signed = Annotated[float, Field(ge=-1, le=1)]
Share = Annotated[float, Field(ge=0, le=1)]
Colour = tuple[int, int, int]


class Table(BaseModel):
    """A frozen table; unknown keys are an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Geometry(Table):
    """Each from -1 to 1: less or more than the portrait's own."""

    jaw_width: Signed = 0
    cheek_width: Signed = 0
    temple_width: Signed = 0
    chin_length: Signed = 0
    forehead_height: Signed = 0
    nose_width: Signed = 0
    nose_length: Signed = 0
    nose_bridge: Signed = 0
    eye_size: Signed = 0
    eye_spacing: Signed = 0
    eye_slant: Signed = 0
    brow_height: Signed = 0
    mouth_width: Signed = 0
    mouth_height: Signed = 0
    lip_fullness: Signed = 0
    depth: Signed = 0


class Texture(Table):
    """Colours are sRGB; shares run from 0 (as photographed) to 1."""

    skin: Colour | None = None
    skin_mix: Share = 0.7
    smoothness: Signed = 0
    """Negative deepens lines, positive evens them out."""
    hair: Colour | None = None
    hair_contrast: Share = 0.5
    hair_sides: Share = 0
    """How much of the hair beside the face is cut away."""
    crown: Colour | None = None
    """Paint over what is above the forehead: a bald or closely cropped head instead of hair or hat."""
    brow: Colour | None = None
    brow_weight: Share = 0
    beard: Share = 0
    moustache: Share = 0
    beard_colour: Colour = (40, 34, 32)
    lips: Colour | None = None
    lips_mix: Share = 0.5
    mouth_closed: Share = 0
    eye_shadow: Share = 0
    cheek_shadow: Share = 0
    mole: tuple[Signed, Signed] | None = None
    clothes: Colour | None = None
    contrast: Signed = 0


class Recipe(Table):
    """All of one face."""

    geometry: Geometry = Geometry()
    texture: Texture = Texture()

    @classmethod
    def of(cls, values: dict[str, Any]) -> Recipe:
        """From the persona's `[face.recipe]` table. Raises: pydantic.ValidationError."""
        return cls.model_validate(values)
