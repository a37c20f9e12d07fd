"""A camera that fails in the middle of its work: never a pass, its own name, and health that tells."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from uuid import uuid4

import numpy as np
import pytest

from drivers.camera.world import World
from kiosk import messages as m
from kiosk.errors import CameraFrozen, CameraUnavailable
from kiosk.ports import Frame, FrameSource
from kiosk.vision import camera, camera_thread

from .conftest import Stage

PERSON = World(scene="person", persona="lan")
Then = Callable[[Frame, np.ndarray, int], Frame]


class Broken:
    """A camera that gives a few frames and then what `then` makes of the last one."""

    paced_by_reader = True

    def __init__(self, source: FrameSource, good_frames: int, then: Then) -> None:
        self._source, self._left, self._then = source, good_frames, then

    def read(self) -> Frame:
        self._left -= 1
        if self._left >= 0:
            self._last = self._source.read()
            self._copy = self._last.image.copy()
            return self._last
        return self._then(self._last, self._copy, -self._left)

    def lock_exposure(self, locked: bool) -> None:
        self._source.lock_exposure(locked)

    def close(self) -> None:
        self._source.close()


def unplug(last: Frame, image: np.ndarray, count: int) -> Frame:
    raise CameraUnavailable("unplugged")


def crash(last: Frame, image: np.ndarray, count: int) -> Frame:
    raise RuntimeError("Ngọc Lan")


def repeat(last: Frame, image: np.ndarray, count: int) -> Frame:
    return Frame(image.copy(), last.sensor_time_s + count / 10)


def stand_still(last: Frame, image: np.ndarray, count: int) -> Frame:
    return Frame(image.copy(), last.sensor_time_s)


def go_black(last: Frame, image: np.ndarray, count: int) -> Frame:
    return Frame(np.zeros_like(image), last.sensor_time_s + count / 10)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera_thread, "PROBE_AGAIN_S", 0.05)
    monkeypatch.setattr(camera_thread, "LOOK_AGAIN_S", 0.05)


@pytest.mark.parametrize(
    ("good_frames", "then", "reason"),
    [
        (12, unplug, "camera_unavailable"),
        (12, crash, "camera_unavailable"),
        (12, repeat, "camera_frozen"),
        (12, stand_still, "camera_frozen"),
        (1, go_black, "camera_dark"),
    ],
)
def test_a_broken_camera_is_never_a_pass_and_health_names_it_until_it_is_well(
    stage: Stage, good_frames: int, then: Then, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.world = PERSON
    stage.wrap = lambda source: Broken(source, good_frames, then)
    verdict = stage.check("lan", f"broken {then.__name__}")
    assert (verdict.decision, verdict.reason) == ("staff", reason)
    stage.wrap = lambda source: Broken(source, 1, then)
    stage.wait_for_health(reason)
    if reason != "camera_unavailable":
        time.sleep(0.15)  # it is looked at again meanwhile, and one good frame is not enough
        assert stage.vision.health(m.Nothing()).camera == reason
    stage.wrap = lambda source: source
    stage.wait_for_health("ready")
    assert "Lan" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lens", "reason"), [("frozen", "camera_frozen"), ("stopped", "camera_frozen"), ("covered", "camera_dark")]
)
@pytest.mark.parametrize("light_lux", [2.0, 300.0, 2000.0])
def test_a_lens_that_shows_nothing_is_the_kiosks_fault_in_any_light(
    stage: Stage, lens: str, reason: str, light_lux: float
) -> None:
    stage.world = PERSON.model_copy(update={"lens": lens, "light_lux": light_lux})
    verdict = stage.check("lan", f"{lens} {light_lux}")
    assert (verdict.decision, verdict.reason) == ("staff", reason)


def test_a_dark_hall_is_not_a_covered_lens(stage: Stage) -> None:
    stage.world = PERSON.model_copy(update={"light_lux": 2.0})
    assert stage.check("lan", "a dark hall").reason != "camera_dark"


def test_a_card_held_against_the_lens_is_no_fault_while_its_code_is_looked_for(stage: Stage) -> None:
    stage.world = PERSON.model_copy(update={"lens": "covered"})
    assert stage.vision.find_card_qr(m.FindCardQr(session_id=uuid4(), timeout_s=4)).payload is None
    assert stage.vision.health(m.Nothing()).camera == "ready"


def test_a_camera_that_freezes_while_a_code_is_looked_for_is_named_at_once(stage: Stage) -> None:
    stage.world = PERSON.model_copy(update={"lens": "frozen"})
    with pytest.raises(CameraFrozen):
        stage.vision.find_card_qr(m.FindCardQr(session_id=uuid4(), timeout_s=60))


def test_a_driver_that_does_not_come_back_is_named_and_holds_nobody_up(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camera, "STALLED_S", 0.3)
    release = threading.Event()

    def hang(last: Frame, image: np.ndarray, count: int) -> Frame:
        release.wait(20)
        return last

    stage.world = PERSON
    stage.wrap = lambda source: Broken(source, 3, hang)
    session = uuid4()
    try:
        verdict = stage.check("lan", "hangs", session)
        assert (verdict.decision, verdict.reason) == ("staff", "camera_frozen")
        assert stage.vision.health(m.Nothing()).camera == "camera_frozen"
        stage.vision.end_session(m.SessionEnded(session_id=session))
        assert stage.preview.read() is None
        with pytest.raises(CameraFrozen):
            stage.vision.find_card_qr(m.FindCardQr(session_id=uuid4(), timeout_s=60))
    finally:
        stage.wrap = lambda source: source
        release.set()
    stage.wait_for_health("ready")


def test_health_tells_a_camera_that_is_away_and_back(stage: Stage) -> None:
    stage.wait_for_health("ready")
    stage.wrap = lambda source: Broken(source, 0, unplug)
    with pytest.raises(CameraUnavailable):
        stage.vision.find_card_qr(m.FindCardQr(session_id=uuid4(), timeout_s=1))
    assert stage.vision.health(m.Nothing()).camera == "camera_unavailable"
    stage.wrap = lambda source: source
    stage.wait_for_health("ready")
