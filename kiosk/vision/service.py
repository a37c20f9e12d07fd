"""The port `Vision`: what the screen process may ask of the camera, one visitor at a time."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from uuid import UUID

import numpy as np

from kiosk import hardening, logs
from kiosk import messages as m
from kiosk.errors import FaceDocumentLocked, PortraitUnreadable, StaleSession
from kiosk.face.check import FaceCheck
from kiosk.face.comparison import Embedding
from kiosk.face.lockout import Lockout
from kiosk.ports import FaceEmbedder, FaceMesh, FrameSource, QrScanner
from kiosk.preview import PreviewWriter
from kiosk.settings import FaceSettings
from kiosk.vision import portrait
from kiosk.vision.camera_thread import LOOK_AGAIN_S, CameraThread
from kiosk.vision.jobs import FaceJob, Job, QrJob

QR_GRACE_S = 1.0
REMEMBERED = 256
COUNTED_FAILURES = frozenset(
    {"face_other_person", "face_unsure", "face_not_live", "face_check_timeout", "face_track_lost"}
)
"""What counts against a document: not that nobody or too many came, nor the light, nor the camera."""


class VisionService:
    """Holds at most one job; every call names its session, a face check its nonce, and stale ones are refused."""

    def __init__(
        self,
        open_camera: Callable[[], FrameSource],
        mesh: FaceMesh,
        embedder: FaceEmbedder,
        scanner: QrScanner,
        preview: PreviewWriter,
        settings: FaceSettings,
        simulated: bool,
        lockout: Lockout | None = None,
    ) -> None:
        self._mesh, self._embedder, self._scanner = mesh, embedder, scanner
        self._settings, self._simulated = settings, simulated
        self._lockout = lockout or Lockout()
        self._thread = CameraThread(open_camera, preview)
        self._changed = self._thread.changed
        # taking a job away lets go of `changed` while the camera finishes a frame: no other job may slip in
        self._one_call = threading.Lock()
        self._job: Job | None = None
        self._tag = b""
        self._reported = True
        self._tries: Counter[UUID] = Counter()
        self._ended: deque[UUID] = deque(maxlen=REMEMBERED)
        self._used_nonces: deque[str] = deque(maxlen=REMEMBERED)
        self._thread.start()

    def find_card_qr(self, message: m.FindCardQr) -> m.CardQrFound:
        """Scan until a code is read or the time is over. Raises: StaleSession, CameraUnavailable."""
        job = QrJob(message.session_id, message.timeout_s, self._scanner)
        with self._one_call, self._changed:
            self._begin(job)
        with self._changed:
            self._wait_for(job, lambda: job.done, message.timeout_s + QR_GRACE_S)
            payload, error = job.payload, job.error
        with self._one_call, self._changed:
            if self._job is not job:
                raise StaleSession("the visit is over")
            self._end_job()
        if error:
            raise error
        return m.CardQrFound(session_id=message.session_id, payload=payload)

    def start_face_check(self, message: m.StartFaceCheck) -> m.Nothing:
        """Begin a check against a portrait. Raises: StaleSession, PortraitUnreadable."""
        with self._one_call, self._changed:
            self._refuse_if_ended(message.session_id)
            if message.nonce in self._used_nonces:
                raise StaleSession("a nonce serves once")
            self._used_nonces.append(message.nonce)
            self._end_job()
            tag = self._lockout.tag(message.portrait)
            locked = self._lockout.is_locked(tag)
            reference = np.zeros(128) if locked else self._reference(message.portrait)
            job = FaceJob(message.session_id, message.nonce, self._check(message, reference), self._mesh)
            if locked:
                job.fail(FaceDocumentLocked("too many failures"))
            self._tag, self._reported = tag, False
            self._begin(job)
        return m.Nothing()

    def await_face_prompt(self, message: m.AwaitFacePrompt) -> m.FacePrompt:
        """Note what is on the glass, and wait for something else. Raises: StaleSession."""
        with self._changed:
            job = self._face_job(message)
            job.asked()
            job.shown(message.shown_sequence, None if self._thread.camera.paced else message.shown_at_s)
            self._changed.notify_all()
            self._wait_for(job, lambda: job.prompt.sequence != message.shown_sequence, message.timeout_s)
            if self._job is not job:
                raise StaleSession("the visit is over")
            self._report(job)
            return job.prompt

    def end_session(self, message: m.SessionEnded) -> m.Nothing:
        """Forget everything of a visit; it cannot come back."""
        with self._one_call, self._changed:
            self._ended.append(message.session_id)
            if self._job is not None and self._job.session_id == message.session_id:
                saw_face = isinstance(self._job, FaceJob)
                self._end_job()
                if saw_face:
                    self._mesh.forget()
                    self._embedder.forget()
            del self._tries[message.session_id]
        hardening.let_go()
        return m.Nothing()

    def health(self, message: m.Nothing) -> m.VisionHealth:
        """The camera's state as last seen."""
        return m.VisionHealth(camera=self._thread.camera.health, simulated=self._simulated)

    def close(self) -> None:
        """Wipe and stop."""
        with self._one_call, self._changed:
            self._end_job()
        self._thread.close()

    def _wait_for(self, job: Job, true: Callable[[], bool], timeout_s: float) -> None:
        """Until `true`, the job is another's turn, or the time is over; a stalled camera ends the job first."""
        until_s = time.monotonic() + timeout_s
        while not (true() or self._job is not job) and (left_s := until_s - time.monotonic()) > 0:
            self._changed.wait(min(left_s, LOOK_AGAIN_S))
            self._thread.fail_if_stalled(job)

    def _begin(self, job: Job) -> None:
        self._refuse_if_ended(job.session_id)
        self._end_job()
        self._job = job
        self._thread.give(job)

    def _refuse_if_ended(self, session_id: UUID) -> None:
        if session_id in self._ended:
            raise StaleSession("the visit is over")

    def _end_job(self) -> None:
        job, self._job = self._job, None
        if isinstance(job, FaceJob):
            self._report(job)
        if job is not None:
            self._thread.take_away(job)

    def _face_job(self, message: m.AwaitFacePrompt) -> FaceJob:
        job = self._job
        if not isinstance(job, FaceJob) or job.session_id != message.session_id or job.nonce != message.nonce:
            raise StaleSession("no such check")
        return job

    def _reference(self, data: bytes) -> Embedding:
        picture = portrait.decode(data)
        try:
            landmarks = self._mesh.still_landmarks(picture)
            if landmarks is None:
                raise PortraitUnreadable("no face is found in the portrait")
            return self._embedder.embed(picture, landmarks)
        finally:
            picture.fill(0)

    def _check(self, message: m.StartFaceCheck, reference: Embedding) -> FaceCheck:
        last_try = self._tries[message.session_id] + 1 >= self._settings.tries_per_visit
        return FaceCheck(
            message.session_id,
            message.nonce,
            reference,
            self._embedder.embed,
            self._settings,
            may_retry=not last_try,
        )

    def _report(self, job: FaceJob) -> None:
        """Count a verdict, once, whether or not anybody came to fetch it."""
        verdict = job.prompt.verdict
        if verdict is None or self._reported:
            return
        self._reported = True
        logs.event("face_checked", decision=verdict.decision, reason=verdict.reason)
        if verdict.decision == "verified":
            self._lockout.succeeded(self._tag)
            return
        self._tries[job.session_id] += 1
        if verdict.reason in COUNTED_FAILURES:
            self._lockout.failed(self._tag)
            if self._lockout.needs_a_look:
                logs.event("face_failures_many", level="warning")
