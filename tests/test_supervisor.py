"""The supervisor where two threads have their hands on it, as at the rig."""

from __future__ import annotations

import threading
from pathlib import Path

from kiosk.supervisor import Supervisor


class DiesWhileLookedAt:
    """A process that is killed, if anybody can kill it, just while it is asked how it is."""

    def __init__(self) -> None:
        self.looked_at, self._killed = threading.Event(), threading.Event()

    def poll(self) -> int | None:
        self.looked_at.set()
        return -9 if self._killed.wait(0.3) else None

    def kill(self) -> None:
        self._killed.set()

    def wait(self) -> int:
        return -9


def test_nothing_is_started_again_by_a_watch_that_was_under_way_when_the_power_went(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path / "no-such.toml")
    process = DiesWhileLookedAt()
    supervisor.children["link"] = process  # type: ignore[assignment]
    watching = threading.Thread(target=supervisor.watch_once)
    watching.start()
    process.looked_at.wait()
    supervisor.kill_all()
    watching.join()
    assert supervisor.children == {}
