"""What can go wrong at the kiosk: one TOML file a part, one table a row, named by its id.

A row says what happens and what must be, brings it about by options of `kiosk rehearse`, and says what the visit
must then come to. The stories run every row on the real stack, the control page lists them to be tried by hand,
and docs/reference/failures.md is drawn from them.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from provisioning.rig.choices import Choices

FAILURES_DIR = Path(__file__).parent
PARTS = ("chip", "reader", "face", "hospital", "printer", "visitor", "processes")
"""The files, in the order in which a visit meets them."""


class Words(BaseModel):
    """A text in both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    vi: str
    en: str


class Failure(BaseModel):
    """One row of the table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    part: str
    what: Words
    """What happens."""
    must: Words
    """What must be."""
    by_hand: Words
    """How a technician brings it about on the control page."""
    rehearse: dict[str, Any]
    """Fields of `Choices`."""
    outcome: str
    reason: str | None = None
    passes: tuple[str, ...] = ()
    """Steps the visit must have gone through."""
    never: tuple[str, ...] = ()
    """Steps it must not have reached."""
    screen: str | None = None
    """The step (or prompt, as in `CheckingFace.no_face`) whose screen tells the visitor, if not the last one."""
    hospital_gets: int = Field(0, ge=0)
    """How many visits the hospital has more, once all is well again."""
    also: tuple[str, ...] = ()
    """Tests that prove what a rehearsal cannot, as file::name."""

    @property
    def choices(self) -> Choices:
        """The rehearsal that brings it about."""
        return Choices.model_validate(self.rehearse)

    @property
    def options(self) -> str:
        """The same as options of `kiosk rehearse`."""
        return " ".join(_option(name, value) for name, value in self.rehearse.items())


@cache
def rows() -> tuple[Failure, ...]:
    """Every row, part by part."""
    return tuple(row for part in PARTS for row in _rows_of(part))


def row(failure_id: str) -> Failure:
    """The row of that id. Raises: KeyError."""
    return {row.id: row for row in rows()}[failure_id]


def help_table() -> str:
    """Every row with its options, for `kiosk rehearse --help`; the mark keeps click from filling the lines."""
    lines = [f"  {row.id:<28} {row.options}" for row in rows()]
    return "\n".join(["\b", "The table of failures, each by --failure ID or by its options:", *lines])


def _option(name: str, value: Any) -> str:
    option = "--" + name.removesuffix("_lux").replace("_", "-")
    return option if value is True else f"{option} {value}"


def _rows_of(part: str) -> list[Failure]:
    tables = tomllib.loads((FAILURES_DIR / f"{part}.toml").read_text(encoding="utf-8"))
    return [Failure.model_validate({"id": name, "part": part, **table}) for name, table in tables.items()]
