"""The loop with a clock of its own and a glass that remembers; the flow is the real one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from uuid import uuid4

import pytest

from kiosk.flows import events as e
from kiosk.flows.clinic_check_in import FLOW
from kiosk.flows.clinic_visit import ClinicSession
from kiosk.flows.effects import Effect
from kiosk.flows.engine import Step
from kiosk.flows.views import View
from kiosk.session import Language, Place, Session
from kiosk.settings import TimerSettings
from kiosk.visit.loop import VisitLoop

PLACE = Place(site_name={"vi": "A", "en": "A"}, staff_desk={"vi": "quầy", "en": "desk"})


class Glass:
    def __init__(self) -> None:
        self.views: list[View] = []
        self.language = "vi"
        self.forgotten = 0

    def show(self, view: View) -> None:
        self.views.append(view)

    def set_language(self, language: str) -> None:
        self.language = language

    def wait_until_shown(self, number: int, timeout_s: float) -> float | None:
        return 0.0

    def forget(self) -> None:
        self.forgotten += 1


class Lamps:
    def __init__(self) -> None:
        self.lamp, self.sounds = "", []

    def show(self, lamp: str) -> None:
        self.lamp = lamp

    def light_reader(self, on: bool) -> None: ...

    def play(self, sound: str) -> None:
        self.sounds.append(sound)

    def watch(self, notify: object) -> None: ...

    def close(self) -> None: ...


class Orders:
    def __init__(self) -> None:
        self.given: list[tuple[Effect, Session]] = []

    def perform(self, effect: Effect, session: Session) -> None:
        self.given.append((effect, session))


class Arrivals:
    def __init__(self) -> None:
        self.steps: list[str] = []

    def arrived(self, step: type[Step], session: Session) -> None:
        self.steps.append(step.__name__)

    def changed(self, step: type[Step], session: Session) -> None: ...


class Running:
    def __init__(self) -> None:
        self.glass, self.lamps, self.orders, self.arrivals, self.now_s = Glass(), Lamps(), Orders(), Arrivals(), 0.0
        self.loop = VisitLoop(
            FLOW,
            self.glass,
            self.lamps,
            self.new_session,
            TimerSettings(),
            observer=self.arrivals,  # type: ignore[arg-type]
            clock=lambda: self.now_s,
        )
        self.thread = threading.Thread(target=self.loop.run, args=(self.orders,))
        self.thread.start()

    def new_session(self) -> ClinicSession:
        from datetime import UTC, datetime

        return ClinicSession(id=uuid4(), language=Language.VI, started_at=datetime.now(UTC), place=PLACE)

    def until(self, true: Callable[[], bool]) -> None:
        end = time.monotonic() + 5
        while not true():
            assert time.monotonic() < end, self.arrivals.steps
            time.sleep(0.005)

    def at(self, step: str) -> None:
        self.until(lambda: bool(self.arrivals.steps) and self.arrivals.steps[-1] == step and self.view.step == step)

    @property
    def view(self) -> View:
        return self.glass.views[-1]

    def later(self, seconds: float) -> None:
        """Let time pass, and wake the loop with an event that means nothing to it."""
        self.now_s += seconds
        self.loop.post(e.ReaderFound())


@pytest.fixture
def running():
    running = Running()
    yield running
    running.loop.stop()
    running.thread.join(5)
    assert not running.thread.is_alive()


def in_visit(running: Running) -> None:
    running.at("Welcome")
    running.loop.post(e.Started())
    running.at("AskConsent")


def test_a_touch_on_a_screen_the_visit_has_left_is_dropped(running: Running) -> None:
    in_visit(running)
    consent = running.view
    running.loop.touched(e.ConsentGiven(), consent)
    running.at("ChooseAccess")
    running.loop.touched(e.ConsentDeclined(), consent)
    running.loop.touched(e.UseDigitsChosen(), running.view)
    running.at("EnterDigits")
    assert "PrintStaffSlip" not in running.arrivals.steps


def test_an_answer_of_an_earlier_visit_is_dropped(running: Running) -> None:
    in_visit(running)
    running.loop.post(e.ServiceFailed(reason="unforeseen"), uuid4())
    running.loop.touched(e.ConsentGiven(), running.view)
    running.at("ChooseAccess")
    assert "PrintStaffSlip" not in running.arrivals.steps


def test_an_idle_visitor_is_warned_by_sight_and_sound_then_the_visit_is_wiped(running: Running) -> None:
    in_visit(running)
    running.later(61)
    running.until(lambda: running.view.idle_warning_s is not None)
    assert running.lamps.sounds == ["warning"]
    running.later(30)
    running.at("Abandoned")


def test_a_touch_during_the_warning_keeps_the_visit(running: Running) -> None:
    in_visit(running)
    running.later(61)
    running.until(lambda: running.view.idle_warning_s is not None)
    running.loop.stay()
    running.until(lambda: running.view.idle_warning_s is None)
    running.later(40)
    running.loop.touched(e.ConsentGiven(), running.view)
    running.at("ChooseAccess")


def test_no_clock_runs_while_a_device_works(running: Running) -> None:
    in_visit(running)
    for event in (e.ConsentGiven(), e.UseDigitsChosen(), e.DigitsEntered(text="004127"), e.CardPlaced()):
        running.loop.post(event)
    running.at("ReadingChip")
    running.later(1000)
    running.later(1000)
    running.loop.post(e.ChipProgress(stage="dg1", name="Lan"))
    running.until(lambda: running.view.greeting is not None)  # type: ignore[attr-defined]
    assert running.arrivals.steps[-1] == "ReadingChip"


def test_after_the_last_screen_a_new_visit_begins_in_the_first_language(running: Running) -> None:
    in_visit(running)
    running.loop.choose_language("en")
    running.until(lambda: running.glass.language == "en")
    running.loop.post(e.CancelChosen())
    running.at("Abandoned")
    running.later(30)
    running.at("Welcome")
    assert (running.glass.language, running.glass.forgotten) == ("vi", 1)


def test_the_language_can_change_in_mid_visit_and_nothing_is_lost(running: Running) -> None:
    in_visit(running)
    running.loop.touched(e.ConsentGiven(), running.view)
    running.at("ChooseAccess")
    running.loop.choose_language("en")
    running.until(lambda: running.glass.language == "en")
    running.loop.touched(e.UseDigitsChosen(), running.view)
    running.at("EnterDigits")


def test_whatever_a_flow_does_wrong_the_visitor_gets_to_a_person(running: Running, monkeypatch, capsys) -> None:
    in_visit(running)

    def broken(session: Session, event: e.Event) -> Session:
        raise ZeroDivisionError("Ngọc Lan")

    monkeypatch.setattr("kiosk.flows.identify.access.ChooseAccess.remember", broken)
    running.loop.post(e.ConsentGiven())
    running.at("ChooseAccess")
    running.loop.touched(e.UseDigitsChosen(), running.view)
    running.at("PrintStaffSlip")
    logged = capsys.readouterr().err
    assert "flow_failed" in logged
    assert "Lan" not in logged


def test_the_traffic_light_follows_the_visit(running: Running) -> None:
    running.at("Welcome")
    assert running.lamps.lamp == "free"
    running.loop.post(e.DeviceTrouble(reason="printer_paper_out"))
    running.at("OutOfOrder")
    assert running.lamps.lamp == "out_of_order"
    running.loop.post(e.DevicesReady())
    running.at("Welcome")
    running.loop.post(e.Started())
    running.at("AskConsent")
    assert running.lamps.lamp == "busy"
