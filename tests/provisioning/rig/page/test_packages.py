"""The control page belongs to the rig: packages carry its files, and nothing of the kiosk itself reaches it."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

from provisioning.rig import page

ROOT = Path(page.__file__).parents[3]
KIOSK = ("kiosk.wiring", "kiosk.__main__", "drivers", "printer.device", "screens.app", "screens.pilot_service")


def test_every_file_of_the_page_is_packaged() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["*"]
    for file in Path(page.__file__).parent.rglob("*"):
        if file.is_file() and file.suffix not in (".py", ".pyc"):
            assert f"*{file.suffix}" in patterns, file.name


def test_the_kiosk_runs_without_loading_anything_of_the_page() -> None:
    program = f"""
import sys
for name in {KIOSK!r}:
    __import__(name)
loaded = [name for name in sys.modules if name.split(".")[0] in ("provisioning", "fastapi", "uvicorn")]
assert not loaded, loaded
"""
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)
