"""Runs a flow's table: pure, `advance(flow, state, event) -> (state, effects)`, illegal edges refused.

A step is a class: `view` says what the glass shows, `enter` what is to be done on arrival, `on` which of the
table's targets an event leads to and what the session remembers of it. The table beside the steps lists every
legal edge; it is enforced here and drawn as the flow's diagram (`kiosk flows`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from kiosk.flows.effects import Effect
from kiosk.flows.events import Event
from kiosk.flows.views import View
from kiosk.session import Session


class IllegalEdge(Exception):
    """A flow tried to go where its table does not let it: a defect of the flow."""


class Step:
    """One place in a visit. Subclasses are used as they are, never instantiated."""

    waits_for: ClassVar[Literal["visitor", "device", "nobody"]] = "visitor"
    """Who is expected to act: the idle clock runs only while it is the visitor."""

    outcome: ClassVar[str | None] = None
    """Set on steps a visit ends in: registered, pending, refused, staff, abandoned."""

    @classmethod
    def view(cls, session: Session) -> View:
        """What the glass shows."""
        raise NotImplementedError(cls.__name__)

    @classmethod
    def enter(cls, session: Session) -> Sequence[Effect]:
        """What is to be done on arrival."""
        return ()

    @classmethod
    def on(cls, session: Session, event: Event) -> tuple[type[Step], Session]:
        """Where an event leads and what is remembered; by default the table's only target, nothing more."""
        raise NotImplementedError(f"{cls.__name__} does not choose among the targets of {type(event).__name__}")


Edges = Mapping[type[Event], "type[Step] | tuple[type[Step], ...]"]
Table = Mapping[type[Step], Edges]


@dataclass(frozen=True)
class Flow:
    """A service: its table, the edges that hold from every step, where it starts, and its session class."""

    name: str
    start: type[Step]
    table: Table
    always: Edges
    session: type[Session]


@dataclass(frozen=True)
class State:
    """Where a visit stands."""

    step: type[Step]
    session: Session


def targets(flow: Flow, step: type[Step], event: type[Event]) -> tuple[type[Step], ...]:
    """The legal targets of an event from a step; a step's own edges go before ALWAYS."""
    found = flow.table.get(step, {}).get(event) or (() if step.outcome else flow.always.get(event, ()))
    return found if isinstance(found, tuple) else (found,)


def advance(flow: Flow, state: State, event: Event) -> tuple[State, Sequence[Effect]]:
    """Let an event act on a visit. An event that has no edge here changes nothing: it came too late.

    Raises: IllegalEdge if the step chose a target that its table does not list.
    """
    legal = targets(flow, state.step, type(event))
    if not legal:
        return state, ()
    if "on" in _own(state.step) or len(legal) > 1:
        chosen, session = _choose(state, event, legal)
    else:
        chosen, session = legal[0], state.session
    if chosen not in legal:
        raise IllegalEdge(f"{state.step.__name__} --{type(event).__name__}--> {chosen.__name__}")
    effects = () if chosen is state.step else chosen.enter(session)
    return State(chosen, session), effects


def _own(step: type[Step]) -> set[str]:
    return {name for base in step.__mro__ if base not in (Step, object) for name in vars(base)}


def _choose(state: State, event: Event, legal: tuple[type[Step], ...]) -> tuple[type[Step], Session]:
    try:
        return state.step.on(state.session, event)
    except NotImplementedError:
        if len(legal) == 1:
            return legal[0], state.session
        raise
