from __future__ import annotations

from collections import Counter

from kiosk.face.challenge import COLOUR_HOLD_S, COLOURS, TASKS, draw


def test_every_challenge_asks_for_all_tasks_and_all_colours_once():
    for number in range(200):
        drawn = draw(f"nonce {number}")
        assert sorted(drawn.tasks) == sorted(TASKS)
        assert sorted(drawn.colours) == sorted(COLOURS)


def test_a_nonce_always_draws_the_same_and_another_nonce_another():
    assert draw("one") == draw("one")
    assert len({draw(f"nonce {number}").colours for number in range(300)}) > 290


def test_all_orders_of_tasks_are_about_equally_likely():
    counts = Counter(draw(f"nonce {number}").tasks for number in range(3000))
    assert len(counts) == 6
    assert min(counts.values()) > 400


def test_colours_change_at_most_three_times_a_second():
    assert 1 / COLOUR_HOLD_S <= 3
