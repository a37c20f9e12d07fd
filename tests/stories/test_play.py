"""`kiosk rig` with a display: a window, real X input, keys that play the world."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from queue import Queue

import pytest


@pytest.fixture
def display() -> Iterator[str]:
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1300x820x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait()


class Playing:
    """`kiosk rig` in a display of its own."""

    def __init__(self, display: str) -> None:
        self._environment = {**os.environ, "DISPLAY": display}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kiosk", "rig"], env=self._environment, stdout=subprocess.PIPE, text=True
        )
        self._lines: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self._lines.put(line)

    def wait_for(self, words: str) -> None:
        while words not in self._lines.get(timeout=90):
            pass

    def press(self, key: str) -> None:
        subprocess.run(["xdotool", "key", key], env=self._environment, check=True)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(60)
        self._reader.join()
        if self.process.stdout:
            self.process.stdout.close()


@pytest.fixture
def playing(display: str) -> Iterator[Playing]:
    playing = Playing(display)
    yield playing
    playing.close()


def test_keys_in_the_window_play_the_world_and_q_quits(playing: Playing) -> None:
    playing.wait_for("in the hand")
    playing.press("c")
    playing.wait_for("on the reader")
    playing.press("h")
    playing.wait_for("hospital away")
    playing.press("2")
    playing.wait_for("Trần Quang Minh")
    playing.press("q")
    assert playing.process.wait(timeout=60) == 0
