"""The one place where events meet the flow: in order, on one thread, stale ones dropped, timers as events."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from kiosk import logs
from kiosk.errors import CallTimedOut, PanelError
from kiosk.flows.effects import Effect, Light, Play, StartTimer, Wipe
from kiosk.flows.engine import Ended, Flow, Outcome, State, Step, advance, failsafe, is_over, outcome_of
from kiosk.flows.events import ChipNotRead, ChipRead, Event, IdleExpired, ServiceFailed, TimeUp
from kiosk.flows.views import View
from kiosk.ports import Panel, Screen
from kiosk.session import Language, Session
from kiosk.settings import TimerSettings
from kiosk.visit.idle_clock import IdleClock

DEVICE_LIMIT_S = 150.0
"""The last resort at a step that waits for a device and sets no limit of its own: longer than any job's deadlines
together, for a job that hangs all the same, or never found a free worker."""


class Workers(Protocol):
    """Carries out effects off the loop's thread and posts what came of them."""

    def perform(self, effect: Effect, session: Session, arrival: int) -> None:
        """Begin; answers come as events tagged with the session's id and the arrival that ordered them."""
        ...


class Observer(Protocol):
    """Told how visits go; what it keeps of them must not be personal."""

    def arrived(self, step: type[Step], session: Session, outcome: Outcome | None) -> None:
        """A visit arrived at a step; with its outcome, told once, where that ended it."""
        ...

    def changed(self, step: type[Step], session: Session) -> None:
        """Something changed within a step."""
        ...


class NobodyWatching:
    """The observer of a kiosk in production."""

    def arrived(self, step: type[Step], session: Session, outcome: Outcome | None) -> None:
        """Log where the visit is."""
        logs.event("step", step=step.__name__, session=session.id, outcome=outcome, reason=session.reason)

    def changed(self, step: type[Step], session: Session) -> None:
        """Nothing worth a line."""


@dataclass(frozen=True)
class _Item:
    event: Event | None
    session_id: UUID | None = None
    arrival: int | None = None
    step: str | None = None
    language: Language | None = None
    touch: bool = True


