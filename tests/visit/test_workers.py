"""Orders are carried out off the loop, and whatever goes wrong becomes an event."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest

from kiosk import messages as m
from kiosk.errors import CallTimedOut, DepartmentsUnknown, ProcessAway
from kiosk.flows import effects
from kiosk.flows import events as e
from kiosk.session import SecretBuffer
from kiosk.visit.link_jobs import link_jobs
from kiosk.visit.workers import Order, VisitWorkers, ending_jobs

from ..flows.conftest import Story


@dataclass
class Heard:
    events: list[tuple[e.Event, int | None]] = field(default_factory=list)
    bell: threading.Event = field(default_factory=threading.Event)

    def post(self, event: e.Event, session_id: UUID, arrival: int | None) -> None:
        self.events.append((event, arrival))
        self.bell.set()


class Link:
    """Answers as scripted; a link that times out after it has committed, once, and is away for three questions."""

    def __init__(self) -> None:
        self.asked: list[UUID] = []
        self.away_for = 3

    def health(self, message: m.Nothing) -> m.Nothing:
        self.away_for -= 1
        if self.away_for >= 0:
            raise ProcessAway("link.sock")
        return message

    def register_visit(self, message: m.RegisterVisit) -> m.VisitAnswer:
        self.asked.append(message.visit_id)
        if len(self.asked) == 1:
            raise CallTimedOut("register_visit")
        return m.VisitAnswer(visit_id=message.visit_id, state="registered", queue_number="A027")

    def departments(self, message: m.Nothing) -> m.Departments:
        raise DepartmentsUnknown

    def end_session(self, message: m.SessionEnded) -> m.Nothing:
        raise CallTimedOut("end_session")


@pytest.fixture
def heard() -> Heard:
    return Heard()


def carry_out(heard: Heard, effect: effects.Effect, jobs: dict) -> None:
    workers = VisitWorkers(jobs, heard.post, wants=lambda arrival: True)
    workers.perform(effect, Story().session, arrival=7)
    workers.close()


def test_a_registration_whose_answer_was_lost_is_asked_for_again_with_the_same_visit_id(heard: Heard) -> None:
    link, visit_id = Link(), uuid4()
    message = m.RegisterVisit.model_construct(visit_id=visit_id)
    carry_out(heard, effects.RegisterVisit(message), link_jobs(link))  # type: ignore[arg-type]
    ((event, arrival),) = heard.events
    assert isinstance(event, e.VisitStored)
    assert (link.asked, arrival) == ([visit_id, visit_id], 7)


def test_departments_that_nobody_knows_are_no_failure_of_a_later_step(heard: Heard) -> None:
    carry_out(heard, effects.ListDepartments(), link_jobs(Link()))  # type: ignore[arg-type]
    assert heard.events == [(e.DepartmentsNotKnown(reason="departments_unknown"), None)]


def test_a_wipe_overwrites_even_if_the_other_processes_do_not_answer(heard: Heard, capsys) -> None:
    buffer = SecretBuffer(b"portrait")
    view = buffer.view
    link = Link()
    carry_out(heard, effects.Wipe((buffer,)), ending_jobs(link, link))  # type: ignore[arg-type]
    assert bytes(view) == bytes(8)
    assert heard.events == []
    assert capsys.readouterr().err.count("wipe_not_answered") == 2


def test_a_job_that_breaks_becomes_an_event_and_names_nobody(heard: Heard, capsys) -> None:
    def broken(order: Order) -> None:
        raise ZeroDivisionError("Ngọc Lan")

    carry_out(heard, effects.ListDepartments(), {effects.ListDepartments: broken})
    assert heard.events == [(e.ServiceFailed(reason="unforeseen"), None)]
    assert "Lan" not in capsys.readouterr().err


def test_six_jobs_that_hang_do_not_hold_up_a_wipe(heard: Heard) -> None:
    release, wiped = threading.Event(), threading.Event()
    jobs = {
        effects.ListDepartments: lambda order: release.wait(10),
        effects.Wipe: lambda order: wiped.set(),
    }
    workers = VisitWorkers(jobs, heard.post, wants=lambda arrival: True)  # type: ignore[arg-type]
    for _ in range(8):
        workers.perform(effects.ListDepartments(), Story().session, arrival=1)
    workers.perform(effects.Wipe(), Story().session, arrival=2)
    assert wiped.wait(5)
    release.set()
    workers.close()
