"""Runs a flow's table: pure, `advance(flow, state, event) -> (state, effects)`, illegal edges refused.

A step is a class: `view` says what the glass shows, `enter` what is to be done on arrival, `remember` what the
session keeps of an event, and `choose` which target an event leads to where the table lists several. The table
beside the steps holds every legal edge; it is enforced here and drawn as the flow's diagram (`kiosk flows`).

At a step with an `outcome` the visit is over: the engine itself strips the person from the session and orders
the wipe, so no flow can forget to. What an ending still offers, such as its slip again, is a step `after_the_end`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from kiosk.flows.effects import Effect, Wipe
from kiosk.flows.events import (
    CancelChosen,
    CardPlaced,
    CardTakenAway,
    Event,
    IdleExpired,
    ReaderFound,
    ReaderLost,
    ServiceFailed,
    StaffChosen,
)
from kiosk.flows.views import View
from kiosk.ports import Lamp
from kiosk.session import Session

Outcome = Literal["registered", "pending", "refused", "staff", "abandoned"]


REASONS: Mapping[type[Event], str] = {
    StaffChosen: "staff_asked_for",
    CancelChosen: "visitor_left",
    IdleExpired: "visitor_left",
    ReaderLost: "reader_unavailable",
}
"""The reason codes of events that by themselves lead away from a step."""


class IllegalEdge(Exception):
    """A flow tried to go where its table does not let it: a defect of the flow."""


class Step:
    """One place in a visit. Subclasses are used as they are, never instantiated."""

    waits_for: ClassVar[Literal["visitor", "device", "nobody"]] = "visitor"
    """Who is expected to act: the idle clock runs only while it is the visitor."""

    outcome: ClassVar[Outcome | None] = None
    """Set on steps a visit ends in."""

    after_the_end: ClassVar[bool] = False
    """Set on steps that only an ending leads to: the visit is over, its person forgotten, nothing counts anew."""

    part: ClassVar[int | None] = None
    """Which part of the visit this belongs to, shown as "step 2 of 4"."""

    lamp: ClassVar[Lamp] = "busy"
    """What the traffic light over the kiosk says meanwhile."""

    @classmethod
    def view(cls, session: Session) -> View:
        """What the glass shows."""
        raise NotImplementedError(cls.__name__)

    @classmethod
    def already(cls, session: Session) -> Event | None:
        """The event this step waits for, if it has happened before: the step is then passed at once."""
        return None

    @classmethod
    def enter(cls, session: Session) -> Sequence[Effect]:
        """What is to be done on arrival."""
        return ()

    @classmethod
    def remember(cls, session: Session, event: Event) -> Session:
        """What the session keeps of an event; by default why the visit leaves its way, if the event says so."""
        if isinstance(event, ServiceFailed):
            return replace(session, reason=event.reason)
        reason = REASONS.get(type(event))
        return replace(session, reason=reason) if reason else session

    @classmethod
    def choose(cls, session: Session, event: Event) -> type[Step]:
        """Which of the table's several targets an event leads to; `session` already remembers the event."""
        raise NotImplementedError(f"{cls.__name__} does not choose for {type(event).__name__}")


class Ended(Step):
    """The visit is over and the next one may begin."""

    waits_for = "nobody"


Targets = type[Step] | tuple[type[Step], ...]
Edges = Mapping[type[Event], Targets]
Table = Mapping[type[Step], Edges]


@dataclass(frozen=True)
class Flow:
    """A service: its table, the edges that hold from every step, where it starts, and its session class."""

    name: str
    start: type[Step]
    table: Table
    always: Edges
    session: type[Session]
    parts: int = 0
    """How many parts a visit has for the visitor; 0 shows none."""


@dataclass(frozen=True)
class State:
    """Where a visit stands."""

    step: type[Step]
    session: Session


def targets(flow: Flow, step: type[Step], event: type[Event]) -> tuple[type[Step], ...]:
    """The legal targets of an event from a step. A step's own edges go before ALWAYS, which ends with the visit."""
    found = flow.table.get(step, {}).get(event)
    if found is None:
        found = () if is_over(step) or step is flow.start else flow.always.get(event, ())
    return found if isinstance(found, tuple) else (found,)


def is_over(step: type[Step]) -> bool:
    """Whether the visit has come to its end at this step."""
    return step.outcome is not None or step.after_the_end


def outcome_of(before: type[Step], after: type[Step]) -> Outcome | None:
    """What a visit comes to by going on to `after`; None while it goes on, and once it is over."""
    return None if is_over(before) else after.outcome


def advance(flow: Flow, state: State, event: Event) -> tuple[State, Sequence[Effect]]:
    """Let an event act on a visit. An event without an edge here changes nothing: it came too late or too early.

    Raises: IllegalEdge if the step chose a target that its table does not list.
    """
    session = _observe(state.session, event)
    legal = targets(flow, state.step, type(event))
    if not legal:
        return State(state.step, session), ()
    session = state.step.remember(session, event)
    chosen = legal[0] if len(legal) == 1 else state.step.choose(session, event)
    if chosen not in legal:
        raise IllegalEdge(f"{state.step.__name__} --{type(event).__name__}--> {chosen.__name__}")
    if chosen is state.step:
        return State(chosen, session), ()
    happened = chosen.already(session)
    if happened is not None:
        return advance(flow, State(chosen, session), happened)
    if outcome_of(state.step, chosen):
        buffers, session = session.buffers(), session.without_person()
        return State(chosen, session), (Wipe(buffers), *chosen.enter(session))
    return State(chosen, session), chosen.enter(session)


def failsafe(flow: Flow, state: State) -> tuple[State, Sequence[Effect]]:
    """Where a visit goes when the flow itself failed: to a person, asking the failed step nothing more."""
    target = flow.always[ServiceFailed]
    if isinstance(target, tuple):
        raise IllegalEdge("ALWAYS must name one step for ServiceFailed")
    session = replace(state.session, reason="unforeseen")
    return State(target, session), target.enter(session)


def _observe(session: Session, event: Event) -> Session:
    if isinstance(event, CardPlaced | CardTakenAway):
        return replace(session, card_present=isinstance(event, CardPlaced), card_used=False)
    if isinstance(event, ReaderLost | ReaderFound):
        return replace(session, reader_present=isinstance(event, ReaderFound))
    return session
