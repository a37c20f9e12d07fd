"""Shows the settings in force as TOML, each with its description; or only those that were changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from kiosk.settings import Settings


def lines(settings: Settings, *, changed_only: bool) -> Iterator[str]:
    """One line a setting, `section.name = value  # description`."""
    yield from _section(settings, "", changed_only)


def _section(section: BaseModel, prefix: str, changed_only: bool) -> Iterator[str]:
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        if isinstance(value, BaseModel):
            yield from _section(value, f"{prefix}{name}.", changed_only)
        elif not changed_only or field.is_required() or value != _default(field):
            comment = f"  # {field.description}" if field.description else ""
            # TOML has no null
            assigned = f"{prefix}{name} = {_toml(value)}" if value is not None else f"# {prefix}{name} is not set"
            yield assigned + comment


def _default(field: Any) -> Any:
    default = field.get_default(call_default_factory=True)
    return None if default is PydanticUndefined else default


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(inner)}" for key, inner in value.items()) + " }"
    return json.dumps(str(value) if isinstance(value, Path) else value, ensure_ascii=False)
