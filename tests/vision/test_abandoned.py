"""A face check that nobody waits for any more: the screen process died or hangs."""

from __future__ import annotations

import time

import pytest

from drivers.camera.world import World
from kiosk.vision import camera_thread, jobs

from .conftest import Stage


def test_a_check_whose_screen_died_ends_and_leaves_no_picture(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(jobs, "ABANDONED_S", 0.5)
    monkeypatch.setattr(camera_thread, "LOOK_AGAIN_S", 0.1)
    stage.world = World(scene="person", persona="lan")
    stage.start("lan", "nobody asks")
    deadline = time.monotonic() + 20
    logged = ""
    while "face_check_abandoned" not in logged and time.monotonic() < deadline:
        time.sleep(0.05)
        logged += capsys.readouterr().err
    assert "face_check_abandoned" in logged
    assert stage.preview.read() is None
