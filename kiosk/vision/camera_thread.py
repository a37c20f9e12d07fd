"""The one thread that owns the camera: opens it for a job, feeds the job, closes it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from kiosk import logs
from kiosk.errors import CallRefused, CameraError, CameraFrozen, CameraUnavailable, FaceCheckTimeout, KioskError
from kiosk.ports import Frame, FrameSource
from kiosk.preview import PreviewWriter
from kiosk.vision.camera import Camera
from kiosk.vision.jobs import Job

PROBE_AGAIN_S = 4.0
"""How soon a camera that failed is tried again while nobody needs it."""
LEAVE_S = 5.0
LOOK_AGAIN_S = 1.0


class CameraThread:
    """Serves one job at a time; `changed` is the lock and the bell of everything jobs hold.

    Between jobs the camera is closed. A paced source is read only once the newest prompt is on the glass.
    """

    def __init__(self, open_camera: Callable[[], FrameSource], preview: PreviewWriter) -> None:
        self.changed = threading.Condition()
        self._probed = threading.Event()
        self.camera = Camera(open_camera)
        self._preview = preview
        self._job: Job | None = None
        self._serving: Job | None = None
        self._stop = False
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)

    def start(self) -> None:
        """Begin; returns once the camera was probed, so that `health` is true from the first."""
        self._thread.start()
        self._probed.wait(LEAVE_S)

    def fail_if_stalled(self, job: Job) -> None:
        """End a job whose camera does not come back; the caller holds `changed`."""
        if self.camera.is_stalled and not job.done:
            job.fail(CameraFrozen("the camera gives no frame"))
            self.changed.notify_all()

    def give(self, job: Job) -> None:
        """Make `job` the current one; the caller holds `changed`."""
        self._job = job
        self.changed.notify_all()

    def take_away(self, job: Job) -> None:
        """Stop serving `job` and wipe it and the preview; returns once no frame of it is in hand.

        The caller holds `changed`. A camera that is stalled has no frame in hand, and gets no more of this job.
        """
        if self._job is job:
            self._job = None
            self.changed.notify_all()
        left = self.changed.wait_for(lambda: self._serving is not job or self.camera.is_stalled, LEAVE_S)
        job.wipe()
        self._preview.wipe()
        if not left:
            raise CallRefused("the camera does not let go")

    def close(self) -> None:
        """End the thread."""
        with self.changed:
            self._stop, self._job = True, None
            self.changed.notify_all()
        self._thread.join(LEAVE_S)

    def _run(self) -> None:
        self.camera.look_around()
        self._probed.set()
        while True:
            with self.changed:
                wait_s = None if self.camera.health == "ready" else PROBE_AGAIN_S
                self.changed.wait_for(lambda: self._stop or self._wanted() is not None, wait_s)
                if self._stop:
                    return
                job = self._serving = self._wanted()
            if job is None:
                self.camera.look_around()
                continue
            self._serve_to_the_end(job)
            self._let_go(job)

    def _let_go(self, job: Job) -> None:
        """Wipe what nobody waits for any more, however it came to an end."""
        with self.changed:
            self._serving = None
            self._preview.wipe()
            if job.abandoned and self._job is job:
                logs.event("face_check_abandoned", session=job.session_id)
                job.fail(FaceCheckTimeout("nobody asked for the prompts"))
                self._job = None
            if self._job is not job:
                job.wipe()
            self.changed.notify_all()

    def _wanted(self) -> Job | None:
        return self._job if self._job is not None and not self._job.done else None

    def _serve_to_the_end(self, job: Job) -> None:
        try:
            self._serve(job)
        except KioskError as error:
            self._failed(job, error)
        except Exception as error:
            # the thread must outlive whatever a library throws; the visitor gets no pass
            logs.failure("camera_failed", error)
            self._failed(job, CameraUnavailable("unforeseen"))

    def _serve(self, job: Job) -> None:
        with self.camera.opened() as source:
            locked = False
            while self._may_go_on(job):
                if job.locks_exposure != locked:
                    locked = not locked
                    source.lock_exposure(locked)
                self._one_frame(job, self.camera.read(source))

    def _may_go_on(self, job: Job) -> bool:
        with self.changed:
            while not self.changed.wait_for(lambda: self._is_due(job), LOOK_AGAIN_S) and not job.abandoned:
                pass
            return self._job is job and not job.done and not job.abandoned

    def _is_due(self, job: Job) -> bool:
        return self._job is not job or job.done or job.may_read or not self.camera.paced

    def _one_frame(self, job: Job, frame: Frame) -> None:
        try:
            with self.changed:
                if self._job is not job:
                    return
                self._preview.write(frame.image[:, ::-1])
            found = job.look(frame)
            with self.changed:
                if self._job is job:
                    job.take(frame, found)
                    self.changed.notify_all()
        finally:
            frame.image.fill(0)

    def _failed(self, job: Job, error: KioskError) -> None:
        with self.changed:
            if isinstance(error, CameraError):
                self.camera.failed(error)
            job.fail(error)
            self.changed.notify_all()
