"""Looks at the kiosk and around it a few times a second, as long as somebody looks at the page."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeVar

from kiosk import messages as m
from kiosk.errors import KioskError
from provisioning.rig.page import hospital
from provisioning.rig.page.glass import GlassPicture
from provisioning.rig.page.state import Outbox, Picture, Seen
from provisioning.rig.page.told import told
from provisioning.rig.rig import Rig

LOOK_EVERY_S = 0.25
REST = 2
"""A busy machine is left in peace for twice as long as a look took."""
UNWATCHED_AFTER_S = 3.0
"""Drawing pictures costs the machine something; a page nobody has open costs nothing."""

Result = TypeVar("Result")


class Watch:
    """Keeps `seen` fresh from a thread of its own; a context manager."""

    def __init__(self, rig: Rig) -> None:
        self._rig, self.glass = rig, GlassPicture(rig)
        self._asked_s, self._seen = 0.0, self._look()
        self._failure: BaseException | None = None
        self._over, self._wanted = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="control-page-watch", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._over.set()
        self._wanted.set()
        self._thread.join()

    def seen(self) -> Seen:
        """What was seen last. Raises: what kept the watch from looking on."""
        self._asked_s = time.monotonic()
        self._wanted.set()
        if self._failure is not None:
            raise self._failure
        return self._seen

    def _run(self) -> None:
        try:
            took_s = 0.0
            while not self._over.wait(max(LOOK_EVERY_S, REST * took_s)):
                if time.monotonic() - self._asked_s > UNWATCHED_AFTER_S:
                    self._wanted.clear()
                    self._wanted.wait()
                began_s = time.monotonic()
                self._seen = self._look()
                took_s = time.monotonic() - began_s
        except Exception as error:  # told to whoever asks next
            self._failure = error

    def _look(self) -> Seen:
        picture = _if_it_answers(self.glass.look)
        return Seen(
            kiosk=self._kiosk(picture),
            picture=picture,
            panel=_if_it_answers(lambda: self._rig.panel.state(m.Nothing())),
            outbox=_if_it_answers(self._outbox),
            slips=len(self._rig.printer.slips),
            visits=hospital.visits(self._rig.site),
            alerts=hospital.alerts(self._rig.site),
        )

    def _kiosk(self, picture: Picture | None) -> str:
        if not self._rig.has_power:
            return "no_power"
        return "running" if picture and picture.step else "starting"

    def _outbox(self) -> Outbox:
        health = self._rig.link.health(m.Nothing())
        return Outbox(
            waiting=health.outbox_waiting,
            oldest_s=health.outbox_oldest_s,
            numbers_left=health.queue_numbers_left,
            printer=told(health.printer),
            site=told(health.site),
            alarms=tuple(told(code) for code in health.alarms),
        )


def _if_it_answers(look: Callable[[], Result]) -> Result | None:
    try:
        return look()
    except KioskError:  # a process that is starting again, or has no power
        return None
