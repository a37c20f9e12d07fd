"""The vision service over real models and simulated scenes, with a stand-in for the screen process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from drivers.camera.synthetic.source import SyntheticCamera
from drivers.camera.world import Glass, World
from drivers.face_embedding.dlib_resnet import DlibResnetEmbedder
from drivers.face_mesh.mediapipe_mesh import MediapipeFaceMesh
from drivers.qr_scanner.zxing import ZxingQrScanner
from kiosk import messages as m
from kiosk.flows.views import Camera, Words
from kiosk.preview import PreviewReader, PreviewWriter
from kiosk.settings import CameraSettings, FaceSettings
from kiosk.vision.service import VisionService
from provisioning.rig.faces import bake

FACES = Path(__file__).parents[2] / "var" / "rig" / "faces"
CAMERA = CameraSettings(driver="synthetic", lockstep=True, frames_per_s=6)
ARROWS = {"turn_left": "left", "turn_right": "right"}


def view_of(prompt: m.FacePrompt) -> Camera:
    """What the flow shows for a prompt."""
    key = f"identify.face.coach.{prompt.coach}" if prompt.coach else f"identify.face.{prompt.kind}"
    return Camera.model_validate(
        {
            "step": "CheckFace",
            "title": Words(key="identify.face.title"),
            "prompt": Words(key=key),
            "arrow": ARROWS.get(prompt.kind, "none"),
            "colour": prompt.colour,
            "progress": prompt.progress,
            "number": prompt.sequence,
        }
    )


class Stage:
    """A hall with the kiosk's vision in it: set `world`, run checks, see what was prompted."""

    def __init__(self, faces: Path) -> None:
        self.faces = faces
        self.vision: VisionService
        self.preview: PreviewReader
        self.world, self.glass, self.camera = World(), Glass(), CAMERA
        self.prompts: list[m.FacePrompt] = []
        self.on_prompt: Callable[[m.FacePrompt], object] = lambda prompt: None
        self.wrap: Callable[[Any], Any] = lambda source: source
        self._sources: list[SyntheticCamera] = []

    def open_camera(self) -> Any:
        """What the service opens for each job."""
        self._sources.append(self.camera_again())
        return self.wrap(self._sources[-1])

    def camera_again(self) -> SyntheticCamera:
        """A camera of its own that sees the same hall."""
        return SyntheticCamera(lambda: self.world, lambda: self.glass, self.faces, self.camera)

    def frames_read(self) -> float:
        """How far the newest camera's time has come."""
        return self._sources[-1].time_s

    def start(self, persona: str, nonce: str, session_id: UUID | None = None) -> UUID:
        """Start a check against a persona's chip portrait."""
        session_id = session_id or uuid4()
        data = (self.faces / f"{persona}.jpg").read_bytes()
        message = m.StartFaceCheck.model_construct(None, session_id=session_id, nonce=nonce, portrait=data)
        self.vision.start_face_check(message)
        return session_id

    def show(self, prompt: m.FacePrompt) -> None:
        """Bring a prompt onto the glass."""
        self.glass = Glass.of(view_of(prompt))

    def check(self, persona: str, nonce: str, session_id: UUID | None = None) -> m.FaceVerdict:
        """Run a check to its verdict as the screen process does, and end the session if it is ours."""
        session = self.start(persona, nonce, session_id)
        self.prompts, sequence = [], 0
        while True:
            message = m.AwaitFacePrompt(
                session_id=session, nonce=nonce, shown_sequence=sequence, shown_at_s=time.monotonic()
            )
            prompt = self.vision.await_face_prompt(message)
            self.prompts.append(prompt)
            self.on_prompt(prompt)
            if prompt.verdict is not None:
                break
            self.show(prompt)
            sequence = prompt.sequence
        self.glass = Glass()
        if session_id is None:
            self.vision.end_session(m.SessionEnded(session_id=session))
        return prompt.verdict

    def wait_for_health(self, state: str) -> None:
        """Raises: TimeoutError."""
        until = time.monotonic() + 10
        while self.vision.health(m.Nothing()).camera != state:
            if time.monotonic() > until:
                raise TimeoutError(state)
            time.sleep(0.02)


@pytest.fixture(scope="session")
def faces() -> Path:
    bake(FACES)
    return FACES


@pytest.fixture(scope="session")
def mesh() -> Iterator[MediapipeFaceMesh]:
    with MediapipeFaceMesh() as mesh:
        yield mesh


@pytest.fixture(scope="session")
def embedder() -> DlibResnetEmbedder:
    return DlibResnetEmbedder()


@pytest.fixture
def settings() -> FaceSettings:
    return FaceSettings(coach_s=3.0, challenge_s=4.5, tries_per_visit=2)


@pytest.fixture
def stage(
    faces: Path, mesh: MediapipeFaceMesh, embedder: DlibResnetEmbedder, settings: FaceSettings, tmp_path: Path
) -> Iterator[Stage]:
    stage = Stage(faces)
    writer = PreviewWriter(tmp_path / "preview")
    stage.preview = PreviewReader(tmp_path / "preview")
    stage.vision = VisionService(stage.open_camera, mesh, embedder, ZxingQrScanner(), writer, settings, True)
    yield stage
    stage.vision.close()
    writer.close()
    if stage.preview._map is not None:
        stage.preview._map.close()
