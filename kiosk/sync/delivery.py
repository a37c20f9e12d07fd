"""Delivery of the outbox: in order per patient, everything else independent, nothing dropped.

The site's answers are sorted by one table, `SORTING`:

    RETRY      this event later, others go on      timed out, answer lost, 5xx, 409 in flight, nonsense
    WAIT       the whole site later                no connection; a Retry-After of a busy site
    HOLD       the whole site, with an alarm       401, 403, a certificate that is not trusted
    RECONCILE  say it on a new, flagged patient    412
    PARK       set aside with an alarm             400, 404, 422
"""

from __future__ import annotations

import itertools
import random
from enum import Enum, auto

from kiosk import logs
from kiosk.errors import (
    SiteAnswerLost,
    SiteBusy,
    SiteError,
    SiteFailed,
    SiteFindsSeveral,
    SiteNotSuitable,
    SiteNotTrusted,
    SiteRefused,
    SiteSpokeNonsense,
    SiteTimedOut,
    SiteTokenRefused,
    SiteUnreachable,
)
from kiosk.messages import VisitAnswer
from kiosk.ports import Site
from kiosk.sync.backoff import Backoff, Jitter
from kiosk.sync.clock import Clock
from kiosk.sync.lanes import Lanes
from kiosk.sync.outbox import SECURITY_LANE, Event
from kiosk.sync.store import Store


class Sort(Enum):
    """What becomes of an event that was not delivered."""

    RETRY = auto()
    WAIT = auto()
    HOLD = auto()
    RECONCILE = auto()
    PARK = auto()


SORTING: dict[type[SiteError], Sort] = {
    SiteUnreachable: Sort.WAIT,
    SiteBusy: Sort.WAIT,
    SiteTokenRefused: Sort.HOLD,
    SiteNotTrusted: Sort.HOLD,
    SiteNotSuitable: Sort.HOLD,
    SiteFindsSeveral: Sort.RECONCILE,
    SiteRefused: Sort.PARK,
}
"""Every other SiteError is RETRY."""

_HOLD_CODES = {error.code for error, sort in SORTING.items() if sort is Sort.HOLD}
_SITE = "site"


class Deliverer:
    """Delivers from the visitor's call and from a background thread alike."""

    def __init__(
        self,
        store: Store,
        site: Site,
        *,
        timeout_s: float,
        clock: Clock | None = None,
        jitter: Jitter = random.uniform,
    ) -> None:
        self._store, self._site, self._timeout_s = store, site, timeout_s
        self._clock = clock or Clock()
        self._events = Backoff(self._clock, jitter=jitter)
        self._whole_site = Backoff(self._clock, jitter=jitter)
        self._lanes = Lanes()
        self._kept_away: str | None = None
        self._turns = itertools.count(1)
        self._tried: dict[str, int] = {}

    @property
    def alarm(self) -> str | None:
        """The code for which the whole site is held, or None."""
        return self._kept_away if self._kept_away in _HOLD_CODES else None

    def deliver_now(self, lane: str, deadline_s: float) -> str | None:
        """Try to deliver a lane for a visitor who waits; None, or the code of what kept it.

        A visitor is reason enough to try before a backoff is over, but not while the site has refused the
        kiosk or asked it to stay away.
        """
        until = self._clock.monotonic() + deadline_s
        if self._kept_away and not self._whole_site.is_due(_SITE):
            return self._kept_away
        with self._lanes.hold(lane, max(deadline_s, 0.0)) as held:
            if not held:
                return SiteTimedOut.code
            code = self._drain(lane, until)
            if code == SiteAnswerLost.code:  # most likely it is registered: asked again, the site tells its number
                code = self._drain(lane, until)
            return code

    def run_once(self, *, only_security: bool = False) -> None:
        """Deliver what is due, each lane up to its first failure, the least recently tried lane first.

        So an event at which the site always turns the kiosk away does not stay in front of the others. A round
        of visits takes its time with each that times out, so security events can have a round of their own.
        """
        lanes = self._store.lanes_waiting()
        tried = self._tried = {lane: self._tried.get(lane, 0) for lane in lanes}
        chosen = [lane for lane in lanes if not only_security or lane.startswith(SECURITY_LANE)]
        for lane in sorted(chosen, key=lambda lane: tried[lane]):
            if not self._whole_site.is_due(_SITE):
                return
            with self._lanes.hold(lane, 0.0) as held:
                if held:
                    self._tried[lane] = next(self._turns)
                    self._drain(lane)

    def resume(self) -> None:
        """The site is back: try everything now."""
        self._kept_away = None
        self._whole_site.forget_all()
        self._events.forget_all()

    def _drain(self, lane: str, until: float | None = None) -> str | None:
        """Deliver a lane's events in turn; None, or the code of what stopped it.

        With `until` somebody waits, so backoffs are passed over and all events share the time there is.
        """
        while (event := self._store.next_event(lane)) is not None:
            if until is None and not self._events.is_due(event.event_id):
                return None
            timeout_s = self._timeout_s if until is None else until - self._clock.monotonic()
            if timeout_s <= 0:
                return SiteTimedOut.code
            code = self._try(event, timeout_s)
            if code is not None:
                return code
        return None

    def _try(self, event: Event, timeout_s: float) -> str | None:
        """Deliver one event; None if the lane can go on, else the code of what keeps it."""
        try:
            answer = self._say(event, timeout_s)
        except SiteError as error:
            sort = SORTING.get(type(error), Sort.RETRY)
            logs.event("not_delivered", event_id=event.event_id, code=error.code, outcome=sort.name.lower())
            return self._settle(event, error, sort)
        self._store.delivered(event, answer)
        self._events.forget(event.event_id)
        self._whole_site.forget(_SITE)
        self._kept_away = None
        logs.event("delivered", event_id=event.event_id, visit_id=event.visit_id)
        return None

    def _say(self, event: Event, timeout_s: float) -> VisitAnswer | None:
        """Tell the site of an event; what it answers of a visit. Raises: SiteError."""
        if event.kind == "security_event":
            self._site.deliver_security_event(str(event.event_id), event.body, timeout_s)
            return None
        answer = self._site.deliver(str(event.event_id), event.body, timeout_s)
        if answer.visit_id != event.visit_id:
            raise SiteSpokeNonsense("the answer is about another visit")
        return answer

    def _settle(self, event: Event, error: SiteError, sort: Sort) -> str | None:
        retry_after_s = error.retry_after_s if isinstance(error, SiteFailed) else None
        if sort is Sort.RECONCILE and event.supersedes is None and event.kind == "register_visit":
            self._store.supersede(event)
            return None
        if sort in (Sort.PARK, Sort.RECONCILE):
            self._store.park(event, error.code)
            self._events.forget(event.event_id)
            return error.code
        if sort is Sort.RETRY:
            self._events.failed(event.event_id, retry_after_s)
        else:
            self._whole_site.failed(_SITE, retry_after_s)
            self._kept_away = None if isinstance(error, SiteUnreachable) else error.code
        return error.code
