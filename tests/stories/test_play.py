"""`kiosk rig` for a person: a window, real X input, keys that play the world; and the control page beside it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from queue import Queue
from typing import Any

import pytest

from provisioning.rig import people


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
    """`kiosk rig` in a display of its own, or in none."""

    def __init__(self, display: str | None, *options: str) -> None:
        shown = {"DISPLAY": display} if display else {}
        elsewhere = {name: value for name, value in os.environ.items() if not name.endswith("DISPLAY")}
        self._environment = {**elsewhere, **shown}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kiosk", "rig", "--page-port", "0", *options],
            env=self._environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._lines: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self._lines.put(line)

    def wait_for(self, words: str) -> str:
        """The line with these words."""
        while words not in (line := self._lines.get(timeout=90)):
            pass
        return line

    def find_page(self) -> str:
        return self.wait_for("control page: ").split()[-1]

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


@pytest.fixture
def serving() -> Iterator[Playing]:
    serving = Playing(None, "--page")
    yield serving
    serving.close()


def state(page: str) -> dict[str, Any]:
    """What the page shows."""
    with urllib.request.urlopen(f"{page}state", timeout=20) as answer:
        shown: dict[str, Any] = json.load(answer)
    return shown


def test_keys_in_the_window_play_the_world_beside_the_page_and_q_quits(playing: Playing) -> None:
    page = playing.find_page()
    playing.wait_for("in the hand")
    playing.press("c")
    playing.wait_for("on the reader")
    assert state(page)["hall"]["card_on_reader"]
    playing.press("h")
    playing.wait_for("hospital away")
    playing.press("2")
    second = people.everybody()[1]
    playing.wait_for(second.card.name)
    hall, picture = state(page)["hall"], state(page)["seen"]["picture"]
    assert (hall["persona"], hall["site"]) == (second.id, "away")
    assert picture["width_px"] > picture["height_px"]
    playing.press("q")
    assert playing.process.wait(timeout=60) == 0


def test_without_a_display_the_page_alone_serves_until_it_is_interrupted(serving: Playing) -> None:
    shown = state(serving.find_page())
    assert (shown["hall"]["power"], shown["seen"]["picture"]["step"]) == ("on", "Welcome")
    serving.process.send_signal(signal.SIGINT)
    assert serving.process.wait(timeout=60) == 0


def test_a_port_that_is_taken_is_named_before_anything_starts() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [sys.executable, "-m", "kiosk", "rig", "--page", "--page-port", str(taken.getsockname()[1])]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "--page-port" in done.stderr
