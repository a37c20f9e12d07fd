"""The phases of a face check, one class each: what it shows, what it waits for, what comes next.

Approach → LookStraight → Turn · Flash (in the nonce's order, LookStraight between) → Compare
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from kiosk.errors import FaceCheckTimeout, FaceError, FaceInconclusiveLight, FaceNotFound, FacePicturePoor, TwoFaces
from kiosk.face import quality
from kiosk.face.challenge import COLOUR_HOLD_S, Task
from kiosk.face.evidence import DIRECTIONS, KeptFace
from kiosk.face.pad import MIN_TURN_FRAMES, FlashSample, TurnSample, in_turn
from kiosk.face.pose import NeutralFace, Pose, homography_residual
from kiosk.messages import Colour
from kiosk.ports import Image, Landmarks

if TYPE_CHECKING:
    from kiosk.face.check import FaceCheck

STEADY_S = 0.4
"""The picture must stay good so long before the face is taken as neutral."""
COACH_AFTER_S, COACH_STAYS_S = 0.3, 0.8
"""A fault lasts so long before it is spoken of; a word of coaching stays so long on the glass."""
STRAIGHT_DEG = 7.0
FLASH_MAX_YAW_DEG = 15.0
SETTLE_S = 0.12
"""From the colour on the glass to the first frame exposed in it alone: panel response and one exposure."""
MIN_FLASH_FRAMES = 2


@dataclass(frozen=True)
class Observation:
    """One frame as the check sees it; `faces` counts them, as far as known at this frame."""

    sensor_time_s: float
    image: Image
    landmarks: Landmarks | None
    faces: int
    ambient_lux: float | None = None


@dataclass(frozen=True)
class Wanted:
    """What a phase wants on the glass."""

    kind: Literal["coach", "look_straight", "turn_left", "turn_right", "flash", "compare", "finished"]
    coach: quality.Coach | None = None
    colour: Colour | None = None


class Phase(Protocol):
    """One phase; `shown_s` is the sensor time at which its present prompt was on the glass."""

    wanted: Wanted
    needs_shown: bool
    locks_exposure: bool

    def on_frame(self, check: FaceCheck, seen: Observation, pose: Pose | None, shown_s: float) -> Phase | None:
        """Take a frame; the next phase, or None to stay. Raises: FaceError, which ends the check."""
        ...


class Approach:
    """Until one face stands well in the picture; coaching says what would help."""

    needs_shown, locks_exposure = False, False

    def __init__(self) -> None:
        self.wanted = Wanted("look_straight")
        self._began_s: float | None = None
        self._good_since_s: float | None = None
        self._bad_since_s: float | None = None
        self._spoke_s = float("-inf")
        self._last_fault: quality.Coach = "no_face"

    def on_frame(self, check: FaceCheck, seen: Observation, pose: Pose | None, shown_s: float) -> Phase | None:
        """Look at quality alone."""
        now = seen.sensor_time_s
        self._began_s = now if self._began_s is None else self._began_s
        fault = self._fault(seen)
        if fault is None:
            return self._good(check, seen)
        self._good_since_s, self._last_fault = None, fault
        self._speak(fault, now)
        if now - self._began_s > check.settings.coach_s:
            raise self._given_up()
        return None

    def _fault(self, seen: Observation) -> quality.Coach | None:
        height, width = seen.image.shape[:2]
        look = None if seen.landmarks is None else quality.appearance(seen.image, seen.landmarks)
        return quality.coach(seen.faces, seen.landmarks, look, (height, width))

    def _good(self, check: FaceCheck, seen: Observation) -> Phase | None:
        now = seen.sensor_time_s
        self._good_since_s = now if self._good_since_s is None else self._good_since_s
        self._bad_since_s = None
        if now - self._spoke_s > COACH_STAYS_S:
            self.wanted = Wanted("look_straight")
        if now - self._good_since_s < STEADY_S or seen.landmarks is None:
            return None
        height, width = seen.image.shape[:2]
        check.evidence.neutral = NeutralFace(seen.landmarks.copy(), width, height)
        check.evidence.kept["neutral"] = KeptFace.cut(seen.image, seen.landmarks)
        check.begin_track(seen)
        return check.next_task()

    def _speak(self, fault: quality.Coach, now: float) -> None:
        self._bad_since_s = now if self._bad_since_s is None else self._bad_since_s
        if now - self._bad_since_s >= COACH_AFTER_S and now - self._spoke_s > COACH_STAYS_S:
            self.wanted, self._spoke_s = Wanted("coach", coach=fault), now

    def _given_up(self) -> FaceError:
        match self._last_fault:
            case "no_face":
                return FaceNotFound("nobody before the camera")
            case "two_faces":
                return TwoFaces("more than one face all the time")
            case "too_dark" | "too_bright":
                return FaceInconclusiveLight("the light never became good")
            case _:
                return FacePicturePoor("the picture never became good")


class LookStraight:
    """Back to the front before the next task; before a flash this is when the camera settles and is held."""

    needs_shown = True

    def __init__(self, then: Phase) -> None:
        self.wanted, self.locks_exposure = Wanted("look_straight"), then.locks_exposure
        self._then, self._straight = then, 0

    def on_frame(self, check: FaceCheck, seen: Observation, pose: Pose | None, shown_s: float) -> Phase | None:
        """Wait for two straight frames in a row."""
        _in_time(check, seen, shown_s)
        if pose is None:
            return None
        self._straight = self._straight + 1 if abs(pose.yaw_deg) < STRAIGHT_DEG else 0
        return self._then if self._straight >= 2 else None


class Turn:
    """A turn of the head to one side; done when it has been seen well and no longer grows."""

    needs_shown, locks_exposure = True, False
    ENOUGH_DEG = 20.0

    def __init__(self, task: Literal["turn_left", "turn_right"]) -> None:
        self.wanted = Wanted(task)
        self._task: Task = task
        self._direction = DIRECTIONS[task]
        self._peak_deg = 0.0

    def on_frame(self, check: FaceCheck, seen: Observation, pose: Pose | None, shown_s: float) -> Phase | None:
        """Gather residuals behind the yaw gate."""
        _in_time(check, seen, shown_s)
        neutral = check.evidence.neutral
        if pose is None or seen.landmarks is None or neutral is None or not in_turn(pose.yaw_deg, self._direction):
            return None
        samples = check.evidence.turns[self._task]
        residual = homography_residual(neutral.landmarks, seen.landmarks)
        samples.append(TurnSample(pose.yaw_deg, residual, pose.residual))
        turned = pose.yaw_deg * self._direction
        growing, self._peak_deg = turned > self._peak_deg + 1.0, max(turned, self._peak_deg)
        if len(samples) < MIN_TURN_FRAMES or (growing and turned < self.ENOUGH_DEG):
            return None
        check.evidence.kept[self._task] = KeptFace.cut(seen.image, seen.landmarks)
        return check.next_task()


class Flash:
    """The glass shows one colour after another; only frames lit by the colour on the glass count."""

    needs_shown, locks_exposure = True, True

    def __init__(self, colours: tuple[Colour, ...]) -> None:
        self._colours: Iterator[Colour] = iter(colours)
        self._on_glass_s = 0.0
        self._take(next(self._colours))

    def on_frame(self, check: FaceCheck, seen: Observation, pose: Pose | None, shown_s: float) -> Phase | None:
        """Gather the face's colour; go on to the next colour once this one was held long enough."""
        # what the glass takes to change is not the visitor's time
        _in_time(check, seen, shown_s - self._on_glass_s)
        lit = seen.sensor_time_s >= shown_s + SETTLE_S
        if lit and pose is not None and seen.landmarks is not None and abs(pose.yaw_deg) < FLASH_MAX_YAW_DEG:
            colour = quality.skin_colour(seen.image, seen.landmarks)
            check.evidence.flash.append(FlashSample(self._colour, colour))
            self._frames += 1
        if seen.sensor_time_s < shown_s + COLOUR_HOLD_S or self._frames < MIN_FLASH_FRAMES:
            return None
        self._on_glass_s += seen.sensor_time_s - shown_s
        following = next(self._colours, None)
        if following is None:
            return check.next_task()
        self._take(following)
        return None

    def _take(self, colour: Colour) -> None:
        self._colour, self._frames = colour, 0
        self.wanted = Wanted("flash", colour=colour)


class Compare:
    """All is gathered; the embeddings decide."""

    needs_shown, locks_exposure = False, False
    wanted = Wanted("compare")

    def on_frame(self, check: FaceCheck, seen: Observation, pose: Pose | None, shown_s: float) -> Phase | None:
        """Decide, once. Raises: whatever speaks against the visitor."""
        check.decide()
        return None


def _in_time(check: FaceCheck, seen: Observation, shown_s: float) -> None:
    if seen.sensor_time_s - shown_s > check.settings.challenge_s:
        raise FaceCheckTimeout("what was asked was not done in time")
