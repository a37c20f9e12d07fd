"""The state machine alone: a head in space, exact colours, embeddings by name; no model runs."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import cv2
import numpy as np
import pytest

from kiosk.errors import CameraUnavailable
from kiosk.face.challenge import COLOURS, draw
from kiosk.face.check import FaceCheck
from kiosk.face.phases import SETTLE_S, Observation
from kiosk.settings import FaceSettings

RATE = 15.0
PORTRAIT = np.zeros(128)
GRAIN = np.random.default_rng(2).integers(0, 24, (480 + 97, 640 + 97, 3), np.uint8)


class Visitor:
    """Follows prompts on sensor time: turns to the angle asked for, is lit by the colour shown."""

    def __init__(
        self, head, nonce="a nonce", distance=0.2, embed=None, settings=None, may_retry=True, **kind
    ) -> None:
        self.head, self.kind = head, kind
        self.embedded: list[np.ndarray] = []
        settings = settings or FaceSettings(coach_s=3)
        self.check = FaceCheck(
            uuid4(), nonce, PORTRAIT.copy(), embed or self._embed(distance), settings, may_retry=may_retry
        )
        self.time_s, self.yaw_deg, self.light = 0.0, 0.0, np.full(3, 0.5)
        self.prompts = [self.check.prompt]
        self.lit = self.kind.get("lit", 0.06)

    def _embed(self, distance):
        def embed(image, landmarks):
            vector = np.zeros(128)
            vector[0] = distance
            self.embedded.append(vector)
            return vector

        return embed

    def frame(self):
        """One frame of the world as it now is."""
        self.time_s += 1 / RATE
        wanted = {"turn_left": 24, "turn_right": -24}.get(self.check.prompt.kind, 0) * self.kind.get("turns", 1)
        self.yaw_deg += np.clip(wanted - self.yaw_deg, -4, 4)
        landmarks = self.head.seen(self.yaw_deg, flat=self.kind.get("flat", False))
        level = 255 * (0.3 + self.lit * self.light) ** (1 / 2.2)
        at = round(self.time_s * RATE) % 97
        image = cv2.add(GRAIN[at : at + 480, at : at + 640], (*level, 0.0))
        return Observation(self.time_s, image, landmarks, 1, 300.0)

    def acknowledge(self):
        """The newest prompt is on the glass, and its colour on the face."""
        prompt = self.check.prompt
        self.light = np.array(prompt.colour) / 255 if prompt.colour else np.full(3, 0.5)
        self.check.shown(prompt.sequence, self.time_s)

    def step(self):
        self.acknowledge()
        self.check.observe(self.frame())
        if self.check.prompt.sequence != self.prompts[-1].sequence:
            self.prompts.append(self.check.prompt)

    def run(self, limit_s=60.0):
        while not self.check.finished and self.time_s < limit_s:
            self.step()
        return self.check.prompt.verdict


def test_a_living_visitor_is_verified_in_every_order_of_tasks(head):
    orders = set()
    for number in range(8):
        visitor = Visitor(head, nonce=f"nonce {number}")
        assert visitor.run().decision == "verified"
        kinds = [prompt.kind for prompt in visitor.prompts if prompt.kind in ("turn_left", "turn_right", "flash")]
        order = tuple(dict.fromkeys(kinds))
        assert order == draw(f"nonce {number}").tasks
        orders.add(order)
    assert len(orders) > 3


def test_prompts_count_up_and_progress_never_falls(head):
    visitor = Visitor(head)
    visitor.run()
    sequences = [prompt.sequence for prompt in visitor.prompts]
    assert sequences == sorted(set(sequences))
    progress = [prompt.progress for prompt in visitor.prompts]
    assert progress == sorted(progress)
    assert progress[-1] == 1.0
    assert visitor.prompts[-1].kind == "finished"


def test_no_frame_counts_for_a_colour_before_it_is_on_the_glass_and_settled(head):
    visitor = Visitor(head)
    while visitor.check.prompt.kind != "flash":
        visitor.step()
    for _ in range(5):
        visitor.check.observe(visitor.frame())
    assert visitor.check.evidence.flash == []
    visitor.acknowledge()
    shown_at_s = visitor.time_s
    while not visitor.check.evidence.flash:
        visitor.check.observe(visitor.frame())
    assert visitor.time_s >= shown_at_s + SETTLE_S


def test_an_old_prompts_acknowledgement_does_not_count_for_the_new_one(head):
    visitor = Visitor(head)
    while visitor.check.prompt.kind != "flash":
        visitor.step()
    visitor.check.shown(visitor.check.prompt.sequence - 1, visitor.time_s)
    assert not visitor.check.is_shown


def test_exposure_is_locked_for_the_flash_and_just_before_it_alone(head):
    visitor = Visitor(head, nonce=next(n for n in map(str, range(99)) if draw(n).tasks[1] == "flash"))
    locked_at = []
    while not visitor.check.finished:
        assert visitor.check.locks_exposure or visitor.check.prompt.kind != "flash"
        if visitor.check.locks_exposure:
            locked_at.append(visitor.check.prompt.kind)
        visitor.step()
    assert list(dict.fromkeys(locked_at)) == ["look_straight", "flash"]
    assert not visitor.check.locks_exposure


def test_a_visitor_who_never_turns_times_out(head):
    verdict = Visitor(head, turns=0).run()
    assert (verdict.decision, verdict.reason) == ("try_again", "face_check_timeout")


def test_a_turn_to_the_wrong_side_times_out(head):
    verdict = Visitor(head, turns=-1).run()
    assert (verdict.decision, verdict.reason) == ("try_again", "face_check_timeout")


def test_a_print_is_never_verified(head):
    assert Visitor(head, flat=True).run().decision != "verified"


def test_a_face_that_does_not_reflect_is_not_live_and_the_word_does_not_say_why(head):
    verdict = Visitor(head, lit=0.0).run()
    assert (verdict.decision, verdict.reason) == ("try_again", "face_not_live")


@pytest.mark.parametrize(
    ("distance", "decision", "reason"),
    [
        (0.44, "verified", None),
        (0.50, "try_again", "face_unsure"),
        (0.70, "staff", "face_other_person"),
        (np.nan, "staff", "face_other_person"),
    ],
)
def test_likeness_decides_after_liveness(head, distance, decision, reason):
    verdict = Visitor(head, distance=distance).run()
    assert (verdict.decision, verdict.reason) == (decision, reason)


def test_a_face_swapped_for_a_turn_is_not_live(head):
    distances = iter([0.1, 0.1, 0.9])
    verdict = Visitor(head, embed=lambda image, landmarks: np.full(128, next(distances) / np.sqrt(128))).run()
    assert (verdict.decision, verdict.reason) == ("try_again", "face_not_live")


def test_nobody_is_coached_then_not_found(head):
    visitor = Visitor(head)
    full_frame = visitor.frame
    visitor.frame = lambda: replace(full_frame(), landmarks=None, faces=0)
    verdict = visitor.run()
    assert "no_face" in {prompt.coach for prompt in visitor.prompts}
    assert (verdict.decision, verdict.reason) == ("try_again", "face_not_found")


@pytest.mark.parametrize(
    ("lux", "decision", "reason"),
    [(10.0, "staff", "face_inconclusive_light"), (300.0, "try_again", "face_track_lost")],
)
def test_a_face_lost_in_the_glasss_own_light_is_the_lights_doing_in_a_dark_hall_alone(head, lux, decision, reason):
    visitor = Visitor(head)
    while visitor.check.prompt.kind != "flash":
        visitor.step()
    full_frame = visitor.frame
    visitor.frame = lambda: replace(full_frame(), landmarks=None, faces=0, ambient_lux=lux)
    verdict = visitor.run()
    assert (verdict.decision, verdict.reason) == (decision, reason)


def test_the_last_try_of_a_visit_ends_with_staff(head):
    assert Visitor(head, turns=0, may_retry=False).run().decision == "staff"


def test_a_camera_that_fails_ends_the_check_with_staff(head):
    visitor = Visitor(head)
    visitor.step()
    visitor.check.fail(CameraUnavailable("unplugged"))
    verdict = visitor.check.prompt.verdict
    assert (verdict.decision, verdict.reason) == ("staff", "camera_unavailable")
    visitor.step()
    assert visitor.check.prompt.verdict == verdict


def test_the_whole_check_has_its_own_limit(head):
    visitor = Visitor(head, settings=FaceSettings(challenge_s=20, total_s=6))
    while visitor.check.prompt.kind != "flash":
        visitor.step()
    # the screen hangs: nothing is acknowledged any more
    for _ in range(round(6 * RATE) + 1):
        visitor.check.observe(visitor.frame())
    assert visitor.check.prompt.verdict.reason == "face_check_timeout"


def test_a_verdict_overwrites_faces_and_embeddings_at_once(head):
    visitor = Visitor(head)
    while len(visitor.check.evidence.kept) < 3:
        visitor.step()
    kept = list(visitor.check.evidence.kept.values())
    reference, neutral = visitor.check._reference, visitor.check.evidence.neutral
    reference[:] = 1.0
    visitor.run()
    assert not neutral.landmarks.any()
    assert not any(face.image.any() or face.landmarks.any() for face in kept)
    assert not reference.any()
    assert not any(vector.any() for vector in visitor.embedded)


def test_all_eight_colours_are_shown_and_seen(head):
    visitor = Visitor(head)
    visitor.run()
    assert {prompt.colour for prompt in visitor.prompts if prompt.kind == "flash"} == set(COLOURS)
