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


def test_keys_in_the_window_play_the_world_and_q_quits(display: str) -> None:
    environment = {**os.environ, "DISPLAY": display}
    with subprocess.Popen(
        [sys.executable, "-m", "kiosk", "rig"], env=environment, stdout=subprocess.PIPE, text=True
    ) as rig:
        lines: Queue[str] = Queue()
        assert rig.stdout is not None
        reader = threading.Thread(target=lambda: [lines.put(line) for line in rig.stdout or ()])
        reader.start()

        def wait_for(words: str) -> None:
            while words not in lines.get(timeout=90):
                pass

        def press(key: str) -> None:
            subprocess.run(["xdotool", "key", key], env=environment, check=True)

        wait_for("in the hand")
        press("c")
        wait_for("on the reader")
        press("h")
        wait_for("hospital away")
        press("2")
        wait_for("Trần Quang Minh")
        press("q")
        assert rig.wait(timeout=60) == 0
        reader.join()
