"""What the camera can be busy with: looking for a card's QR code, or checking a face."""

from __future__ import annotations

import time
from typing import Protocol
from uuid import UUID

from kiosk.errors import KioskError
from kiosk.face.check import FaceCheck
from kiosk.face.phases import Observation
from kiosk.messages import FacePrompt
from kiosk.ports import FaceMesh, Frame, QrScanner
from kiosk.vision.camera_watch import DarkWatch

ABANDONED_S = 15.0
COUNT_EVERY = 4
"""A second face is looked for at every fourth frame."""


class Job(Protocol):
    """One visitor's use of the camera; every method but `look` is called under the service's lock."""

    session_id: UUID

    @property
    def done(self) -> bool:
        """Whether the camera is needed no more."""
        ...

    @property
    def may_read(self) -> bool:
        """False while a frame read now would show the world before the newest prompt: paced sources wait."""
        ...

    @property
    def locks_exposure(self) -> bool:
        """Whether the camera shall hold its exposure."""
        ...

    @property
    def abandoned(self) -> bool:
        """Whether whoever wanted this has stopped asking."""
        ...

    def look(self, frame: Frame) -> object:
        """The costly part, without the lock."""
        ...

    def take(self, frame: Frame, found: object) -> None:
        """Take over what `look` found. Raises: CameraError if frames of this kind are of no use."""
        ...

    def fail(self, error: KioskError) -> None:
        """The camera gave out."""
        ...

    def wipe(self) -> None:
        """Overwrite what is personal."""
        ...


class QrJob:
    """Until a code is read, or `timeout_s` of the sensor's time is over. A card may well cover the lens."""

    locks_exposure, may_read, abandoned = False, True, False

    def __init__(self, session_id: UUID, timeout_s: float, scanner: QrScanner) -> None:
        self.session_id = session_id
        self.payload: str | None = None
        self.error: KioskError | None = None
        self._timeout_s, self._scanner = timeout_s, scanner
        self._until_s: float | None = None
        self.done = False

    def look(self, frame: Frame) -> str | None:
        """Scan."""
        return self._scanner.scan(frame.image)

    def take(self, frame: Frame, found: object) -> None:
        """Note the payload or the passing of time."""
        self._until_s = frame.sensor_time_s + self._timeout_s if self._until_s is None else self._until_s
        self.payload = found if isinstance(found, str) else None
        self.done = self.payload is not None or frame.sensor_time_s >= self._until_s

    def fail(self, error: KioskError) -> None:
        """Hand the error to the caller."""
        self.error, self.done = error, True

    def wipe(self) -> None:
        """Forget the payload."""
        self.payload, self.done = None, True


class FaceJob:
    """Feeds a face check and remembers which prompt was issued when."""

    def __init__(self, session_id: UUID, nonce: str, check: FaceCheck, mesh: FaceMesh) -> None:
        self.session_id, self.nonce, self.check = session_id, nonce, check
        self._mesh, self._frames, self._faces = mesh, 0, 0
        self._darkness = DarkWatch()
        self._issued = (check.prompt.sequence, float("-inf"))
        self._asked_s = time.monotonic()

    @property
    def done(self) -> bool:
        """Whether there is a verdict."""
        return self.check.finished

    @property
    def may_read(self) -> bool:
        """Whether the newest prompt is on the glass."""
        return self.check.is_shown

    @property
    def locks_exposure(self) -> bool:
        """As the check wants it."""
        return self.check.locks_exposure

    @property
    def abandoned(self) -> bool:
        """Whether the screen has not asked for longer than one of its calls may take."""
        return time.monotonic() - self._asked_s > ABANDONED_S

    def asked(self) -> None:
        """The screen asks for the next prompt, or is still asking."""
        self._asked_s = time.monotonic()

    @property
    def prompt(self) -> FacePrompt:
        """What the glass shall show now."""
        return self.check.prompt

    def shown(self, sequence: int, shown_at_s: float | None) -> None:
        """A prompt came onto the glass, at this sensor time or (None) before any later frame.

        Never earlier than the prompt was issued, whatever the caller's clock says. Before the first frame the
        sensor's clock is unknown, and every frame is a later one.
        """
        issued_sequence, issued_s = self._issued
        if sequence != issued_sequence:
            return
        if shown_at_s is None or not self._frames:
            shown_at_s = issued_s
        self.check.shown(sequence, max(shown_at_s, issued_s))

    def look(self, frame: Frame) -> Observation:
        """Landmarks at every frame, the count of faces at every fourth."""
        if self._frames == 0:
            self._mesh.reset()
        landmarks = self._mesh.landmarks(frame.image)
        if self._frames % COUNT_EVERY == 0:
            self._faces = self._mesh.count_faces(frame.image)
        self._frames += 1
        faces = 0 if landmarks is None else max(1, self._faces)
        return Observation(frame.sensor_time_s, frame.image, landmarks, faces, frame.ambient_lux)

    def take(self, frame: Frame, found: object) -> None:
        """Let the check judge, and note when a new prompt was issued. Raises: CameraDark."""
        if not isinstance(found, Observation):
            raise TypeError("not an observation")
        self._darkness.see(frame)
        self.check.observe(found)
        if self.check.prompt.sequence != self._issued[0]:
            self._issued = (self.check.prompt.sequence, frame.sensor_time_s)

    def fail(self, error: KioskError) -> None:
        """End the check without a pass."""
        self.check.fail(error)

    def wipe(self) -> None:
        """Overwrite faces and embeddings."""
        self.check.wipe()
