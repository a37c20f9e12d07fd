"""The settings file of a rig: the rig profile, every simulator by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kiosk.settings import merge
from provisioning.rig.site.server import StandInSite

SHAPES = {
    "portrait": {"width_px": 1080, "height_px": 1920, "pixels_per_mm": 5.58},
    "landscape": {"width_px": 1280, "height_px": 800, "pixels_per_mm": 5.9},
}
"""A 15.6-inch panel upright, and a 10.1-inch one lying."""


def write_settings(
    directory: Path,
    *,
    site: StandInSite,
    printer_port: int,
    csca_dir: Path,
    shape: str,
    offscreen: bool,
    lockstep: bool,
    overrides: dict[str, Any],
) -> Path:
    """Write `kiosk.toml` into the rig's directory; returns its path."""
    values: dict[str, Any] = {
        "profile": "rig",
        "kiosk_id": "rig-01",
        "runtime_dir": directory,
        "site": site.settings().model_dump(exclude_defaults=True),
        "store": {"database_file": directory / "kiosk.db", "key_file": directory / "kiosk.key"},
        "trust": {"csca_dir": csca_dir.resolve(), "clock": "system"},
        "reader": {"simulated": True},
        "camera": {"driver": "synthetic", "lockstep": lockstep, "frames_per_s": 10 if lockstep else 15},
        "printer": {"port": printer_port, "simulated": True},
        "panel": {"driver": "mock"},
        "screen": {**SHAPES[shape], "offscreen": offscreen},
    }
    file = directory / "kiosk.toml"
    file.write_text("\n".join(_tables(merge(values, overrides))), encoding="utf-8")
    return file


def _tables(values: dict[str, Any], prefix: str = "") -> list[str]:
    """TOML, plain values first."""
    lines = [f"{key} = {_scalar(value)}" for key, value in values.items() if not isinstance(value, dict)]
    for key, value in values.items():
        if isinstance(value, dict):
            lines += ["", f"[{prefix}{key}]", *_tables(value, f"{prefix}{key}.")]
    return lines


def _scalar(value: Any) -> str:
    return json.dumps(str(value) if isinstance(value, Path) else value, ensure_ascii=False)
