"""A loopback and mounts of its own for a rig, so that two rigs never meet and nothing leaves the machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path

MARK = "KIOSK_RIG_NAMESPACE"
SCRIPT = Path(__file__).parents[1] / "in_namespace.sh"


def enter() -> None:
    """Run this very command again inside the namespaces; returns only when already inside."""
    if os.environ.get(MARK):
        return
    environment = {**os.environ, MARK: "1"}
    command = [str(SCRIPT), sys.executable, "-m", "kiosk", *sys.argv[1:]]
    os.execve(SCRIPT, command, environment)  # noqa: S606 (no shell is wanted; this process becomes it)
