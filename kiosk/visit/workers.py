"""Carries out a flow's orders with the ports: each on a thread, each answer an event of the same session."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
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
    """A pool that runs each effect's job; whatever a job raises becomes an event with a code.

    Wipes have threads of their own: no device that hangs can hold them up.
    """

    def __init__(
        self,
        jobs: Mapping[type[effects.Effect], Job],
        post: Callable[[e.Event, UUID, int | None], None],
        wants: Callable[[int], bool],
    ) -> None:
        self._jobs, self._post, self._wants = jobs, post, wants
        self._pool = ThreadPoolExecutor(max_workers=6, thread_name_prefix="visit")
        self._wipers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="wipe")

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
        pool = self._wipers if isinstance(effect, effects.Wipe) else self._pool
        pool.submit(_run, job, order)

    def close(self) -> None:
        """Let running jobs end."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._wipers.shutdown(wait=True)


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
