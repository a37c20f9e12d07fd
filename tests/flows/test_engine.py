import pytest

from kiosk.flows.engine import Ended, Flow, IllegalEdge, State, Step, advance, targets
from kiosk.flows.events import BackChosen, CancelChosen, Confirmed, Declined, Event, IdleExpired, Started
from kiosk.session import Session


class First(Step):
    pass


class Second(Step):
    @classmethod
    def choose(cls, session: Session, event: Event) -> type[Step]:
        return Elsewhere


class Elsewhere(Step):
    pass


class Left(Step):
    outcome = "abandoned"


FLOW = Flow(
    "test",
    First,
    {First: {Started: Second}, Second: {Confirmed: (First, Left)}, Left: {Confirmed: Ended}},
    {CancelChosen: Left},
    Session,
)


def at(step: type[Step], story) -> State:
    return State(step, story.session)


def test_an_event_without_an_edge_changes_nothing(story) -> None:
    state, effects = advance(FLOW, at(First, story), BackChosen())
    assert (state, effects) == (at(First, story), ())


def test_a_step_that_goes_where_its_table_does_not_let_it_is_refused(story) -> None:
    with pytest.raises(IllegalEdge, match=r"Second --Confirmed--> Elsewhere"):
        advance(FLOW, at(Second, story), Confirmed())


def test_always_edges_hold_in_the_visit_but_neither_before_nor_after_it() -> None:
    assert targets(FLOW, Second, CancelChosen) == (Left,)
    assert targets(FLOW, First, CancelChosen) == ()
    assert targets(FLOW, Left, CancelChosen) == ()


def test_an_event_nobody_knows_leads_nowhere() -> None:
    assert targets(FLOW, Second, IdleExpired) == targets(FLOW, Second, Declined) == ()


def test_every_ending_strips_the_person_and_orders_the_wipe(story) -> None:
    from kiosk.flows.effects import Wipe

    from .conftest import document

    session = story.session.__class__(**{**vars(story.session), "authenticated_document": document()})
    state, effects = advance(FLOW, State(Second, session), CancelChosen())
    assert state.session.authenticated_document is None
    (wipe,) = [effect for effect in effects if isinstance(effect, Wipe)]
    assert [bytes(buffer.view) for buffer in wipe.buffers] == [b"portrait"]
