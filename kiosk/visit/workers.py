"""Carries out a flow's orders with the ports: each on a thread, each answer an event of the same session."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from kiosk import logs
from kiosk import messages as m
from kiosk.errors import KioskError
from kiosk.flows import effects
from kiosk.flows import events as e
from kiosk.ports import Link, Vision
from kiosk.session import Session

Post = Callable[[e.Event], None]


@dataclass(frozen=True)
class Order:
    """One effect to be carried out, for whom, and where its answers go; `wanted` turns False when it is moot."""

    effect: effects.Effect
    session: Session
    post: Post
    wanted: Callable[[], bool]


Job = Callable[[Order], None]


class VisitWorkers:
    """Runs each effect's job; whatever a job raises becomes an event with a code.

    On a thread of its own, which ends with the job: no device that hangs can hold others up, and what the job had
    on its stack goes with it.
    """

    def __init__(
        self,
        jobs: Mapping[type[effects.Effect], Job],
        post: Callable[[e.Event, UUID, int | None], None],
        wants: Callable[[int], bool],
    ) -> None:
        self._jobs, self._post, self._wants = jobs, post, wants
        self._running: set[threading.Thread] = set()

    def perform(self, effect: effects.Effect, session: Session, arrival: int) -> None:
        """Begin. Raises: KeyError for an effect that nobody carries out."""
        job = self._jobs[type(effect)]
        to_step = None if effect.outlives_step else arrival
        order = Order(
            effect,
            session,
            post=lambda event: self._post(event, session.id, to_step),
            wanted=lambda: self._wants(arrival),
        )
        thread = threading.Thread(target=self._work, args=(job, order), name=type(effect).__name__, daemon=True)
        self._running.add(thread)
        thread.start()

    def _work(self, job: Job, order: Order) -> None:
        try:
            _run(job, order)
        finally:
            self._running.discard(threading.current_thread())

    def close(self) -> None:
        """Let running jobs end."""
        for thread in tuple(self._running):
            thread.join()


def _run(job: Job, order: Order) -> None:
    try:
        job(order)
    except KioskError as error:
        logs.event("effect_failed", part=type(order.effect).__name__, code=error.code)
        order.post(e.ServiceFailed(reason=error.code or "unforeseen"))
    except Exception as error:  # the visitor must never wait for a thread that died
        logs.failure("effect_failed", error)
        order.post(e.ServiceFailed(reason="unforeseen"))


def ending_jobs(vision: Vision, link: Link) -> dict[type[effects.Effect], Job]:
    """The orders that end a visit."""

    def wipe(order: Order) -> None:
        assert isinstance(order.effect, effects.Wipe)
        for buffer in order.effect.buffers:
            buffer.wipe()
        for process in (vision, link):
            try:
                process.end_session(m.SessionEnded(session_id=order.session.id))
            except KioskError as error:  # a process that died holds nothing
                logs.event("wipe_not_answered", code=error.code)

    return {effects.Wipe: wipe}
