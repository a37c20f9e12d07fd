"""The kiosk's cable: pulled and put back at any moment, a visit is there once, under both numbers."""

from __future__ import annotations

import threading
import time

import pytest
from sqlalchemy import select

from kiosk.errors import DepartmentsUnknown
from kiosk.messages import LookUpInsurance, Nothing
from provisioning.rig.network import Network
from provisioning.rig.site.server import StandInSite, free_port
from provisioning.rig.site.tables import Delivery

from .conftest import Kiosk


@pytest.fixture(scope="module")
def far_away(tmp_path_factory):
    """A hospital with a network before it."""
    port = free_port()
    with (
        Network(port) as network,
        StandInSite(tmp_path_factory.mktemp("hospital"), port, reached_at=network.port) as site,
    ):
        yield site, network


@pytest.fixture
def network(far_away):
    site, network = far_away
    site.reset()
    yield network
    network.mode = "connected"


@pytest.fixture
def hospital(network, far_away):
    return far_away[0]


@pytest.fixture
def kiosk(tmp_path, hospital):
    """One that gives the hospital little time."""
    made = Kiosk(tmp_path / "kiosk", hospital, timeout_s=0.5)
    made.link.heartbeat.beat()
    yield made
    made.close()


def deliver_until_nothing_waits(kiosk):
    deadline = time.monotonic() + 20
    while kiosk.waiting():
        assert time.monotonic() < deadline
        kiosk.deliver_everything()


def assert_both_numbers(hospital, pending):
    (registered,) = hospital.encounters()
    assert registered["queue_number"]
    assert registered["pending_queue_number"] == pending


@pytest.mark.parametrize("mode", ["cut", "refusing"])
def test_visit_of_a_kiosk_whose_cable_is_out_arrives_once_under_both_numbers(
    kiosk, hospital, network, visit, person, mode
):
    network.mode = mode
    insurance = kiosk.link.look_up_insurance(LookUpInsurance(session_id=visit().session_id, person=person()))
    assert insurance.state == "not_verified_yet"
    assert kiosk.link.departments(Nothing()).from_cache_at is not None
    answer = kiosk.link.register_visit(visit(deadline_s=0.8))
    assert answer.state == "pending"
    assert hospital.encounters() == []

    network.mode = "connected"
    deliver_until_nothing_waits(kiosk)
    assert_both_numbers(hospital, answer.queue_number)


def test_cable_pulled_while_the_hospital_works_still_makes_one_visit(kiosk, hospital, network, visit):
    hospital.faults.slow_s = 5.0
    hospital.faults.set("slow", deliveries=1)
    answers = []
    registering = threading.Thread(target=lambda: answers.append(kiosk.link.register_visit(visit(deadline_s=0.9))))
    registering.start()
    until(lambda: at_work(hospital))
    network.mode = "cut"
    hospital.faults.set("up")  # it registers, and its reply goes nowhere
    registering.join()
    assert (answers[0].state, len(hospital.encounters())) == ("pending", 1)

    network.mode = "connected"
    deliver_until_nothing_waits(kiosk)
    assert_both_numbers(hospital, answers[0].queue_number)


def test_kiosk_that_was_never_connected_knows_no_departments_and_still_keeps_the_visit(
    tmp_path, hospital, network, visit
):
    network.mode = "cut"
    kiosk = Kiosk(tmp_path / "new", hospital, timeout_s=0.3)
    with pytest.raises(DepartmentsUnknown):
        kiosk.link.departments(Nothing())
    kiosk.store.commit_visit(visit())
    network.mode = "connected"
    deliver_until_nothing_waits(kiosk)
    assert len(hospital.encounters()) == 1
    kiosk.close()


def at_work(hospital):
    """Whether it has taken a transaction and not answered it yet."""
    with hospital.hospital.sessions.begin() as session:
        return session.scalar(select(Delivery.key).where(Delivery.status.is_(None)))


def until(true):
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)
