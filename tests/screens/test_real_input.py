"""A real X server and a real pointer: what SDL and Kivy make of a press, not what a pilot puts into the loop."""

from __future__ import annotations

import os
import subprocess
import time

import pytest


@pytest.fixture
def display():
    """A bare X server of our own, on whichever number is free."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "540x960x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as numbers:
        number = numbers.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(timeout=10)


def test_one_press_of_a_real_pointer_is_one_event(display, open_stage):
    stage = open_stage("small", {"DISPLAY": display})
    stage.fresh("consent")
    stage.tap("accept", times=0)  # waits until it takes touches
    button = next(box for box in stage.boxes() if box.id == "accept")
    x, y = round((button.x + button.width / 2) * 2.79), round(960 - (button.y + button.height / 2) * 2.79)
    press = [
        "xdotool",
        "mousemove",
        str(x),
        str(y),
        "sleep",
        "0.1",
        "mousedown",
        "1",
        "sleep",
        "0.1",
        "mouseup",
        "1",
    ]
    subprocess.run(press, env={**os.environ, "DISPLAY": display}, check=True)
    events, touches = [], 0
    deadline = time.monotonic() + 5
    while not events and time.monotonic() < deadline:
        result = stage.emitted()
        events += result.events
        touches += result.touches
    for seconds in (30, 29, 28):  # frames in which a second event of the same press would come
        stage.show("consent", warn_s=seconds)
    result = stage.emitted()
    assert [*events, *result.events] == ["ConsentGiven"]
    assert touches + result.touches == 1
