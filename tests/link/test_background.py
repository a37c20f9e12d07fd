"""The threads of the link service: they deliver by themselves, and they end when told."""

from __future__ import annotations

import threading

from kiosk import messages as m


def test_background_threads_deliver_once_the_hospital_is_back(background_kiosk, hospital, visit):
    kiosk = background_kiosk
    kiosk.link.heartbeat.beat()
    hospital.faults.set("away")
    kiosk.link.start()
    answer = kiosk.link.register_visit(visit())
    assert answer.state == "pending"

    hospital.faults.set("up")
    until_true(lambda: kiosk.waiting() == 0)
    (registered,) = hospital.encounters()
    assert registered["pending_queue_number"] == answer.queue_number


def test_stopping_leaves_no_thread_behind(background_kiosk, hospital):
    before = set(threading.enumerate())
    background_kiosk.link.start()
    until_true(lambda: background_kiosk.link.health(m.Nothing()).site == "ready")
    background_kiosk.link.stop()
    assert set(threading.enumerate()) - before <= {thread for thread in threading.enumerate() if is_pool(thread)}


def test_site_is_unreachable_until_it_has_answered_once(kiosk, hospital):
    assert kiosk.link.health(m.Nothing()).site == "site_unreachable"
    kiosk.link.heartbeat.beat()
    assert kiosk.link.health(m.Nothing()).site == "ready"
    hospital.faults.set("away")
    kiosk.link.heartbeat.beat()
    assert kiosk.link.health(m.Nothing()).site == "site_unreachable"


def test_fault_of_the_record_shows_in_health_and_does_not_end_the_thread(background_kiosk, hospital, visit):
    kiosk = background_kiosk
    delivery = kiosk.link.deliverer.run_once
    kiosk.store._database._connection.execute("alter table outbox rename to elsewhere")
    kiosk.link.start()
    until_true(lambda: kiosk.link._delivery_worker.failed == "store_unwritable")
    kiosk.store._database._connection.execute("alter table elsewhere rename to outbox")
    until_true(lambda: kiosk.link._delivery_worker.failed is None)
    assert delivery() is None


def is_pool(thread):
    """A thread of the hospital's own pool, in this same process."""
    return "AnyIO" in thread.name


def until_true(condition, timeout_s=20.0):
    """Wait in small steps; gives up so that a fault fails rather than hangs."""
    waited = threading.Event()
    for _ in range(int(timeout_s / 0.02)):
        if condition():
            return
        waited.wait(0.02)
    raise AssertionError("it did not come true")


def test_paper_that_runs_low_is_an_alarm_and_no_trouble(kiosk):
    assert "printer_paper_low" not in kiosk.link.health(m.Nothing()).alarms
    kiosk.printer.paper_low = True
    health = kiosk.link.health(m.Nothing())
    assert "printer_paper_low" in health.alarms
    assert health.printer == "ready"
