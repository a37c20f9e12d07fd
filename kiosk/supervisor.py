"""Runs the kiosk's processes on a machine without systemd units: starts them, starts them again, stops them.

On a device systemd does this (systemd/); here it serves laptops and the rig.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Literal

from kiosk import logs
from kiosk.hardening import WIPES_WHAT_IS_FREED

ProcessName = Literal["link", "vision", "screen"]
PROCESSES: tuple[ProcessName, ...] = ("link", "vision", "screen")
START_LIMIT, START_LIMIT_WINDOW_S = 5, 30.0
STOP_TIMEOUT_S = 8.0


def command(name: ProcessName, settings_file: Path) -> list[str]:
    """What runs one of the processes."""
    return [sys.executable, "-m", "kiosk", "run", "--process", name, "--settings", str(settings_file)]


Command = Callable[[ProcessName, Path], list[str]]


class Supervisor:
    """Three children, each restarted when it dies, until one of them dies too often or `stop` is called.

    At the rig one thread watches while another cuts the power: who holds the lock is the only one to start or end.
    """

    def __init__(
        self,
        settings_file: Path,
        environment: Mapping[str, str] = os.environ,
        log: IO[bytes] | None = None,
        command: Command = command,
    ):
        self._settings_file, self._log, self._command = settings_file, log, command
        self._environment = {**environment, **WIPES_WHAT_IS_FREED}
        self.children: dict[ProcessName, subprocess.Popen[bytes]] = {}
        self._turn = threading.RLock()
        self._starts: dict[ProcessName, deque[float]] = {name: deque(maxlen=START_LIMIT) for name in PROCESSES}

    def start(self) -> None:
        """Start all three."""
        with self._turn:
            for name in PROCESSES:
                self._start(name)

    def _start(self, name: ProcessName) -> None:
        self._starts[name].append(time.monotonic())
        # "screen" keeps the terminal's stdin out: nothing but touches may reach it
        self.children[name] = subprocess.Popen(
            self._command(name, self._settings_file),
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stderr=self._log,
            stdout=self._log,
        )

    def watch_once(self) -> None:
        """Start again whatever has died. Raises: ChildProcessError if a process dies too often."""
        with self._turn:
            for name, child in list(self.children.items()):
                code = child.poll()
                if code is not None:
                    logs.event("process_died", process=name, status=code)
                    self._start_again(name)

    def _start_again(self, name: ProcessName) -> None:
        starts = self._starts[name]
        if len(starts) == START_LIMIT and time.monotonic() - starts[0] < START_LIMIT_WINDOW_S:
            raise ChildProcessError(f"kiosk-{name} died {START_LIMIT} times in {START_LIMIT_WINDOW_S:.0f} s")
        self._start(name)

    def run(self) -> int:
        """Watch until SIGTERM, SIGINT or the screen's own clean end; returns an exit code."""
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        self.start()
        try:
            while self.children["screen"].poll() != 0:
                self.watch_once()
                time.sleep(0.2)
        except KeyboardInterrupt:
            return 0
        except ChildProcessError as error:
            print(error, file=sys.stderr)
            return 1
        finally:
            self.stop()
        return 0

    def kill_all(self) -> None:
        """End all at once, as a power cut does, and start none of them again before `start`."""
        with self._turn:
            children, self.children = self.children, {}
            for child in children.values():
                child.kill()
            for child in children.values():
                child.wait()

    def stop(self) -> None:
        """Ask all to end, wait, and kill whoever does not."""
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + STOP_TIMEOUT_S
        for child in self.children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
