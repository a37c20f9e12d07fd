"""What the glass shows: immutable, serialisable models; screens bind them and send back their events.

Words are keys, never text, so one view serves every language, speech, and the pictures in the tests.
`event` fields are what the screen emits when that button or choice is touched.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_serializer

from kiosk.flows.events import Event
from kiosk.messages import Colour


class Model(BaseModel):
    """A frozen part of a view."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, hide_input_in_errors=True)


class Words(Model):
    """A text by its key in kiosk/strings; `values` fill its braces; `each` picks a value by language."""

    key: str
    values: dict[str, str] = Field(default_factory=dict, repr=False)
    each: dict[str, dict[str, str]] = Field(
        default_factory=dict, repr=False, description="placeholder → language → text"
    )


class Touchable(Model):
    """Something that can be touched; `id` is stable and names it in tests and on the rig."""

    id: str
    words: Words
    event: Event

    @field_serializer("event")
    def _name_only(self, event: Event) -> str:
        return type(event).__name__


class Button(Touchable):
    """A button at the foot of the screen."""

    style: Literal["primary", "secondary", "quiet"] = "primary"
    icon: str | None = None


class Choice(Touchable):
    """One of at most six large choices; `icon` names a picture of the kit."""

    detail: Words | None = None
    icon: str | None = None


class View(Model):
    """What every screen has: a title, lines under it, buttons, and the fixed places for back, help, cancel."""

    kind: str
    step: str
    title: Words
    lines: tuple[Words, ...] = ()
    buttons: tuple[Button, ...] = ()
    back: Event | None = None
    help: Event | None = None
    cancel: Event | None = None
    idle_warning_s: int | None = None
    """Seconds left before the visit is wiped; drawn over the screen. Any touch resets it."""
    part: tuple[int, int] | None = None
    """Which part of the visit this is, of how many; drawn as a step indication."""
    simulated_parts: tuple[str, ...] = ()
    """Drawn as a SIMULATION banner while not empty."""

    @field_serializer("back", "help", "cancel")
    def _name_only(self, event: Event | None) -> str | None:
        return type(event).__name__ if event else None


class Welcome(View):
    """The first screen: what can be done here and what to have ready; a touch anywhere starts."""

    kind: Literal["welcome"] = "welcome"
    start: Button
    needs: tuple[Words, ...] = ()


class Choose(View):
    """Pick one of up to six."""

    kind: Literal["choose"] = "choose"
    choices: tuple[Choice, ...] = Field(max_length=6)


class Form(View):
    """A number pad for a fixed count of digits; `on_submit` takes the digits as its `text`."""

    kind: Literal["form"] = "form"
    digits: int = Field(ge=1, le=12)
    on_submit: type[Event]
    notice: Words | None = None
    """Why the last try did not do, kept calm."""
    picture: Literal["card_digits", "none"] = "none"
    """Where the digits are to be found."""

    @field_serializer("on_submit")
    def _event_name(self, event: type[Event]) -> str:
        return event.__name__


class Instruct(View):
    """A picture and what to do now, or facts to confirm (`facts` are label and value pairs)."""

    kind: Literal["instruct"] = "instruct"
    picture: Literal[
        "card_on_reader", "card_off_reader", "card_digits", "card_qr", "staff", "person", "shield", "heart", "none"
    ] = "none"
    facts: tuple[tuple[Words, Words], ...] = ()


class Camera(View):
    """The visitor's own picture, mirrored, with a prompt; during a flash the glass fills with `colour`."""

    kind: Literal["camera"] = "camera"
    target: Literal["face", "card_qr"] = "face"
    prompt: Words
    arrow: Literal["left", "right", "none"] = "none"
    """Which way the visitor shall turn, as the visitor sees it."""
    colour: Colour | None = None
    progress: float = Field(default=0.0, ge=0, le=1)
    number: int = 0
    """The face prompt's sequence that this view shows."""


class Stage(Model):
    """One line of a progress screen."""

    words: Words
    state: Literal["waiting", "running", "done", "failed"]


class Progress(View):
    """Something is being done for the visitor, stage by stage."""

    kind: Literal["progress"] = "progress"
    stages: tuple[Stage, ...]
    greeting: Words | None = None


class Outcome(View):
    """How it ended: a calm reason and the next step; `big` is the queue number."""

    kind: Literal["outcome"] = "outcome"
    mood: Literal["good", "attention", "stop"]
    big: str | None = None
    big_label: Words | None = None
    facts: tuple[tuple[Words, Words], ...] = ()


def snapshot(view: View) -> dict[str, Any]:
    """The view as plain JSON values."""
    return view.model_dump(mode="json")
