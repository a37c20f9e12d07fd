"""kill -9 between any two steps of a registration or a security event: nothing is lost, nothing is doubled."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from uuid6 import uuid7

from kiosk import messages as m

ROOT = Path(__file__).parents[2]


@pytest.fixture
def crash(kiosk, hospital):
    """Let a process of its own work on this kiosk's record, on one message, and be killed at a point."""

    def run(point, message):
        kiosk.close()
        script = Path(__file__).with_name("crashing_kiosk.py")
        settings = hospital.settings(timeout_s=2.0).model_dump_json()
        ended = subprocess.run(
            [sys.executable, script, point, kiosk.directory, settings, message.model_dump_json()],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=False,
        )
        assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
        kiosk._open()

    return run


def test_killed_within_the_transaction_leaves_neither_visit_nor_event(kiosk, hospital, visit, crash):
    message = visit()
    crash("half_a_transaction", message)
    assert kiosk.store.visit(message.visit_id) is None
    assert kiosk.waiting() == 0
    assert kiosk.link.register_visit(message).queue_number == "C010"


def test_killed_after_the_commit_delivers_on_the_next_start(kiosk, hospital, visit, crash):
    message = visit()
    crash("committed", message)
    assert kiosk.waiting() == 1
    assert hospital.encounters() == []

    kiosk.deliver_everything()
    (registered,) = hospital.encounters()
    assert registered["visit_id"] == str(message.visit_id)
    assert kiosk.link.register_visit(message).queue_number == registered["queue_number"]


def test_killed_with_the_answer_in_hand_registers_once_and_keeps_the_number(kiosk, hospital, visit, crash):
    message = visit()
    crash("answer_received", message)
    assert [found["queue_number"] for found in hospital.encounters()] == ["C010"]
    assert kiosk.waiting() == 1

    assert kiosk.link.register_visit(message).queue_number == "C010"
    assert len(hospital.encounters()) == 1
    assert kiosk.waiting() == 0


def test_killed_after_the_pending_number_was_committed_hands_out_the_same_again(kiosk, hospital, visit, crash):
    kiosk.link.heartbeat.beat()
    hospital.faults.set("away")
    message = visit()
    crash("pending_number_committed", message)

    assert kiosk.link.register_visit(message).queue_number == "T1-001"
    hospital.faults.set("up")
    kiosk.deliver_everything()
    (registered,) = hospital.encounters()
    assert (registered["queue_number"], registered["pending_queue_number"]) == ("C010", "T1-001")


@pytest.fixture
def refusal():
    return m.SecurityEvent(
        session_id=uuid4(),
        event_id=uuid7(),
        at=datetime.now(UTC),
        code="document_forged",
        reasons=("dg1_hash_wrong",),
    )


@pytest.mark.parametrize(
    ("point", "heard_at_once"), [("half_a_transaction", 0), ("committed", 0), ("answer_received", 1)]
)
def test_refused_document_is_heard_of_once_wherever_the_link_was_killed(
    kiosk, hospital, refusal, crash, point, heard_at_once
):
    crash(point, refusal)
    assert len(hospital.security_events()) == heard_at_once
    if point == "half_a_transaction":  # not committed: the screen still has it, and hands it over again
        assert kiosk.store.security_events() == 0
        kiosk.link.record_security_event(refusal)
    kiosk.deliver_everything()
    assert [found["event_id"] for found in hospital.security_events()] == [str(refusal.event_id)]
    assert (kiosk.waiting(), kiosk.store.security_events()) == (0, 1)
