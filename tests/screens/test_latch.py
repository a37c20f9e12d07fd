from __future__ import annotations

import pytest

from kiosk.flows.events import CancelChosen, ConsentGiven, Started
from screens import samples
from screens.kit.latch import HASTE_S, REOPEN_S, SETTLE_S, Latch


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def out() -> list:
    return []


@pytest.fixture
def latch(clock, out) -> Latch:
    return Latch(lambda event, view: out.append((type(event).__name__, view.step)), clock)


def show(latch, clock, view):
    latch.show(view)
    latch.drawn()
    clock.now_s += 1.1 * SETTLE_S


def test_event_goes_out_once_with_the_view_it_was_touched_on(latch, clock, out):
    show(latch, clock, samples.consent())
    assert [latch.fire(ConsentGiven()) for _ in range(10)] == [True] + [False] * 9
    assert out == [("ConsentGiven", "AskConsent")]


def test_nothing_goes_out_before_the_view_was_drawn_and_seen(latch, clock, out):
    latch.show(samples.welcome())
    clock.now_s += 60
    assert not latch.fire(Started()), "not drawn yet"
    latch.drawn()
    clock.now_s += SETTLE_S * 0.9
    assert not latch.fire(Started()), "too soon to be meant"
    clock.now_s += SETTLE_S * 0.2
    assert latch.fire(Started())


@pytest.mark.parametrize(
    "same",
    [
        (samples.face(number=1), samples.face("turn_right", 2, arrow="right", progress=0.9)),
        (samples.reading(1), samples.reading(2, samples.LONG_NAME)),
        (samples.consent(), samples.warned(samples.consent())),
    ],
    ids=["camera prompt", "chip progress", "idle warning"],
)
def test_change_of_what_only_informs_neither_reopens_nor_unsettles(latch, clock, same):
    show(latch, clock, same[0])
    assert latch.fire(CancelChosen())
    latch.show(same[1])
    assert latch.settled
    assert not latch.fire(CancelChosen())


def test_next_page_of_the_same_step_is_a_new_question(latch, clock):
    show(latch, clock, samples.departments(6))
    assert latch.fire(CancelChosen())
    latch.show(samples.departments(3))
    assert not latch.settled
    latch.drawn()
    clock.now_s += 1.1 * SETTLE_S
    assert latch.fire(CancelChosen())


def test_glass_that_nothing_follows_takes_a_press_again(latch, clock):
    show(latch, clock, samples.consent())
    assert latch.fire(ConsentGiven())
    clock.now_s += 1.1 * REOPEN_S
    assert latch.fire(ConsentGiven())


def test_taps_that_go_on_from_the_screen_before_answer_nothing_yet_the_glass_never_goes_dead(latch, clock, out):
    show(latch, clock, samples.consent())
    latch.touched()
    assert latch.fire(ConsentGiven())
    latch.show(samples.access())
    latch.drawn()
    until_s = clock.now_s + HASTE_S
    while clock.now_s < until_s - 0.2:
        clock.now_s += 0.1
        latch.touched()
        assert not latch.fire(CancelChosen())
    clock.now_s += 0.3
    latch.touched()
    assert latch.fire(CancelChosen())
