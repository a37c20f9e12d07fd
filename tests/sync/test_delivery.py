"""How the site's answers are sorted: against a site that is scripted, answer by answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest

from kiosk import errors
from kiosk.messages import VisitAnswer
from kiosk.sync.backoff import Backoff
from kiosk.sync.clock import Clock
from kiosk.sync.delivery import Deliverer


@dataclass
class ScriptedSite:
    """Raises what the script says for a visit, and registers when the script is at its end."""

    script: dict[str, list[Exception]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def deliver(self, event_id, body, timeout_s):
        visit_id = next(iter(visit_ids(body)))
        self.asked.append(visit_id)
        if self.script.get(visit_id):
            raise self.script[visit_id].pop(0)
        return VisitAnswer(visit_id=visit_id, state="registered", queue_number="A001")


def visit_ids(body):
    return re.findall(r"urn:kiosk:visit\|([0-9a-f-]{36})", body.decode())


@dataclass
class Time:
    """A clock that is turned by hand."""

    now_s: float = 1000.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def site():
    return ScriptedSite()


@pytest.fixture
def deliverer(store, site, time):
    """Its jitter is the longest there may be."""
    return Deliverer(store, site, timeout_s=4.0, clock=Clock(monotonic=time), jitter=lambda low, high: high)


def commit(store, visit, count):
    messages = [visit(f"0980000000{n:02d}") for n in range(count)]
    for message in messages:
        store.commit_visit(message)
    return [str(message.visit_id) for message in messages]


@pytest.mark.parametrize(
    "error",
    [
        errors.SiteTimedOut(),
        errors.SiteAnswerLost(),
        errors.SiteFailed(),
        errors.SiteStillWorking(),
        errors.SiteSpokeNonsense(),
    ],
    ids=lambda error: error.code,
)
def test_fault_that_may_lie_in_the_event_lets_the_others_go_on(store, site, deliverer, time, visit, error):
    bad, good = commit(store, visit, 2)
    site.script[bad] = [error]
    deliverer.run_once()
    assert site.asked == [bad, good]
    assert store.backlog().waiting == 1
    assert deliverer.alarm is None

    deliverer.run_once()
    assert site.asked == [bad, good]  # not due yet
    time.now_s += 1.0
    deliverer.run_once()
    assert site.asked == [bad, good, bad]
    assert store.backlog().waiting == 0


def test_site_that_is_away_is_not_asked_for_every_visit(store, site, deliverer, time, visit):
    first, second = commit(store, visit, 2)
    site.script = {first: [errors.SiteUnreachable()] * 2, second: [errors.SiteUnreachable()] * 2}
    deliverer.run_once()
    deliverer.run_once()
    assert site.asked == [first]
    time.now_s += 1.0
    deliverer.run_once()
    assert len(site.asked) == 2


def test_event_the_site_is_always_busy_with_does_not_stay_in_front(store, site, deliverer, time, visit):
    bad, good = commit(store, visit, 2)
    site.script[bad] = [errors.SiteBusy() for _ in range(20)]
    for _ in range(8):
        deliverer.run_once()
        time.now_s += 1.0
    assert good in site.asked


def test_retry_after_is_kept_by_everybody_even_with_a_visitor_waiting(store, site, deliverer, time, visit):
    first, second = commit(store, visit, 2)
    site.script[first] = [errors.SiteBusy("", 30.0)]
    deliverer.run_once()
    time.now_s += 29.0
    deliverer.run_once()
    assert deliverer.deliver_now(store.lanes_waiting()[1], 4.0) == "site_busy"
    assert site.asked == [first]
    time.now_s += 2.0
    deliverer.run_once()
    assert site.asked == [first, second, first]


@pytest.mark.parametrize("error", [errors.SiteTokenRefused, errors.SiteNotTrusted, errors.SiteNotSuitable])
def test_refused_kiosk_holds_everything_with_an_alarm_until_it_is_let_in(
    store, site, deliverer, time, visit, error
):
    first, second = commit(store, visit, 2)
    site.script[first] = [error()]
    deliverer.run_once()
    assert (site.asked, deliverer.alarm) == ([first], error.code)
    assert deliverer.deliver_now(store.lanes_waiting()[1], 4.0) == error.code
    assert site.asked == [first]

    deliverer.resume()
    deliverer.run_once()
    assert site.asked == [first, second, first]
    assert deliverer.alarm is None


def test_refused_event_is_parked_and_never_sent_again(store, site, deliverer, time, visit):
    (bad,) = commit(store, visit, 1)
    site.script[bad] = [errors.SiteRefused()]
    deliverer.run_once()
    time.now_s += 10_000
    deliverer.run_once()
    assert site.asked == [bad]
    assert store.backlog().parked_codes == ("site_refused",)


def test_several_patients_are_answered_by_one_new_event_then_parked(store, site, deliverer, visit):
    (bad,) = commit(store, visit, 1)
    site.script[bad] = [errors.SiteFindsSeveral(), errors.SiteFindsSeveral()]
    deliverer.run_once()
    assert site.asked == [bad, bad]
    assert store.backlog().parked_codes == ("site_finds_several",)


def test_answer_about_another_visit_is_not_taken(store, site, deliverer, visit, monkeypatch):
    commit(store, visit, 1)
    other = VisitAnswer(visit_id="00000000-0000-4000-8000-000000000000", state="registered", queue_number="A001")
    monkeypatch.setattr(site, "deliver", lambda *_: other)
    assert deliverer.deliver_now(store.lanes_waiting()[0], 4.0) == "site_spoke_nonsense"
    assert store.backlog().waiting == 1


def test_visitor_is_reason_to_try_before_the_backoff_is_over(store, site, deliverer, visit):
    (first,) = commit(store, visit, 1)
    site.script[first] = [errors.SiteFailed("", 60.0)]
    deliverer.run_once()
    assert deliverer.deliver_now(store.lanes_waiting()[0], 4.0) is None
    assert site.asked == [first, first]


def test_busy_lane_is_waited_for_no_longer_than_the_deadline(store, site, deliverer, visit):
    commit(store, visit, 1)
    (lane,) = store.lanes_waiting()
    with deliverer._lanes.hold(lane, 0.0):
        assert deliverer.deliver_now(lane, 0.01) == "site_timed_out"
        deliverer.run_once()
    assert site.asked == []
    assert deliverer.deliver_now(lane, 1.0) is None


def test_backoff_doubles_to_its_cap_and_adds_to_what_the_site_asked_for(time):
    spans = []

    def jitter(low, high):
        spans.append((low, high))
        return high

    backoff = Backoff(Clock(monotonic=time), base_s=1.0, cap_s=8.0, jitter=jitter)
    for _ in range(5):
        backoff.failed("event")
    assert spans == [(0.0, 1.0), (0.0, 2.0), (0.0, 4.0), (0.0, 8.0), (0.0, 8.0)]

    backoff.forget("event")
    backoff.failed("event", at_least_s=10.0)
    time.now_s += 10.5
    assert not backoff.is_due("event")
    time.now_s += 0.5
    assert backoff.is_due("event")
