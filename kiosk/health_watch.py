"""Tells the visit loop when something every visit needs stops or starts working, so nobody begins in vain."""

from __future__ import annotations

import threading
from collections.abc import Callable

from kiosk import logs
from kiosk import messages as m
from kiosk.errors import KioskError, ReaderUnavailable
from kiosk.flows.events import DevicesReady, DeviceTrouble, Event
from kiosk.ports import Link, ReaderEvent, Vision

READY = "ready"
EVERY_S = 2.0


class HealthWatch:
    """Asks the other processes every two seconds and listens to the reader; a change becomes an event.

    A site that is away is no trouble here: the clinic then gives pending numbers.
    """

    def __init__(self, vision: Vision, link: Link, post: Callable[[Event], None], every_s: float = EVERY_S) -> None:
        self._vision, self._link, self._post, self._every_s = vision, link, post, every_s
        self._reader = "reader_unavailable"
        self._reader_hangs = False
        self._told: str | None = None
        self._alarms: set[str] = set()
        self._wake, self._stopping = threading.Event(), False
        self._telling = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="health", daemon=True)

    def start(self) -> None:
        """Start asking."""
        self._thread.start()

    def stop(self) -> None:
        """Stop asking."""
        self._stopping = True
        self._wake.set()
        self._thread.join()

    def reader_changed(self, event: ReaderEvent) -> None:
        """The reader told of itself; a card's coming and going says that the reader works.

        That it is gone is passed on at once: the others may take their time to answer.
        """
        self._reader = "reader_unavailable" if event.kind == "reader_lost" else READY
        if self._reader != READY:
            self._tell(self._reader)
        self._wake.set()

    def reader_hangs(self, hangs: bool) -> None:
        """A reading that nothing ends holds the reader; or it has let go after all."""
        self._reader_hangs = hangs
        self._wake.set()

    def trouble(self) -> str | None:
        """The code of the first part that does not work, or None."""
        if self._reader != READY:
            return self._reader
        if self._reader_hangs:
            return ReaderUnavailable.code
        try:
            camera = self._vision.health(m.Nothing()).camera
            link = self._link.health(m.Nothing())
        except KioskError as error:
            return error.code
        self._tell_alarms(link.alarms)
        return next((code for code in (camera, link.printer) if code != READY), None)

    def _tell_alarms(self, alarms: tuple[str, ...]) -> None:
        """What a technician must look at, though visits go on: a visit parked, the site's token refused."""
        for code in set(alarms) - self._alarms:
            logs.event("alarm", code=code, level="warning")
        self._alarms = set(alarms)

    def _run(self) -> None:
        while not self._stopping:
            try:
                self._tell(self.trouble())
            except Exception as error:  # a watch that died would leave the kiosk out of order for ever
                logs.failure("health_not_known", error)
            self._wake.wait(self._every_s)
            self._wake.clear()

    def _tell(self, code: str | None) -> None:
        with self._telling:
            if self._reader != READY:  # it may have gone while the others were asked
                code = self._reader
            self._post(DevicesReady() if code is None else DeviceTrouble(reason=code))
            if code != self._told:
                logs.event("health", code=code or READY)
                self._told = code
