"""The house's rules, held by tools."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_import_contracts_hold() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-logo"], capture_output=True, text=True, timeout=120, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout


def test_locks_are_hash_pinned_and_name_no_address() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text(encoding="utf-8")
        assert not re.search(r"https?://|index-url|find-links", text), lock.name
        pinned = re.findall(r"^[a-z0-9].*?==.*$", text, re.MULTILINE)
        assert pinned
        assert all(line.endswith("\\") for line in pinned), lock.name


def test_the_production_lock_holds_nothing_of_the_rig() -> None:
    lock = (ROOT / "requirements" / "production.txt").read_text(encoding="utf-8")
    for name in ("fastapi", "uvicorn", "sqlalchemy", "scikit-image", "pytest", "playwright"):
        assert not re.search(rf"^{name}==", lock, re.MULTILINE), name


def test_every_package_in_the_tree_has_a_docstring() -> None:
    for part in ("kiosk", "drivers", "printer", "screens", "provisioning"):
        for file in (ROOT / part).rglob("__init__.py"):
            assert file.read_text(encoding="utf-8").startswith('"""'), file
