from __future__ import annotations

import cv2
import numpy as np
import pytest

from drivers.camera.picamera2 import Picamera2Source
from drivers.camera.v4l2 import V4l2Source
from drivers.camera.video_file import VideoFileSource
from kiosk.errors import CameraUnavailable
from kiosk.settings import CameraSettings

COLOURS = [(200, 40, 40), (40, 200, 40), (40, 40, 200), (180, 180, 60)]


@pytest.fixture
def recording(tmp_path):
    file = tmp_path / "recording.avi"
    writer = cv2.VideoWriter(str(file), cv2.VideoWriter_fourcc(*"MJPG"), 10, (320, 240))
    for colour in COLOURS:
        writer.write(np.full((240, 320, 3), colour[::-1], np.uint8))
    writer.release()
    return CameraSettings(driver="video_file", device=str(file))


def test_a_recording_gives_its_frames_in_rgb_at_its_own_times_and_then_ends(recording):
    source = VideoFileSource(recording)
    frames = [source.read() for _ in COLOURS]
    assert [frame.sensor_time_s for frame in frames] == pytest.approx([0, 0.1, 0.2, 0.3])
    for frame, colour in zip(frames, COLOURS, strict=True):
        assert frame.image.mean(axis=(0, 1)) == pytest.approx(colour, abs=6)
    with pytest.raises(CameraUnavailable, match="over"):
        source.read()
    source.close()


@pytest.mark.parametrize("source", [V4l2Source, VideoFileSource])
def test_a_missing_device_is_an_error_with_a_name(source, tmp_path):
    with pytest.raises(CameraUnavailable):
        source(CameraSettings(driver="v4l2", device=str(tmp_path / "video9")))


def test_a_width_that_libcamera_would_pad_is_refused_before_the_camera_is_touched():
    with pytest.raises(CameraUnavailable, match="multiple of 64"):
        Picamera2Source(CameraSettings(driver="picamera2", width_px=600))


@pytest.mark.hardware
def test_the_pi_camera_gives_fresh_frames_with_sensor_time_and_holds_its_exposure():
    import time

    source = Picamera2Source(CameraSettings(driver="picamera2"))
    try:
        for _ in range(30):
            frame = source.read()
        assert frame.image.shape == (480, 640, 3)
        assert 0 <= time.monotonic() - frame.sensor_time_s < 0.2
        assert frame.ambient_lux is not None
        source.lock_exposure(True)
        levels = [source.read().image.mean() for _ in range(15)]
        assert np.std(levels) < 2
    finally:
        source.close()
