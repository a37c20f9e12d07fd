"""What the link process does for a visit: the site's answers, the record, the slip."""

from __future__ import annotations

import random
from uuid import UUID

from kiosk import hardening, logs
from kiosk import messages as m
from kiosk.errors import DepartmentsUnknown, PaperLow, SiteError, SiteRefused
from kiosk.ports import Site, SlipPrinter
from kiosk.sync.backoff import Jitter
from kiosk.sync.clock import Clock
from kiosk.sync.delivery import Deliverer
from kiosk.sync.heartbeat import Heartbeat
from kiosk.sync.store import Store
from kiosk.sync.worker import Worker

COMMITS_S = 0.1
"""Kept back from a registration's deadline for the record's own commits."""


class LinkService:
    """The link process's inside; implements `kiosk.ports.Link`.

    Call `start` for the deliverer and the heartbeat, `stop` before the store and the site are closed.
    """

    def __init__(
        self,
        store: Store,
        site: Site,
        printer: SlipPrinter,
        *,
        kiosk_id: str,
        timeout_s: float,
        leased_numbers: int = 40,
        simulated: bool = False,
        clock: Clock | None = None,
        jitter: Jitter = random.uniform,
        delivery_every_s: float = 1.0,
        heartbeat_every_s: float = 10.0,
    ) -> None:
        self._store, self._site, self._printer, self._simulated = store, site, printer, simulated
        self._clock = clock or Clock()
        self.deliverer = Deliverer(store, site, timeout_s=timeout_s, clock=self._clock, jitter=jitter)
        self.heartbeat = Heartbeat(
            store,
            site,
            kiosk_id=kiosk_id,
            timeout_s=timeout_s,
            on_return=self._site_is_back,
            lease_size=leased_numbers,
        )
        self._delivery_worker = Worker("delivery", self.deliverer.run_once, delivery_every_s)
        self._security_worker = Worker(
            "security events", lambda: self.deliverer.run_once(only_security=True), delivery_every_s
        )
        self._heartbeat_worker = Worker("heartbeat", self.heartbeat.beat, heartbeat_every_s)
        self._workers = (self._heartbeat_worker, self._security_worker, self._delivery_worker)

    def start(self) -> None:
        """Start the background threads."""
        for worker in self._workers:
            worker.start()

    def stop(self) -> None:
        """Stop them; an attempt that is under way is finished first."""
        for worker in self._workers:
            worker.stop()

    def look_up_insurance(self, message: m.LookUpInsurance) -> m.InsuranceAnswer:
        """The insurance state; a site that cannot say is `not_verified_yet`, which never stops a visit."""
        try:
            return self._site.look_up_insurance(message.person)
        except SiteError as error:
            logs.event("insurance_not_verified", session=message.session_id, code=error.code)
            return m.InsuranceAnswer(state="not_verified_yet")

    def departments(self, message: m.Nothing) -> m.Departments:
        """The departments open now, or as last heard while the site is away.

        Raises: DepartmentsUnknown if there is neither.
        """
        try:
            departments = self._site.departments()
        except SiteError as error:
            logs.event("departments_from_cache", code=error.code)
            known = self._store.known_departments()
            if known is None:
                raise DepartmentsUnknown(error.code) from error
            return known
        self._store.keep_departments(departments)
        return m.Departments(departments=departments)

    def register_visit(self, message: m.RegisterVisit) -> m.VisitAnswer:
        """Commit the visit, then try to deliver it; repeated with the same visit id, the visit stays one.

        Raises: QueueNumbersUsedUp if the site did not answer and no leased number is left; the visit is
        safe all the same and will be delivered. StoreUnwritable if it could not be committed.
        """
        until = self._clock.monotonic() + message.deadline_s - COMMITS_S
        self._store.commit_visit(message)
        return self._store.answer_visit(message.visit_id, self._deliver(message.visit_id, until))

    def record_security_event(self, message: m.SecurityEvent) -> m.Nothing:
        """Commit a security event and have it delivered; repeated with the same id, it stays one.

        Raises: StoreUnwritable if it could not be committed.
        """
        self._store.commit_security_event(message, self._site.sign)
        logs.event("security_event", event_id=message.event_id, session=message.session_id, reason=message.code)
        self._security_worker.nudge()
        return m.Nothing()

    def outbox(self, message: m.Nothing) -> m.Outbox:
        """What the site has not heard yet, for a technician: kinds, ages and codes, nothing of anybody."""
        now = self._clock.now()
        items = (
            m.OutboxItem(
                event_id=event.event_id,
                kind=event.kind,
                state=event.state,
                age_s=(now - event.since).total_seconds(),
                code=event.code,
            )
            for event in self._store.undelivered()
        )
        return m.Outbox(items=tuple(items))

    def release_parked(self, message: m.ReleaseParked) -> m.ParkedReleased:
        """Let parked events be tried again, at once."""
        count = self._store.release_parked(message.event_id)
        logs.event("parked_released", count=count)
        self._delivery_worker.nudge()
        return m.ParkedReleased(count=count)

    def print_slip(self, message: m.PrintSlip) -> m.SlipPrinted:
        """Print a slip and say what the printer said of it."""
        return self._printer.print_slip(message)

    def end_session(self, message: m.SessionEnded) -> m.Nothing:
        """Nothing to forget: the link keeps nothing by session, and visits for the site only until delivered."""
        logs.event("session_ended", session=message.session_id)
        hardening.let_go()
        return m.Nothing()

    def health(self, message: m.Nothing) -> m.LinkHealth:
        """How printer, site and outbox are, and what wants a technician."""
        backlog = self._store.backlog()
        alarms = {*backlog.parked_codes, self.deliverer.alarm, self.heartbeat.alarm}
        alarms |= {worker.failed for worker in self._workers}
        printer = self._printer.status()
        if self._printer.paper_low:
            alarms.add(PaperLow.code)
        oldest_s = (self._clock.now() - backlog.oldest).total_seconds() if backlog.oldest else None
        return m.LinkHealth(
            printer=printer,
            site=self.heartbeat.site_state,
            outbox_waiting=backlog.waiting,
            outbox_oldest_s=oldest_s,
            queue_numbers_left=self._store.leased_numbers_left(),
            alarms=tuple(sorted(code for code in alarms if code)),
            simulated=self._simulated,
        )

    def _deliver(self, visit_id: UUID, until: float) -> str:
        """Try to deliver a visit; the code of what kept it, if anything did."""
        known = self._store.visit(visit_id)
        lane = self._store.lane_of(visit_id)
        if lane is None or (known and known.answer()):
            return SiteRefused.code  # asked again: answered, or parked
        return self.deliverer.deliver_now(lane, until - self._clock.monotonic()) or SiteRefused.code

    def _site_is_back(self) -> None:
        self.deliverer.resume()
        self._delivery_worker.nudge()
