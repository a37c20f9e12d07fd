"""A face check from the first frame to the verdict: pure, fed with frames, on sensor time alone."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from kiosk.errors import (
    FaceCheckTimeout,
    FaceInconclusiveLight,
    FaceNotLive,
    FaceOtherPerson,
    FaceTrackLost,
    FaceUnsure,
    KioskError,
    Retryable,
)
from kiosk.face import challenge
from kiosk.face.challenge import Task
from kiosk.face.comparison import Embedding, compare
from kiosk.face.evidence import FACES, Evidence
from kiosk.face.pad import Judgement
from kiosk.face.phases import Approach, Compare, Flash, LookStraight, Observation, Phase, Turn, Wanted
from kiosk.face.pose import Pose
from kiosk.face.track import Track
from kiosk.messages import FaceDecision, FacePrompt, FaceVerdict
from kiosk.ports import Image, Landmarks
from kiosk.settings import FaceSettings

DIM_LUX = 25.0
"""Below this it is mostly the glass that lights the face, and in its green alone no face may be found."""

Embed = Callable[[Image, Landmarks], Embedding]


class FaceCheck:
    """Yields prompts and ends in one verdict, bound to its session and nonce; anything unforeseen is no pass."""

    def __init__(
        self,
        session_id: UUID,
        nonce: str,
        reference: Embedding,
        embed: Embed,
        settings: FaceSettings,
        may_retry: bool = True,
    ) -> None:
        self.settings, self.evidence = settings, Evidence()
        self._may_retry = may_retry
        self._session_id, self._nonce = session_id, nonce
        self._reference, self._embed = reference, embed
        drawn = challenge.draw(nonce)
        self._colours, self._tasks = drawn.colours, list(drawn.tasks)
        self._task_count = len(drawn.tasks)
        self._phase: Phase = Approach()
        self._track: Track | None = None
        self._tracked_from_s: float | None = None
        self._last_pose: Pose | None = None
        self._shown_s: float | None = None
        self._entered_s = float("-inf")
        self._verdict: FaceVerdict | None = None
        self._prompt = FacePrompt(session_id=session_id, nonce=nonce, sequence=0, kind="look_straight")
        self._publish(self._phase.wanted)

    @property
    def prompt(self) -> FacePrompt:
        """What the glass shall show now; a new `sequence` whenever that changes."""
        return self._prompt

    @property
    def finished(self) -> bool:
        """Whether there is a verdict."""
        return self._verdict is not None

    @property
    def locks_exposure(self) -> bool:
        """Whether the camera shall hold exposure and white balance: while colours are compared."""
        return not self.finished and self._phase.locks_exposure

    def shown(self, sequence: int, sensor_time_s: float) -> None:
        """The prompt `sequence` came onto the glass at this sensor time; an old prompt's is ignored."""
        if sequence == self._prompt.sequence and self._shown_s is None:
            self._shown_s = sensor_time_s

    @property
    def is_shown(self) -> bool:
        """Whether the newest prompt is on the glass."""
        return self._shown_s is not None

    def observe(self, seen: Observation) -> None:
        """Take the next frame."""
        if self.finished:
            return
        try:
            self._take(seen)
        except KioskError as error:
            self.fail(error)

    def fail(self, error: KioskError) -> None:
        """End the check without a pass, for this reason; the first reason stays."""
        if not self.finished:
            again = self._may_retry and isinstance(error, Retryable)
            self._finish("try_again" if again else "staff", error.code)

    def begin_track(self, seen: Observation) -> None:
        """From here on the face may not leave the picture, nor the check outlast its time."""
        if seen.landmarks is not None:
            self._track = Track(seen.landmarks, seen.sensor_time_s)
            self._tracked_from_s = seen.sensor_time_s

    def next_task(self) -> Phase:
        """The phase of the next task in the nonce's order, each from the front; then the comparison."""
        if not self._tasks:
            return Compare()
        return LookStraight(self._phase_of(self._tasks.pop(0)))

    def decide(self) -> None:
        """Judge liveness, then compare. Raises: whatever speaks against the visitor."""
        judgement = self.evidence.judge()
        if judgement is Judgement.ATTACK:
            raise FaceNotLive("a liveness test failed")
        if judgement is not Judgement.BONA_FIDE:
            raise FaceInconclusiveLight("the light does not let a living face be told")
        self._compare()
        self._finish("verified", None)

    def wipe(self) -> None:
        """Overwrite what is personal; done with every verdict, and when the visit ends before one."""
        self.evidence.wipe()
        self._reference.fill(0)
        if self._track is not None:
            self._track.wipe()

    def _compare(self) -> None:
        kept, found = self.evidence.kept, dict[str, Embedding]()
        try:
            for name in FACES:
                found[name] = self._embed(kept[name].image, kept[name].landmarks)
            self._compare_embeddings(found["neutral"], [found["turn_left"], found["turn_right"]])
        finally:
            for face in found.values():
                face.fill(0)

    def _compare_embeddings(self, neutral: Embedding, turned: list[Embedding]) -> None:
        likeness = compare(neutral, self._reference, self.settings)
        if likeness == "other":
            raise FaceOtherPerson("not the document's face")
        for face in turned:
            if "other" in {compare(face, known, self.settings) for known in (neutral, self._reference)}:
                raise FaceNotLive("the face changed during the check")
        if likeness != "same":
            raise FaceUnsure("perhaps the document's face")

    def _phase_of(self, task: Task) -> Phase:
        return Flash(self._colours) if task == "flash" else Turn(task)

    def _take(self, seen: Observation) -> None:
        self._follow(seen)
        if self._tracked_from_s is not None and seen.sensor_time_s - self._tracked_from_s > self.settings.total_s:
            raise FaceCheckTimeout("the whole check took too long")
        if self._phase.needs_shown and self._shown_s is None:
            return
        if seen.ambient_lux is not None and self._phase.locks_exposure:
            self.evidence.ambient_lux = max(seen.ambient_lux, self.evidence.ambient_lux or 0.0)
        shown_s = seen.sensor_time_s if self._shown_s is None else max(self._shown_s, self._entered_s)
        if seen.sensor_time_s < shown_s:
            return
        following = self._phase.on_frame(self, seen, self._pose(seen), shown_s)
        if self.finished:
            return
        if following is not None:
            self._phase, self._entered_s = following, seen.sensor_time_s
        if self._phase.wanted != self._wanted:
            self._publish(self._phase.wanted)

    def _follow(self, seen: Observation) -> None:
        if self._track is None:
            return
        try:
            self._track.follow(seen.landmarks, seen.faces, seen.sensor_time_s)
        except FaceTrackLost as lost:
            dim = seen.ambient_lux is not None and seen.ambient_lux < DIM_LUX
            if dim and self._phase.locks_exposure:
                raise FaceInconclusiveLight("a face in nothing but one colour is not found") from lost
            raise

    def _pose(self, seen: Observation) -> Pose | None:
        if self.evidence.neutral is None or seen.landmarks is None:
            return None
        start = self._last_pose.rotation if self._last_pose else None
        self._last_pose = self.evidence.neutral.pose(seen.landmarks, start)
        return self._last_pose

    def _finish(self, decision: FaceDecision, reason: str | None) -> None:
        self._verdict = FaceVerdict(decision=decision, reason=reason)
        self._publish(Wanted("finished"))
        self.wipe()

    def _publish(self, wanted: Wanted) -> None:
        self._wanted, self._shown_s = wanted, None
        done = self._task_count - len(self._tasks) + (wanted.kind == "compare")
        self._prompt = FacePrompt(
            session_id=self._session_id,
            nonce=self._nonce,
            sequence=self._prompt.sequence + 1,
            kind=wanted.kind,
            coach=wanted.coach,
            colour=wanted.colour,
            progress=1.0 if wanted.kind == "finished" else done / (self._task_count + 2),
            verdict=self._verdict,
        )
