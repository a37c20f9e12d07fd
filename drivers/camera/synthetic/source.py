"""A camera that looks at a simulated scene; real face models run on its frames like on any other's."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from drivers.camera.synthetic.scene import Scene
from drivers.camera.synthetic.sensor import Sensor
from drivers.camera.world import Glass, World
from kiosk.ports import Frame
from kiosk.settings import CameraSettings


class SyntheticCamera:
    """The port `FrameSource`. The person in the scene knows what the glass shows, and nothing else."""

    def __init__(
        self,
        world: Callable[[], World],
        glass: Callable[[], Glass],
        faces_dir: Path,
        settings: CameraSettings,
        seed: int = 1,
    ) -> None:
        self._world, self._glass = world, glass
        self._scene = Scene(faces_dir, settings.width_px, settings.height_px, seed)
        self._sensor = Sensor(settings.width_px, settings.height_px, seed)
        self._frozen: Frame | None = None
        self._period_s = 1 / settings.frames_per_s
        self.paced_by_reader = settings.lockstep
        self.time_s = 0.0 if settings.lockstep else time.monotonic()

    def read(self) -> Frame:
        """The next frame: one period later in lockstep, else when it is due."""
        if self.paced_by_reader:
            self.time_s += self._period_s
        else:
            due = self.time_s + self._period_s
            time.sleep(max(0.0, due - time.monotonic()))
            self.time_s = time.monotonic()
        world = self._world()
        if world.lens in ("frozen", "stopped"):
            return self._again(world)
        self._frozen = None
        return self._seen(world)

    def _seen(self, world: World) -> Frame:
        light = self._scene.light(world, self._glass(), self.time_s)
        if world.lens == "covered":
            light.fill(0)
        image = self._sensor.expose(light, self.time_s)
        return Frame(image, self.time_s, self._sensor.estimate_lux(light))

    def _again(self, world: World) -> Frame:
        """The frame that the camera got stuck at, its time gone on or not; a copy, for readers wipe it."""
        if self._frozen is None:
            self._frozen = self._seen(world)
        stuck = self._frozen
        at_s = self.time_s if world.lens == "frozen" else stuck.sensor_time_s
        return Frame(stuck.image.copy(), at_s, stuck.ambient_lux)

    def lock_exposure(self, locked: bool) -> None:
        """Hold the gain, or let it follow the light again."""
        self._sensor.exposure_locked = locked

    def close(self) -> None:
        """Nothing to release."""
