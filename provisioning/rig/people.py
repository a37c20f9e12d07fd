"""The made-up people of the rig: one TOML file each in `people/`. All data invented; no number here was issued."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

PEOPLE_DIR = Path(__file__).parent / "people"


class Model(BaseModel):
    """A frozen table of a persona's file; unknown keys are an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CardData(Model):
    """What is printed on the persona's card and stored in its chip.

    Numbers begin with 098, a province code that is not assigned, so they can belong to nobody.
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
    """One made-up person."""

    id: str
    summary: str
    card: CardData
    face: FaceRecipe
    hospital: HospitalData


def load(persona_id: str) -> Persona:
    """A persona by id. Raises: FileNotFoundError."""
    values = tomllib.loads((PEOPLE_DIR / f"{persona_id}.toml").read_text(encoding="utf-8"))
    return Persona.model_validate({"id": persona_id, **values})


def everybody() -> tuple[Persona, ...]:
    """All personas, by id."""
    return tuple(load(file.stem) for file in sorted(PEOPLE_DIR.glob("*.toml")))


def somebody_else(persona_id: str) -> Persona:
    """Another adult with a face, whoever comes first."""
    return next(person for person in everybody() if person.id != persona_id)
