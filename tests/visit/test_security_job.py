"""A refused document is handed to the link until it is kept, and the visit never waits for that."""

from __future__ import annotations

import json
import threading
from uuid import UUID

import pytest

from kiosk import messages as m
from kiosk.errors import KioskError, ProcessAway, StoreUnwritable
from kiosk.flows import effects
from kiosk.flows import events as e
from kiosk.session import Session
from kiosk.visit.security_job import security_job
from kiosk.visit.workers import VisitWorkers

from ..flows.conftest import Story

REFUSAL = effects.RaiseSecurityEvent("document_forged", ("dg2_hash_wrong",), "PACE-CAN")


class Link:
    """Keeps what it is given once it no longer fails."""

    def __init__(self, *failures: KioskError, forever: bool = False) -> None:
        self.failures, self.forever = list(failures), forever
        self.asked: list[m.SecurityEvent] = []

    def record_security_event(self, message: m.SecurityEvent) -> m.Nothing:
        self.asked.append(message)
        if self.failures:
            raise self.failures[0] if self.forever else self.failures.pop(0)
        return m.Nothing()


def carry_out(link: Link, session: Session, try_for_s: float = 5.0) -> list[e.Event]:
    posted: list[e.Event] = []

    def post(event: e.Event, session_id: UUID, arrival: int | None) -> None:
        posted.append(event)

    job = security_job(link, try_for_s, every_s=0.01)  # type: ignore[arg-type]
    workers = VisitWorkers(
        {effects.RaiseSecurityEvent: job}, post, wants=lambda arrival: False
    )  # the visit is over
    workers.perform(REFUSAL, session, arrival=7)
    workers.close()
    return posted


def test_a_refusal_is_told_in_codes_only() -> None:
    link, session = Link(), Story().session
    assert carry_out(link, session) == []
    (event,) = link.asked
    assert (event.session_id, event.code, event.reasons) == (session.id, "document_forged", ("dg2_hash_wrong",))
    assert event.access_protocol == "PACE-CAN"
    assert event.event_id.version == 7


def test_a_link_that_is_away_or_cannot_write_is_asked_again_with_the_same_event() -> None:
    link = Link(ProcessAway("away"), ProcessAway("away"), StoreUnwritable("full"))
    assert carry_out(link, Story().session) == []
    assert len(link.asked) == 4
    assert len({event.event_id for event in link.asked}) == 1


def test_a_link_that_stays_away_leaves_the_event_in_the_log_and_the_visit_alone(
    capfd: pytest.CaptureFixture[str],
) -> None:
    link = Link(ProcessAway("away"), forever=True)
    assert carry_out(link, Story().session, try_for_s=0.05) == []
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    lost = next(line for line in lines if line["event"] == "security_event_not_kept")
    assert (lost["reason"], lost["verdict"], lost["error"]) == ("document_forged", "dg2_hash_wrong", "process_away")
    assert lost["event_id"] == str(link.asked[0].event_id)


def test_what_is_no_code_never_leaves_the_screen_process() -> None:
    for spoilt in ({"code": "Nguyễn Thị Lan"}, {"reasons": ("098199912345",)}, {"access_protocol": "098"}):
        values = {"session_id": Story().session.id, "event_id": UUID(int=1), "at": "2026-11-25T01:02:03Z"}
        with pytest.raises(ValueError, match="validation error"):
            m.SecurityEvent.model_validate({**values, "code": "document_forged", **spoilt})


def test_a_visit_goes_on_while_its_event_is_still_being_handed_over() -> None:
    kept, let_go = threading.Event(), threading.Event()

    class SlowLink(Link):
        def record_security_event(self, message: m.SecurityEvent) -> m.Nothing:
            let_go.wait(5)
            kept.set()
            return m.Nothing()

    workers = VisitWorkers(
        {effects.RaiseSecurityEvent: security_job(SlowLink())},  # type: ignore[arg-type]
        lambda *_: None,
        wants=lambda arrival: True,
    )
    workers.perform(REFUSAL, Story().session, arrival=1)
    assert not kept.is_set()
    let_go.set()
    workers.close()
    assert kept.is_set()
