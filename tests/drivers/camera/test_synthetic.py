"""The simulated camera as a camera: its clock, its exposure, and people who know only what the glass shows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from drivers.camera.synthetic.source import SyntheticCamera
from drivers.camera.world import Glass, GlassFile, World, WorldFile
from drivers.face_mesh.mediapipe_mesh import MediapipeFaceMesh
from kiosk.errors import CameraUnavailable
from kiosk.face.pose import absolute_yaw_deg
from kiosk.face.quality import skin_colour
from kiosk.flows.views import Camera, Words
from kiosk.settings import CameraSettings
from provisioning.rig.faces import bake

FACES = Path(__file__).parents[3] / "var" / "rig" / "faces"
FACE = Glass(kind="camera", target="face")


class Hall:
    def __init__(self, **settings) -> None:
        self.world, self.glass = World(scene="person", persona="lan"), FACE
        values = CameraSettings(driver="synthetic", lockstep=True, frames_per_s=10).model_copy(update=settings)
        self.camera = SyntheticCamera(lambda: self.world, lambda: self.glass, FACES, values)

    def read(self, frames=1):
        for _ in range(frames - 1):
            self.camera.read()
        return self.camera.read()


@pytest.fixture(scope="module", autouse=True)
def _faces():
    bake(FACES)


@pytest.fixture
def hall():
    return Hall()


@pytest.fixture(scope="module")
def mesh():
    with MediapipeFaceMesh() as mesh:
        yield mesh


def test_in_lockstep_time_passes_by_frames_alone(hall):
    times = [hall.read().sensor_time_s for _ in range(3)]
    assert np.diff(times) == pytest.approx([0.1, 0.1])
    assert hall.camera.paced_by_reader


def test_in_real_time_frames_come_when_they_are_due():
    hall = Hall(lockstep=False, frames_per_s=30.0)
    first, second = hall.read().sensor_time_s, hall.read().sensor_time_s
    assert second - first >= 1 / 30 * 0.99
    assert not hall.camera.paced_by_reader


def test_an_arrow_to_the_left_turns_the_visitor_to_their_own_left_the_pictures_right(hall, mesh):
    straight = mesh.still_landmarks(hall.read().image)
    hall.glass = FACE.model_copy(update={"arrow": "left"})
    left = mesh.still_landmarks(hall.read(14).image)
    hall.glass = FACE.model_copy(update={"arrow": "right"})
    right = mesh.still_landmarks(hall.read(14).image)
    assert absolute_yaw_deg(left) > 15 > 5 > abs(absolute_yaw_deg(straight)) > -15 > absolute_yaw_deg(right)
    assert left[1, 0] > straight[1, 0] > right[1, 0]


def test_a_turn_takes_its_time(hall, mesh):
    hall.read()
    hall.glass = FACE.model_copy(update={"arrow": "left"})
    yaws = [absolute_yaw_deg(mesh.landmarks(hall.read().image)) for _ in range(12)]
    assert abs(yaws[1]) < 6
    assert 5 < max(np.diff(yaws)) < 12
    assert yaws[-1] > 15


def test_a_face_reflects_the_glass_more_than_the_hall_behind_it_does(hall, mesh):
    hall.read(3)
    hall.camera.lock_exposure(True)
    seen = {}
    for colour in ((255, 0, 0), (0, 0, 255)):
        hall.glass = FACE.model_copy(update={"colour": colour})
        frame = hall.read()
        seen[colour] = (
            skin_colour(frame.image, mesh.still_landmarks(frame.image)),
            frame.image[:60, :60].mean((0, 1)),
        )
    (red_face, red_wall), (blue_face, blue_wall) = seen.values()
    assert red_face[0] > 1.12 * blue_face[0]
    assert blue_face[2] > 1.12 * red_face[2]
    assert red_wall == pytest.approx(blue_wall, rel=0.05)


def test_exposure_follows_the_light_unless_it_is_locked(hall):
    before = hall.read(5).image.mean()
    hall.camera.lock_exposure(True)
    hall.world = hall.world.model_copy(update={"light_lux": 150})
    assert hall.read(15).image.mean() < 0.85 * before
    hall.camera.lock_exposure(False)
    assert hall.read(25).image.mean() == pytest.approx(before, rel=0.08)


@pytest.mark.parametrize("lux", [50, 300, 2000])
def test_the_cameras_estimate_of_the_light_is_of_the_right_size(hall, lux):
    hall.world = World(scene="person", persona="tu", light_lux=lux)
    assert 0.6 * lux < hall.read().ambient_lux < 1.6 * lux + 40


def test_no_two_frames_are_equal_even_of_an_empty_hall(hall):
    hall.world = World()
    frames = {hall.read().image.tobytes() for _ in range(10)}
    assert len(frames) == 10


def test_the_same_seed_sees_the_same():
    assert np.array_equal(Hall().read(4).image, Hall().read(4).image)


def test_a_persona_that_was_never_baked_is_named_in_the_error(hall):
    hall.world = World(scene="person", persona="nobody-of-that-name")
    with pytest.raises(CameraUnavailable, match=r"python -m provisioning\.rig\.faces"):
        hall.read()


def test_world_and_glass_cross_as_files(tmp_path):
    world, glass = WorldFile(tmp_path / "world.json"), GlassFile(tmp_path / "glass.json")
    assert (world.read(), glass.read()) == (World(), Glass())
    world.write(World(scene="person", persona="minh", light_lux=120))
    words = Words(key="identify.face.turn_left")
    glass.shown(Camera(step="CheckFace", title=words, prompt=words, arrow="left", number=4))
    assert WorldFile(tmp_path / "world.json").read().persona == "minh"
    seen = GlassFile(tmp_path / "glass.json").read()
    assert (seen.kind, seen.target, seen.arrow, seen.prompt) == ("camera", "face", "left", words.key)
    world.write(World())
    assert world.read() == World()
