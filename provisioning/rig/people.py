"""The made-up people of the rig: one TOML file each in `people/`. All data invented; no number here was issued."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

PEOPLE_DIR = Path(__file__).parent / "people"
FIRST = "lan"
"""Whose visit goes well: the one a rehearsal takes when nobody is named."""
_CENTURY_AND_GENDER = {("male", 19): "0", ("female", 19): "1", ("male", 20): "2", ("female", 20): "3"}
"""Fourth digit of a citizen number. Decree 137/2015/NĐ-CP §13; Circular 59/2021/TT-BCA §4."""


class Model(BaseModel):
    """A frozen table of a persona's file; unknown keys are an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CardData(Model):
    """What is printed on the persona's card and stored in its chip.

    Numbers begin with 098, a province code that is not assigned, so they can belong to nobody. `generation` is the
    year of the law the card is made under; `issuer` says which of the demonstration issuers signed its chip.
    """

    citizen_number: str = Field(pattern=r"^098\d{9}$")
    name: str
    date_of_birth: date
    gender: Literal["male", "female"]
    date_of_issue: date
    date_of_expiry: date | None = None
    old_number: str = ""
    residence: str
    place_of_origin: str
    father: str = "Nguyễn Văn Mẫu"
    mother: str = "Trần Thị Mẫu"
    generation: Literal[2021, 2024] = 2021
    issuer: Literal["trusted", "unknown"] = "trusted"

    @model_validator(mode="after")
    def _number_fits_holder(self) -> Self:
        """The number says century, gender and year of birth as the card does."""
        born = self.date_of_birth
        digits = f"{_CENTURY_AND_GENDER[self.gender, born.year // 100]}{born:%y}"
        if self.citizen_number[3:6] != digits:
            raise ValueError(f"the citizen number must go on with {digits}")
        return self

    @property
    def can(self) -> str:
        """Card access number: the last six digits of the citizen number."""
        return self.citizen_number[-6:]


class FaceRecipe(Model):
    """How the persona's face is made from a named public-domain portrait that a dependency carries."""

    portrait: Literal["astronaut", "grace_hopper"]
    recipe: dict[str, Any] = Field(default_factory=dict)


class HospitalData(Model):
    """What the stand-in hospital knows of the persona."""

    insurance: Literal["valid", "not_insured", "expired", "name_differs", "portal_down"]
    insurance_card: str | None = None
    insurance_valid_until: date | None = None


class Persona(Model):
    """One made-up person.

    A child under six has no face here, for its card carries no portrait; `carer` is the persona who comes along.
    Whoever `cannot` do the face check asks for staff before it begins.
    """

    id: str
    summary: str
    card: CardData
    face: FaceRecipe | None = None
    face_check: Literal["can", "cannot"] = "can"
    carer: str | None = None
    hospital: HospitalData

    @model_validator(mode="after")
    def _somebody_stands_there(self) -> Self:
        if (self.face is None) != (self.carer is not None):
            raise ValueError("a persona has either a face of their own or a carer")
        return self

    @property
    def before_the_camera(self) -> str:
        """Id of the persona whose face the kiosk sees when this card is laid down."""
        return self.carer or self.id


def load(persona_id: str) -> Persona:
    """A persona by id. Raises: FileNotFoundError."""
    values = tomllib.loads((PEOPLE_DIR / f"{persona_id}.toml").read_text(encoding="utf-8"))
    return Persona.model_validate({"id": persona_id, **values})


def everybody() -> tuple[Persona, ...]:
    """All personas: FIRST, then by id."""
    names = sorted((file.stem for file in PEOPLE_DIR.glob("*.toml")), key=lambda name: (name != FIRST, name))
    return tuple(load(name) for name in names)


def with_faces() -> tuple[Persona, ...]:
    """All who can stand before the camera, in the same order."""
    return tuple(persona for persona in everybody() if persona.face)


def somebody_else(persona_id: str) -> Persona:
    """Another persona with a face, whoever comes first."""
    return next(persona for persona in with_faces() if persona.id != persona_id)
