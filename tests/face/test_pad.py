from __future__ import annotations

import numpy as np
import pytest

from kiosk.face.challenge import COLOURS, draw
from kiosk.face.pad import FlashSample, Judgement, TurnSample, flash_response, judge_flash, judge_turn, unanimous

BONA_FIDE, ATTACK, INCONCLUSIVE = Judgement.BONA_FIDE, Judgement.ATTACK, Judgement.INCONCLUSIVE


def turn(yaw_deg=18.0, residual=0.055, pose_residual=0.015, frames=5):
    return [TurnSample(yaw_deg, residual, pose_residual)] * frames


def flash(reflects, order=COLOURS, frames=3):
    """Samples of a face whose colour is reflects(linear colour on the glass), with a sensor's noise."""
    random = np.random.default_rng(3)
    return [
        FlashSample(colour, reflects(np.round(np.array(colour) / 255)) + random.normal(0, 0.0005, 3))
        for colour in order
        for _ in range(frames)
    ]


def test_a_head_turned_as_a_solid_is_bona_fide():
    assert judge_turn(turn(), 1) is BONA_FIDE
    assert judge_turn(turn(yaw_deg=-18), -1) is BONA_FIDE


def test_a_turn_to_the_wrong_side_proves_nothing():
    assert judge_turn(turn(yaw_deg=-18), 1) is INCONCLUSIVE


def test_a_residual_without_yaw_such_as_a_smile_proves_nothing():
    assert judge_turn(turn(yaw_deg=2, residual=0.065), 1) is INCONCLUSIVE


def test_a_single_lucky_frame_of_a_print_does_not_pass():
    assert judge_turn([*turn(residual=0.010, frames=6), *turn(residual=0.06, frames=1)], 1) is ATTACK


def test_too_few_frames_of_a_turn_are_no_pass():
    assert judge_turn(turn(frames=3), 1) is INCONCLUSIVE


def test_a_bent_print_that_moves_more_like_a_plane_than_a_head_is_an_attack():
    assert judge_turn(turn(residual=0.044, pose_residual=0.040), 1) is ATTACK


def test_skin_that_reflects_the_commanded_colours_is_bona_fide():
    samples = flash(lambda colour: 0.3 + 0.06 * colour)
    assert flash_response(samples)[0] > 0.98
    assert judge_flash(samples, ambient_lux=300) is BONA_FIDE


def test_a_replay_of_another_session_is_an_attack():
    ours, theirs = draw("our nonce").colours, draw("their nonce").colours
    recorded = dict(zip(ours, theirs, strict=True))
    samples = flash(lambda colour: 0.3 + 0.06 * np.array(recorded[tuple(int(255 * c) for c in colour)]) / 255, ours)
    assert judge_flash(samples, ambient_lux=300) is ATTACK


def test_a_face_that_does_not_change_in_ordinary_light_is_an_attack():
    assert judge_flash(flash(lambda colour: np.full(3, 0.3)), ambient_lux=300) is ATTACK


def test_bright_light_is_inconclusive_however_well_the_colours_agree():
    assert judge_flash(flash(lambda colour: 0.3 + 0.06 * colour), ambient_lux=2000) is INCONCLUSIVE


def test_weak_response_in_unknown_light_is_inconclusive_never_an_attack():
    assert judge_flash(flash(lambda colour: np.full(3, 0.3)), ambient_lux=None) is INCONCLUSIVE
    assert judge_flash(flash(lambda colour: 0.3 + 0.008 * colour), ambient_lux=None) is INCONCLUSIVE


@pytest.mark.parametrize("level", [0.0, np.nan, np.inf])
def test_impossible_colours_are_no_pass(level):
    assert judge_flash(flash(lambda colour: np.full(3, level)), ambient_lux=300) is not BONA_FIDE


def test_only_a_unanimous_judgement_passes():
    assert unanimous([BONA_FIDE, BONA_FIDE, BONA_FIDE]) is BONA_FIDE
    assert unanimous([BONA_FIDE, INCONCLUSIVE, BONA_FIDE]) is INCONCLUSIVE
    assert unanimous([INCONCLUSIVE, ATTACK, BONA_FIDE]) is ATTACK
    assert unanimous([]) is INCONCLUSIVE
