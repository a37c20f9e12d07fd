"""The heartbeat: is the site there, what is its time, and are there enough leased numbers for when it is not."""

from __future__ import annotations

from collections.abc import Callable

from kiosk import logs
from kiosk.errors import SiteError, SiteUnreachable
from kiosk.ports import Site
from kiosk.sync.store import Store

READY = "ready"


class Heartbeat:
    """Knows the site's state: `ready`, or the code of what is wrong; unreachable until it was first asked."""

    def __init__(
        self,
        store: Store,
        site: Site,
        *,
        kiosk_id: str,
        timeout_s: float,
        on_return: Callable[[], None],
        lease_size: int = 40,
    ) -> None:
        self._store, self._site, self._kiosk_id, self._timeout_s = store, site, kiosk_id, timeout_s
        self._on_return, self._lease_size = on_return, lease_size
        self.site_state = SiteUnreachable.code
        self.alarm: str | None = None
        """The code of what keeps the kiosk from laying in numbers and departments, or None."""

    def beat(self) -> None:
        """Ask once; when the site has just come back, tell so and take over what it knows."""
        was_away = self.site_state != READY
        try:
            self._site.ping(self._timeout_s)
        except SiteError as error:
            self._became(error.code)
            return
        self._store.clock_offset_s = self._site.clock_offset_s()
        self._became(READY)
        if was_away:
            self._on_return()
        self._lay_in(refresh=was_away)

    def _lay_in(self, *, refresh: bool) -> None:
        """Get what the kiosk needs for the hours without the site."""
        try:
            self._lease()
            if refresh or self.alarm:
                self._store.keep_departments(self._site.departments())
        except SiteError as error:
            self.alarm = error.code
        else:
            self.alarm = None

    def _lease(self) -> None:
        """Keep at least half a lease of numbers in hand."""
        missing = self._lease_size - self._store.leased_numbers_left()
        if missing > self._lease_size // 2:
            self._store.add_leased_numbers(self._site.lease_queue_numbers(self._kiosk_id, missing))

    def _became(self, state: str) -> None:
        if state != self.site_state:
            logs.event("site_state", state=state)
        self.site_state = state
