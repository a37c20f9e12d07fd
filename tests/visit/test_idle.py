"""Nobody touches the glass: 60 seconds, then a warning of 30 by sight and sound, then the visit is wiped."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from uuid import uuid4

import pytest

from kiosk import messages as m
from kiosk.flows import events as e
from kiosk.flows.clinic_check_in import FLOW
from kiosk.flows.effects import Wipe
from kiosk.flows.identify.face import CHECK_LIMIT_S
from kiosk.settings import TimerSettings
from kiosk.visit.devices import panel_listener
from kiosk.visit.idle_clock import IdleClock
from kiosk.visit.loop import DEVICE_LIMIT_S

from ..flows.conftest import DEPARTMENTS, NOW, document
from .test_loop import Running, in_visit


class Clock:
    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def idle(clock: Clock) -> IdleClock:
    return IdleClock(TimerSettings(), clock)


@contextmanager
def serving(timers: TimerSettings | None = None) -> Iterator[Running]:
    running = Running(timers)
    try:
        yield running
    finally:
        running.loop.stop()
        running.thread.join(5)
    assert not running.thread.is_alive()


@pytest.fixture
def running() -> Iterator[Running]:
    with serving() as running:
        yield running


def at(idle: IdleClock, clock: Clock, seconds: float) -> float:
    """Seconds until something is due, so long after the last touch."""
    clock.now_s = 1000.0 + seconds
    return idle.due_at - clock.now_s


def test_warning_is_due_after_a_minute_and_then_every_second_until_the_wipe(idle: IdleClock, clock: Clock) -> None:
    assert at(idle, clock, 59.5) == 0.5
    told = []
    for second in range(60, 91):
        assert at(idle, clock, second) == 0
        told.append(idle.count_down())
    assert told == list(range(30, -1, -1))


def test_touch_starts_the_minute_anew_even_in_the_last_second(idle: IdleClock, clock: Clock) -> None:
    at(idle, clock, 60)
    idle.count_down()
    at(idle, clock, 89)
    assert idle.count_down() == 1
    idle.start()
    assert idle.left_s is None
    assert at(idle, clock, 89 + 60) == 0


def test_whoever_steps_up_gives_a_visitor_without_a_touch_one_more_minute_and_no_third(
    idle: IdleClock, clock: Clock
) -> None:
    at(idle, clock, 50)
    idle.approached()
    assert at(idle, clock, 60) == 50
    for seconds in (61, 80, 105):
        at(idle, clock, seconds)
        idle.approached()
    assert at(idle, clock, 110) == 0


def test_whoever_steps_up_during_the_warning_changes_nothing(idle: IdleClock, clock: Clock) -> None:
    at(idle, clock, 60)
    idle.count_down()
    at(idle, clock, 75)
    idle.approached()
    assert idle.count_down() == 15


def test_idle_visit_is_warned_once_by_sound_each_second_by_sight_and_then_wiped(running: Running) -> None:
    in_visit(running)
    running.later(60)
    running.until(lambda: running.view.idle_warning_s == 30)
    for left in range(29, 0, -1):
        running.later(1)
        running.until(lambda left=left: running.view.idle_warning_s == left)  # type: ignore[misc]
    assert running.lamps.sounds == ["warning"]
    running.later(1)
    running.at("Abandoned")
    assert len(running.orders.of(Wipe)) == 1


def test_nothing_warns_before_the_minute_is_over(running: Running) -> None:
    in_visit(running)
    running.later(59.9)
    running.loop.touched(e.ConsentGiven(), running.view)
    running.at("ChooseAccess")
    running.later(59.9)
    running.loop.touched(e.UseDigitsChosen(), running.view)
    running.at("EnterDigits")
    assert [view for view in running.glass.views if view.idle_warning_s is not None] == []


def test_next_in_the_queue_does_not_take_over_a_warned_visit(running: Running) -> None:
    tell = panel_listener(running.loop.post, running.loop.approached)
    in_visit(running)
    running.later(60)
    running.until(lambda: running.view.idle_warning_s is not None)
    tell("absence")
    tell("presence")
    running.later(30)
    running.at("Abandoned")


def test_language_of_a_visitor_who_left_goes_with_them_also_from_the_welcome_screen(running: Running) -> None:
    running.at("Welcome")
    running.loop.choose_language("en")
    running.until(lambda: running.glass.language == "en")
    running.later(60)
    running.until(lambda: running.glass.language == "vi")


UNSURE = e.SlipDone(printed=m.SlipPrinted(slip_id=uuid4(), state="unknown", code="printer_silent"))
WHOLE_VISIT: list[e.Event] = [
    e.Started(),
    e.ConsentGiven(),
    e.UseQrChosen(),
    e.UseDigitsChosen(),
    e.DigitsEntered(text="004127"),
    e.CardPlaced(),
    e.ChipRead(document=document()),
    e.Confirmed(),
    e.FaceChecked(verdict=m.FaceVerdict(decision="verified", reason=None), at=NOW),
    e.Confirmed(),
    e.InsuranceKnown(answer=m.InsuranceAnswer(state="valid", valid_until=date(2027, 12, 31))),
    e.Confirmed(),
    e.DepartmentsKnown(departments=m.Departments(departments=DEPARTMENTS)),
    e.OptionChosen(code="D2"),
    e.Confirmed(),
    e.VisitStored(answer=m.VisitAnswer(visit_id=uuid4(), state="registered", queue_number="A027")),
    UNSURE,
    e.DevicesReady(),
    e.SlipWanted(),
]
LONGEST_S = max(DEVICE_LIMIT_S, CHECK_LIMIT_S) + 1
TO_STAFF: list[e.Event] = [e.Started(), e.StaffChosen()]
DEVICE_STEPS = sorted(step.__name__ for step in FLOW.table if step.waits_for == "device")


def go_to(running: Running, step: str) -> None:
    running.at("Welcome")
    for event in TO_STAFF if step == "PrintStaffSlip" else WHOLE_VISIT:
        running.loop.post(event)
        before = len(running.glass.views)
        running.until(lambda before=before: len(running.glass.views) > before)  # type: ignore[misc]
        if running.view.step == step:
            break
    running.at(step)


@pytest.mark.parametrize("step", DEVICE_STEPS)
def test_no_device_that_says_nothing_holds_a_visit_for_ever(running: Running, step: str) -> None:
    go_to(running, step)
    running.later(LONGEST_S)
    running.until(lambda: running.arrivals.steps[-1] != step)
    assert running.arrivals.steps[-1] in ("PrintStaffSlip", "AskStaff", "Registered", "EnterDigits")


@pytest.mark.parametrize("step", DEVICE_STEPS)
def test_no_idle_clock_runs_while_a_device_works(step: str) -> None:
    with serving(TimerSettings(idle_s=10, idle_warning_s=20)) as running:
        go_to(running, step)
        for _ in range(5):
            running.later(5)
            time.sleep(0.02)
        assert running.view.step == step
        assert [view for view in running.glass.views if view.idle_warning_s is not None] == []
        assert "warning" not in running.lamps.sounds


def test_copy_printed_after_the_end_is_no_second_outcome(running: Running) -> None:
    go_to(running, "PrintAgain")
    running.loop.post(UNSURE)
    running.at("Registered")
    assert running.arrivals.outcomes == ["registered"]
    assert len(running.orders.of(Wipe)) == 1
    running.later(61)
    running.at("Welcome")


def test_flow_that_fails_at_the_copy_ends_the_visit_and_sends_nobody_to_staff(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_to(running, "PrintAgain")
    monkeypatch.setattr("kiosk.flows.clinic_registration.PrintAgain.remember", lambda session, event: 1 / 0)
    running.loop.post(UNSURE)
    running.at("Welcome")
    assert running.arrivals.outcomes == ["registered"]
