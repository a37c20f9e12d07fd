"""Carries out a flow's orders with the ports: each on a thread, each answer an event of the same session."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from kiosk import logs
from kiosk import messages as m
from kiosk.errors import KioskError
from kiosk.flows import effects
from kiosk.flows import events as e
from kiosk.ports import Link, Vision
from kiosk.session import Session

Post = Callable[[e.Event], None]
Job = Callable[[effects.Effect, Session, Post], None]


class VisitWorkers:
    """A pool that runs each effect's job; whatever a job raises becomes an event with a code."""

    def __init__(self, jobs: Mapping[type[effects.Effect], Job], post: Callable[[e.Event, UUID], None]) -> None:
        self._jobs, self._post = jobs, post
        self._pool = ThreadPoolExecutor(max_workers=6, thread_name_prefix="visit")

    def perform(self, effect: effects.Effect, session: Session) -> None:
        """Begin. Raises: KeyError for an effect that nobody carries out."""
        job = self._jobs[type(effect)]
        self._pool.submit(self._run, job, effect, session)

    def _run(self, job: Job, effect: effects.Effect, session: Session) -> None:
        def post(event: e.Event) -> None:
            self._post(event, session.id)

        try:
            job(effect, session, post)
        except KioskError as error:
            logs.event("effect_failed", part=type(effect).__name__, code=error.code)
            post(e.ServiceFailed(reason=error.code or "unforeseen"))
        except Exception as error:  # the visitor must never wait for a thread that died
            logs.event(
                "effect_failed", part=type(effect).__name__, error=type(error).__name__, where=logs.place(error)
            )
            post(e.ServiceFailed(reason="unforeseen"))

    def close(self) -> None:
        """Let running jobs end."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def link_jobs(link: Link) -> dict[type[effects.Effect], Job]:
    """The orders that go to the link process."""

    def look_up(effect: effects.Effect, session: Session, post: Post) -> None:
        assert isinstance(effect, effects.LookUpInsurance)
        try:
            answer = link.look_up_insurance(m.LookUpInsurance(session_id=session.id, person=effect.person))
        except KioskError as error:  # care is never refused for an insurance that cannot be asked for
            logs.event("insurance_not_asked", code=error.code)
            answer = m.InsuranceAnswer(state="not_verified_yet")
        post(e.InsuranceKnown(answer=answer))

    def departments(effect: effects.Effect, session: Session, post: Post) -> None:
        post(e.DepartmentsKnown(departments=link.departments(m.Nothing())))

    def register(effect: effects.Effect, session: Session, post: Post) -> None:
        assert isinstance(effect, effects.RegisterVisit)
        post(e.VisitStored(answer=link.register_visit(effect.message)))

    def print_slip(effect: effects.Effect, session: Session, post: Post) -> None:
        assert isinstance(effect, effects.PrintSlip)
        message = m.PrintSlip(
            session_id=session.id,
            slip_id=effect.slip_id,
            template=effect.template,
            language=session.language,
            values=effect.values,
            qr=effect.qr,
        )
        post(e.SlipDone(printed=link.print_slip(message)))

    return {
        effects.LookUpInsurance: look_up,
        effects.ListDepartments: departments,
        effects.RegisterVisit: register,
        effects.PrintSlip: print_slip,
    }


def ending_jobs(vision: Vision, link: Link) -> dict[type[effects.Effect], Job]:
    """The orders that end a visit."""

    def wipe(effect: effects.Effect, session: Session, post: Post) -> None:
        assert isinstance(effect, effects.Wipe)
        for buffer in effect.buffers:
            buffer.wipe()
        for process in (vision, link):
            try:
                process.end_session(m.SessionEnded(session_id=session.id))
            except KioskError as error:  # a process that died holds nothing; one that hangs is restarted
                logs.event("wipe_not_answered", code=error.code)

    def security_event(effect: effects.Effect, session: Session, post: Post) -> None:
        assert isinstance(effect, effects.RaiseSecurityEvent)
        logs.event("document_refused", reason=effect.reason, session=session.id)

    return {effects.Wipe: wipe, effects.RaiseSecurityEvent: security_event}
