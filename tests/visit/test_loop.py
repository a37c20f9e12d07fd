"""The loop with a clock of its own and a glass that remembers; the flow is the real one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from uuid import uuid4

import pytest

from kiosk import messages as m
from kiosk.errors import PanelPinUnavailable
from kiosk.flows import events as e
from kiosk.flows.clinic_check_in import FLOW
from kiosk.flows.clinic_visit import ClinicSession
from kiosk.flows.effects import Effect, ReadChip, Wipe
from kiosk.flows.engine import Outcome, Step
from kiosk.flows.views import View
from kiosk.identity.unfinished_reading import UnfinishedReading
from kiosk.session import Language, Place, Session
from kiosk.settings import TimerSettings
from kiosk.visit.loop import VisitLoop

from ..flows.conftest import document

SLIP = m.SlipPrinted(slip_id=uuid4(), state="confirmed")
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
        self.given: list[tuple[Effect, Session, int]] = []

    def perform(self, effect: Effect, session: Session, arrival: int) -> None:
        self.given.append((effect, session, arrival))

    def of(self, kind: type[Effect]) -> list[tuple[Effect, Session, int]]:
        return [order for order in self.given if isinstance(order[0], kind)]


class Arrivals:
    def __init__(self) -> None:
        self.steps: list[str] = []
        self.outcomes: list[Outcome] = []

    def arrived(self, step: type[Step], session: Session, outcome: Outcome | None) -> None:
        self.steps.append(step.__name__)
        self.outcomes += [outcome] if outcome else []

    def changed(self, step: type[Step], session: Session) -> None: ...


class Running:
    def __init__(self, timers: TimerSettings | None = None) -> None:
        self.glass, self.lamps, self.orders, self.arrivals, self.now_s = Glass(), Lamps(), Orders(), Arrivals(), 0.0
        self.loop = VisitLoop(
            FLOW,
            self.glass,
            self.lamps,
            self.new_session,
            timers or TimerSettings(),
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


def reading(running: Running) -> None:
    in_visit(running)
    for event in (e.ConsentGiven(), e.UseDigitsChosen(), e.DigitsEntered(text="004127"), e.CardPlaced()):
        running.loop.post(event)
    running.at("ReadingChip")


def test_a_card_lifted_and_laid_back_before_the_read_fails_is_read_again(running: Running) -> None:
    reading(running)
    running.loop.post(
        e.ChipNotRead(reason="card_removed")
    )  # told before the reader tells of the removal, if at all
    running.until(lambda: len(running.orders.of(ReadChip)) == 2)
    (_, _, first), (_, _, second) = running.orders.of(ReadChip)
    assert running.loop.wants(second)
    assert not running.loop.wants(first)


def test_an_answer_to_a_step_that_was_left_and_entered_again_is_dropped_and_wiped(running: Running) -> None:
    reading(running)
    ((_, session, first),) = running.orders.of(ReadChip)
    running.loop.post(e.ChipNotRead(reason="card_removed"))
    running.until(lambda: len(running.orders.of(ReadChip)) == 2)
    late = document()
    running.loop.post(e.ChipRead(document=late), session.id, first)
    assert late.portrait is not None
    running.until(lambda: not len(late.portrait or b""))
    assert running.arrivals.steps[-1] == "ReadingChip"


def test_what_a_card_gave_is_wiped_when_nobody_waits_for_it_any_more(running: Running) -> None:
    reading(running)
    ((_, session, arrival),) = running.orders.of(ReadChip)
    running.loop.post(e.StaffChosen())
    running.at("PrintStaffSlip")
    late = UnfinishedReading()
    late.keep("DG1", b"personal")
    running.loop.post(e.ChipNotRead(reason="card_removed", unfinished=late), session.id, arrival)
    running.until(lambda: not late.files)


def test_card_and_reader_stay_as_they_are_from_one_visit_to_the_next(running: Running) -> None:
    """A card left lying is read without being asked for; a reader that is gone is not waited for."""
    reading(running)
    for event in (e.CancelChosen(), e.Confirmed(), e.Started(), e.ConsentGiven(), e.UseDigitsChosen()):
        running.loop.post(event)
    running.at("EnterDigits")
    running.loop.post(e.DigitsEntered(text="004127"))
    running.at("ReadingChip")
    assert "LayCard" not in running.arrivals.steps[-6:]
    for event in (e.ReaderLost(), e.SlipDone(printed=SLIP), e.Confirmed(), e.Started(), e.ConsentGiven()):
        running.loop.post(event)
    running.at("ChooseAccess")
    for event in (e.UseDigitsChosen(), e.DigitsEntered(text="004127")):
        running.loop.post(event)
    running.at("PrintStaffSlip")


def test_a_reader_that_never_answers_sends_the_visitor_to_staff(running: Running) -> None:
    reading(running)
    running.later(61)
    running.at("PrintStaffSlip")


def test_asking_for_staff_while_the_chip_is_read_stops_the_reading(running: Running) -> None:
    reading(running)
    ((_, _, arrival),) = running.orders.of(ReadChip)
    running.loop.post(e.StaffChosen())
    running.at("PrintStaffSlip")
    assert not running.loop.wants(arrival)


def test_a_lamp_that_fails_ends_no_visit(running: Running, monkeypatch, capsys) -> None:
    in_visit(running)

    def broken(lamp: str) -> None:
        raise PanelPinUnavailable("17")

    monkeypatch.setattr(running.lamps, "show", broken)
    running.loop.post(e.ConsentGiven())
    running.at("ChooseAccess")
    assert "panel_failed" in capsys.readouterr().err


def test_a_visit_under_way_when_the_kiosk_stops_is_wiped(running: Running) -> None:
    reading(running)
    running.loop.post(e.ChipRead(document=document()))
    running.at("ExplainFaceCheck")
    running.loop.stop()
    running.thread.join(5)
    ((wipe, _, _),) = running.orders.of(Wipe)
    assert isinstance(wipe, Wipe)
    assert len(wipe.buffers) == 1


def test_no_clock_runs_while_a_device_works(running: Running) -> None:
    reading(running)
    running.later(30)
    running.later(29)
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
