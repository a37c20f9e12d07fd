"""Whole face checks: real mesh, real embedder, real decisions; only light and people are simulated."""

from __future__ import annotations

import time
from itertools import permutations
from uuid import uuid4

import pytest

from drivers.camera.world import World
from kiosk.face.challenge import TASKS, draw
from kiosk.settings import CameraSettings
from provisioning.rig import people

CAMERA_IN_REAL_TIME = CameraSettings(driver="synthetic", frames_per_s=12)


def nonce_for(order):
    """A nonce that draws the tasks in this order."""
    return next(nonce for nonce in map("nonce {}".format, range(1000)) if draw(nonce).tasks == order)


ORDERS = sorted(permutations(TASKS))
FACES = [persona.id for persona in people.with_faces()]


@pytest.mark.parametrize(("persona", "order"), [("lan", ORDERS[0]), ("minh", ORDERS[3])])
def test_the_cards_holder_is_verified(stage, persona, order):
    stage.world = World(scene="person", persona=persona)
    verdict = stage.check(persona, nonce_for(order))
    assert (verdict.decision, verdict.reason) == ("verified", None)
    asked = [prompt.kind for prompt in stage.prompts if prompt.kind in TASKS]
    assert tuple(dict.fromkeys(asked)) == order


def test_a_slow_screen_changes_no_verdict(stage):
    """In lockstep the scene waits for the glass: how long anything takes is nobody's time."""
    stage.world = World(scene="person", persona="tu")
    stage.on_prompt = lambda prompt: time.sleep(0.08)
    verdict = stage.check("tu", nonce_for(ORDERS[4]))
    assert (verdict.decision, verdict.reason) == ("verified", None)


def test_another_living_person_goes_to_staff(stage):
    stage.world = World(scene="person", persona="minh")
    verdict = stage.check("lan", "another person")
    assert (verdict.decision, verdict.reason) == ("staff", "face_other_person")


@pytest.mark.parametrize(
    "photo",
    [
        {},
        {"photo_tilt_deg": 14},
        {"photo_size": 1.25},
        {"photo_bend_deg": 60},
    ],
    ids=["flat", "tilted", "large", "bent"],
)
def test_a_print_of_the_holder_is_never_verified(stage, photo):
    stage.world = World(scene="flat_photo", persona="lan", **photo)
    verdict = stage.check("lan", f"print {photo}")
    assert verdict.decision != "verified"
    # it came as far as a task: the picture itself was good enough to be judged
    assert {prompt.kind for prompt in stage.prompts} & set(TASKS)


def test_a_replayed_video_that_turns_on_demand_fails_the_flash_and_is_not_told_why(stage):
    stage.world = World(scene="video_replay", persona="minh")
    verdict = stage.check("minh", "a replay")
    assert (verdict.decision, verdict.reason) == ("try_again", "face_not_live")


def test_nobody_is_coached_and_then_not_found(stage):
    stage.world = World(scene="nobody")
    verdict = stage.check("lan", "nobody")
    assert "no_face" in {prompt.coach for prompt in stage.prompts}
    assert (verdict.decision, verdict.reason) == ("try_again", "face_not_found")


def test_two_people_are_asked_to_be_one(stage):
    stage.world = World(scene="person", persona="minh", bystander="tu")
    verdict = stage.check("minh", "two people")
    assert "two_faces" in {prompt.coach for prompt in stage.prompts}
    assert (verdict.decision, verdict.reason) == ("try_again", "two_faces")


def test_very_bright_light_is_inconclusive_neither_a_pass_nor_an_attack(stage):
    stage.world = World(scene="person", persona="tu", light_lux=2000)
    verdict = stage.check("tu", "bright")
    assert (verdict.decision, verdict.reason) == ("staff", "face_inconclusive_light")


def test_a_person_swapped_during_the_check_is_never_verified(stage):
    stage.world = World(scene="person", persona="lan")

    def swap(prompt):
        if prompt.kind == "flash":
            stage.world = World(scene="person", persona="minh")

    stage.on_prompt = swap
    assert stage.check("lan", nonce_for(("flash", "turn_left", "turn_right"))).decision != "verified"


def test_a_second_person_who_steps_in_ends_the_check(stage):
    stage.world = World(scene="person", persona="minh")

    def step_in(prompt):
        if prompt.kind.startswith("turn"):
            stage.world = World(scene="person", persona="minh", bystander="tu")

    stage.on_prompt = step_in
    verdict = stage.check("minh", "stepping in")
    assert (verdict.decision, verdict.reason) == ("try_again", "two_faces")


def test_the_last_try_of_a_visit_ends_with_staff(stage):
    stage.world, session = World(scene="nobody"), uuid4()
    assert stage.check("lan", "first", session).decision == "try_again"
    assert stage.check("lan", "second", session).decision == "staff"


@pytest.mark.long
def test_in_real_time_frames_do_not_wait_for_the_glass_and_the_holder_is_still_verified(stage):
    stage.camera = CAMERA_IN_REAL_TIME
    stage.world = World(scene="person", persona="minh")
    stage.on_prompt = lambda prompt: time.sleep(0.05)
    verdict = stage.check("minh", "real time")
    assert (verdict.decision, verdict.reason) == ("verified", None)


@pytest.mark.long
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("persona", FACES)
def test_every_persona_is_verified_in_every_order(stage, persona, order):
    stage.world = World(scene="person", persona=persona)
    assert stage.check(persona, nonce_for(order)).decision == "verified"


@pytest.mark.long
@pytest.mark.parametrize("persona", ["lan", "minh", "tu"])
@pytest.mark.parametrize("size", [1.0, 1.3])
@pytest.mark.parametrize("tilt_deg", [-15, 0, 15])
@pytest.mark.parametrize("bend_deg", [-80, -30, 0, 30, 80])
def test_no_print_of_any_persona_is_verified(stage, persona, size, tilt_deg, bend_deg):
    stage.world = World(
        scene="flat_photo", persona=persona, photo_size=size, photo_tilt_deg=tilt_deg, photo_bend_deg=bend_deg
    )
    assert stage.check(persona, f"{size} {tilt_deg} {bend_deg}").decision != "verified"
