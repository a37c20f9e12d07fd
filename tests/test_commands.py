"""The commands that need no rig."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from kiosk.flows import diagram
from kiosk.flows.catalogue import FLOWS

from .test_settings import MINIMAL

ROOT = Path(__file__).parents[1]


def kiosk(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kiosk", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT)


def settings_file(directory: Path, more: str = "") -> Path:
    file = directory / "kiosk.toml"
    file.write_text(MINIMAL + more, encoding="utf-8")
    return file


def test_config_shows_every_option_with_its_meaning(tmp_path: Path) -> None:
    shown = kiosk("config", "--settings", str(settings_file(tmp_path)))
    assert shown.returncode == 0, shown.stderr
    assert "timers.idle_s = 60  # Without a touch before the warning" in shown.stdout


def test_config_changed_shows_only_what_differs(tmp_path: Path) -> None:
    file = settings_file(tmp_path, "[printer]\nport = 9101\n")
    shown = kiosk("config", "--changed", "--settings", str(file)).stdout
    assert "printer.port = 9101" in shown
    assert "printer.host" not in shown


def test_wrong_settings_are_named_in_one_line_and_exit_with_2(tmp_path: Path) -> None:
    shown = kiosk("run", "--settings", str(settings_file(tmp_path, "[printer]\nprot = 9101\n")))
    assert shown.returncode == 2
    assert len(shown.stderr.splitlines()) == 1
    assert "printer.prot" in shown.stderr


def test_the_diagrams_in_the_docs_are_those_of_the_tables() -> None:
    page = (ROOT / "docs" / "reference" / "flows.md").read_text(encoding="utf-8")
    assert page == diagram.document(list(FLOWS.values())), "run `make flows`"
