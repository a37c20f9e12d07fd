"""Measures the face check on the rig's scenes: work a frame, turn residuals, flash correlation.

`python -m provisioning.rig.faces.measure` prints it all. The scenes are rendered: regression evidence for the
thresholds in kiosk/face/pad.py, not a certificate (ISO/IEC 30107-3 asks for people and presentation attacks).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import numpy as np

from drivers.camera.synthetic.source import SyntheticCamera
from drivers.camera.world import Glass, Scene, World
from drivers.face_embedding.dlib_resnet import DlibResnetEmbedder
from drivers.face_mesh.mediapipe_mesh import MediapipeFaceMesh
from kiosk.face.challenge import COLOURS
from kiosk.face.check import FaceCheck
from kiosk.face.pad import FlashSample, TurnSample, flash_response, in_turn
from kiosk.face.pose import NeutralFace, homography_residual
from kiosk.face.quality import skin_colour
from kiosk.ports import Frame
from kiosk.settings import CameraSettings, FaceSettings
from kiosk.vision.jobs import FaceJob
from provisioning.rig import people

CAMERA = CameraSettings(driver="synthetic", lockstep=True, frames_per_s=15)
ARROWS = {"turn_left": "left", "turn_right": "right"}
FRAMES_A_COLOUR = 4


@dataclass(frozen=True)
class FrameWork:
    """Mean milliseconds a frame: FaceMesh alone, and all the check does with a frame (no embedding)."""

    bare_mesh_ms: float
    whole_check_ms: float

    @property
    def ratio(self) -> float:
        """How many times the bare mesh's work the check takes."""
        return self.whole_check_ms / self.bare_mesh_ms


class Hall:
    """A scene whose glass is set by hand."""

    def __init__(self, faces_dir: Path, world: World, seed: int = 1) -> None:
        self.world, self.glass = world, _glass()
        self.camera = SyntheticCamera(lambda: self.world, lambda: self.glass, faces_dir, CAMERA, seed)

    def frames(self, count: int) -> Iterator[Frame]:
        """The next frames."""
        for _ in range(count):
            yield self.camera.read()


def _glass(**values: object) -> Glass:
    return Glass.model_validate({"kind": "camera", "target": "face", **values})


def frame_work(faces_dir: Path, persona: str = "lan") -> FrameWork:
    """Run one check of a living person; each frame goes to a bare mesh and to the check in turn."""
    hall, embedder = Hall(faces_dir, World(scene="person", persona=persona)), DlibResnetEmbedder()
    bare_s, whole_s = [], []
    with MediapipeFaceMesh() as bare, MediapipeFaceMesh() as mesh:
        check = FaceCheck(uuid4(), "measured", np.zeros(128), embedder.embed, FaceSettings())
        job = FaceJob(uuid4(), "measured", check, mesh)
        while job.prompt.kind not in ("compare", "finished"):
            prompt = job.prompt
            hall.glass = _glass(arrow=ARROWS.get(prompt.kind, "none"), colour=prompt.colour)
            job.shown(prompt.sequence, None)
            frame = hall.camera.read()
            started = time.perf_counter()
            bare.landmarks(frame.image)
            between = time.perf_counter()
            job.take(frame, job.look(frame))
            whole_s.append(time.perf_counter() - between)
            bare_s.append(between - started)
    # the first frames start MediaPipe's threads
    return FrameWork(1000 * float(np.mean(bare_s[5:])), 1000 * float(np.mean(whole_s[5:])))


def turn_samples(faces_dir: Path, scene: Scene, persona: str, **photo: float) -> list[TurnSample]:
    """Every frame of a turn to both sides, against the frame before it."""
    hall = Hall(faces_dir, World.model_validate({"scene": scene, "persona": persona, **photo}))
    samples = []
    with MediapipeFaceMesh() as mesh:
        first = [mesh.landmarks(frame.image) for frame in hall.frames(5)][-1]
        if first is None:
            return []
        neutral = NeutralFace(first, CAMERA.width_px, CAMERA.height_px)
        for arrow in ("left", "none", "right"):
            hall.glass = _glass(arrow=arrow)
            for frame in hall.frames(20):
                landmarks = mesh.landmarks(frame.image)
                if landmarks is not None:
                    pose = neutral.pose(landmarks)
                    residual = homography_residual(first, landmarks)
                    samples.append(TurnSample(pose.yaw_deg, residual, pose.residual))
    return samples


def flash_scores(faces_dir: Path, scene: Scene, persona: str, lux: float, seed: int = 1) -> tuple[float, float]:
    """Correlation and modulation of one flash at a light level."""
    hall = Hall(faces_dir, World(scene=scene, persona=persona, light_lux=lux), seed)
    samples = []
    with MediapipeFaceMesh() as mesh:
        for frame in hall.frames(5):
            mesh.landmarks(frame.image)
        hall.camera.lock_exposure(True)
        for colour in np.random.default_rng(seed).permutation(COLOURS).tolist():
            hall.glass = _glass(colour=tuple(colour))
            for frame in hall.frames(FRAMES_A_COLOUR):
                landmarks = mesh.landmarks(frame.image)
                if landmarks is not None:
                    samples.append(FlashSample(tuple(colour), skin_colour(frame.image, landmarks)))
    return flash_response(samples)


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(description="Measure the face check on the rig's scenes.")
    parser.add_argument("directory", type=Path, nargs="?", default=Path("var/rig/faces"))
    faces_dir = parser.parse_args().directory
    work = frame_work(faces_dir)
    print(f"work a frame: mesh {work.bare_mesh_ms:.1f} ms, check {work.whole_check_ms:.1f} ms, × {work.ratio:.2f}")
    print(
        "turns: highest |yaw|; behind the yaw gate: frames, median homography residual, median ratio to the pose's"
    )
    names = [persona.id for persona in people.with_faces()]
    for persona in names:
        _print_turn("person", persona, turn_samples(faces_dir, "person", persona))
        for bend_deg in (0, 40, 80, -80):
            samples = turn_samples(faces_dir, "flat_photo", persona, photo_bend_deg=bend_deg)
            _print_turn(f"print bent {bend_deg}°", persona, samples)
    for persona in names:
        correlation, modulation = flash_scores(faces_dir, "person", persona, lux=500)
        print(f"flash {persona:5} 500 lux: correlation {correlation:.2f}, modulation {modulation:.3f}")
    scenes: tuple[Scene, ...] = ("person", "video_replay", "flat_photo")
    for scene in scenes:
        for lux in (100, 300, 500, 800, 1000, 2000):
            scores = np.array([flash_scores(faces_dir, scene, "minh", lux, seed) for seed in range(1, 7)])
            low, high = scores.min(axis=0), scores.max(axis=0)
            print(
                f"flash {scene:12} {lux:5} lux: correlation {low[0]:.2f} to {high[0]:.2f},"
                f" modulation {low[1]:.3f} to {high[1]:.3f}"
            )


def _print_turn(what: str, persona: str, samples: list[TurnSample]) -> None:
    gated = [sample for sample in samples if in_turn(abs(sample.yaw_deg), 1)]
    peak = max((abs(sample.yaw_deg) for sample in samples), default=0.0)
    residual = np.median([sample.homography_residual for sample in gated]) if gated else 0.0
    ratio = np.median([sample.homography_residual / sample.pose_residual for sample in gated]) if gated else 0.0
    print(f"turn {what:16} {persona:5}: {peak:5.1f}°, {len(gated):3}, {100 * residual:4.1f} %, {ratio:.2f}")


if __name__ == "__main__":
    main()
