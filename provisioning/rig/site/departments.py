"""The hospital's departments, as HealthcareService and Location."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from kiosk.sync.fhir.systems import TRANSLATION, WAITING_COUNT

DEPARTMENTS_FILE = Path(__file__).parent / "departments.toml"


class Department(BaseModel):
    """One department; `already_waiting` took a number at the desk before the kiosk's first visitor."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^[A-T]$")
    name: dict[str, str]
    room: dict[str, str]
    already_waiting: int = Field(ge=0)
    minutes_per_visit: int = Field(ge=1)


def load(file: Path = DEPARTMENTS_FILE) -> dict[str, Department]:
    """The departments by code."""
    rows = tomllib.loads(file.read_text(encoding="utf-8"))["department"]
    return {row["code"]: Department.model_validate(row) for row in rows}


def location(department: Department, system: str) -> dict[str, Any]:
    """Where the department receives its visitors."""
    return {
        "resourceType": "Location",
        "identifier": [{"system": system, "value": department.code}],
        "status": "active",
        **_translated("name", department.room),
    }


def healthcare_service(department: Department, system: str, location_id: str, waiting: int) -> dict[str, Any]:
    """What the department offers, and how many wait for it now."""
    return {
        "resourceType": "HealthcareService",
        "id": f"department-{department.code}",
        "extension": [{"url": WAITING_COUNT, "valueInteger": waiting}],
        "identifier": [{"system": system, "value": department.code}],
        "active": True,
        "location": [{"reference": f"Location/{location_id}"}],
        **_translated("name", department.name),
    }


def _translated(element: str, texts: dict[str, str]) -> dict[str, Any]:
    """An element in Vietnamese with its translations as the standard extension has them."""
    extensions = [
        {
            "url": TRANSLATION,
            "extension": [{"url": "lang", "valueCode": language}, {"url": "content", "valueString": text}],
        }
        for language, text in texts.items()
        if language != "vi"
    ]
    return {element: texts["vi"], f"_{element}": {"extension": extensions}}