class VisitLoop:
    """Holds the visit's state; `post` from anywhere, `run` on a thread of its own."""

    def __init__(
        self,
        flow: Flow,
        screen: Screen,
        panel: Panel,
        new_session: Callable[[], Session],
        timers: TimerSettings,
        simulated_parts: tuple[str, ...] = (),
        observer: Observer | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._flow, self._screen, self._panel, self._new_session = flow, screen, panel, new_session
        self._simulated_parts, self._clock = simulated_parts, clock
        self._observer: Observer = observer or NobodyWatching()
        self._queue: queue.SimpleQueue[_Item] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._state = State(flow.start, new_session())
        self._workers: Workers | None = None
        self._timer: tuple[float, Event] | None = None
        self._idle = IdleClock(timers, clock)
        self._arrival = 0

    # what others call, from any thread -----------------------------------------------------------------

    def post(self, event: Event, session_id: UUID | None = None, arrival: int | None = None) -> None:
        """Hand in an event; one that belongs to another visit, or to a step since left, is dropped."""
        self._queue.put(_Item(event, session_id=session_id, arrival=arrival))

    def touched(self, event: Event, view: View) -> None:
        """Hand in what the visitor did on a view; dropped if the visit has gone on from it."""
        self._queue.put(_Item(event, step=view.step))

    def stay(self) -> None:
        """Somebody touched the glass: they are still there."""
        self._queue.put(_Item(None))

    def approached(self) -> None:
        """Somebody stepped up to the kiosk: perhaps the visitor, perhaps the next in the queue."""
        self._queue.put(_Item(None, touch=False))

    def choose_language(self, language: str) -> None:
        """Change the language of the visit."""
        self._queue.put(_Item(None, language=Language(language)))

    def wants(self, arrival: int) -> bool:
        """Whether the visit is still at the step it arrived at then; workers stop early when it is not."""
        return self._arrival == arrival and not self._stopping.is_set()

    def stop(self) -> None:
        """Make `run` return soon."""
        self._stopping.set()
        self._queue.put(_Item(None))

    # the loop -----------------------------------------------------------------------------------------

    def run(self, workers: Workers) -> None:
        """Serve visits until `stop`; what goes wrong even after that was tried is raised, the visit wiped."""
        self._workers = workers
        try:
            self._arrive(())
            while not self._stopping.is_set():
                self._serve_one()
        finally:
            self._order(Wipe(self._state.session.buffers()), self._state.session)

    def _serve_one(self) -> None:
        try:
            item = self._queue.get(timeout=self._wait_s())
        except queue.Empty:
            self._tick()
        else:
            self._take(item)

    def _take(self, item: _Item) -> None:
        if item.language is not None:
            self._speak(item.language)
        if item.event is None and not item.touch:
            self._idle.approached()
        elif item.event is None or item.step is not None:
            self._still_there()
        if item.event is None:
            return
        if self._is_stale(item):
            _discard(item.event)
        else:
            self._handle(item.event)

    def _is_stale(self, item: _Item) -> bool:
        return (
            item.session_id not in (None, self._state.session.id)
            or item.arrival not in (None, self._arrival)
            or item.step not in (None, self._state.step.__name__)
        )

    def _handle(self, event: Event) -> None:
        try:
            self._go(*advance(self._flow, self._state, event))
        except Exception as error:  # whatever a flow does wrong, the visitor gets to a person
            logs.failure("flow_failed", error)
            self._give_up()

    def _give_up(self) -> None:
        if self._state.step is self._flow.start or is_over(self._state.step):
            self._begin_anew()
            return
        try:
            self._go(*failsafe(self._flow, self._state))
        except Exception as error:  # not even that: the next visitor must find a kiosk
            logs.failure("flow_failed", error)
            self._order(Wipe(self._state.session.buffers()), self._state.session)
            self._begin_anew()

    def _go(self, state: State, effects: Sequence[Effect]) -> None:
        # a step may be arrived at anew from itself, through another that was passed at once
        moved = bool(effects) or state.step is not self._state.step
        changed = state.session is not self._state.session
        outcome = outcome_of(self._state.step, state.step)
        self._state = state
        if state.step is Ended:
            self._begin_anew()
        elif moved:
            self._arrive(effects, outcome)
        elif changed:
            self._show()
            self._observer.changed(state.step, state.session)

    def _begin_anew(self) -> None:
        fresh = self._new_session()
        self._screen.forget()
        before = self._state.session
        fresh = replace(fresh, card_present=before.card_present, reader_present=before.reader_present)
        self._state = State(self._flow.start, fresh)
        self._screen.set_language(fresh.language)
        self._arrive(())

    def _arrive(self, effects: Sequence[Effect], outcome: Outcome | None = None) -> None:
        step, session = self._state.step, self._state.session
        self._arrival += 1
        self._timer = None
        self._idle.start()
        for effect in effects:
            self._order(effect, session)
        if step.waits_for == "device" and self._timer is None:
            self._timer = (self._clock() + DEVICE_LIMIT_S, ServiceFailed(reason=CallTimedOut.code))
        self._on_panel(lambda: self._panel.show(step.lamp))
        self._show()
        self._observer.arrived(step, session, outcome)

    def _order(self, effect: Effect, session: Session) -> None:
        match effect:
            case StartTimer(seconds):
                self._timer = (self._clock() + seconds, TimeUp())
            case Light(reader):
                self._on_panel(lambda: self._panel.light_reader(reader))
            case Play(sound):
                self._on_panel(lambda: self._panel.play(sound))
            case _ if self._workers is not None:
                self._workers.perform(effect, session, self._arrival)

    def _on_panel(self, work: Callable[[], None]) -> None:
        """A lamp that fails must not end a visit."""
        try:
            work()
        except PanelError as error:
            logs.event("panel_failed", code=error.code)

    def _show(self) -> None:
        step = self._state.step
        view = step.view(self._state.session)
        part = (step.part, self._flow.parts) if step.part and self._flow.parts else None
        extra = {"simulated_parts": self._simulated_parts, "idle_warning_s": self._idle.left_s, "part": part}
        self._screen.show(view.model_copy(update=extra))

    def _speak(self, language: Language) -> None:
        self._state = State(self._state.step, replace(self._state.session, language=language))
        self._screen.set_language(language)

    # time ---------------------------------------------------------------------------------------------

    def _idle_at(self) -> float | None:
        """When the idle warning, or its next second, is due; no clock runs while a device works."""
        return self._idle.due_at if self._state.step.waits_for == "visitor" else None

    def _wait_s(self) -> float:
        due = [at for at in (self._timer and self._timer[0], self._idle_at()) if at is not None]
        return max(0.0, min(due) - self._clock()) if due else 5.0

    def _tick(self) -> None:
        now = self._clock()
        if self._timer is not None and now >= self._timer[0]:
            (_, event), self._timer = self._timer, None
            self._handle(event)
            return
        idle_at = self._idle_at()
        if idle_at is not None and now >= idle_at:
            self._warn()

    def _warn(self) -> None:
        if self._state.step is self._flow.start:
            self._idle.start()
            self._speak(self._new_session().language)
            return
        first = self._idle.left_s is None
        if self._idle.count_down() == 0:
            self._handle(IdleExpired())
            return
        if first:
            self._on_panel(lambda: self._panel.play("warning"))
        self._show()

    def _still_there(self) -> None:
        warned = self._idle.left_s is not None
        self._idle.start()
        if warned:
            self._show()


def _discard(event: Event) -> None:
    """Overwrite what an event brought that came too late."""
    if isinstance(event, ChipRead) and event.document.portrait:
        event.document.portrait.wipe()
    elif isinstance(event, ChipNotRead) and event.unfinished:
        event.unfinished.wipe()
