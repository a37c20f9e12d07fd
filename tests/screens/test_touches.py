"""A hasty, wet or trembling hand, and a change of language: on every sample view, nothing twice, nothing lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.flows.views import Choose, View
from kiosk.messages import Nothing
from kiosk.strings import LANGUAGES
from screens.kit.button import BOUNCE_S
from screens.samples import SAMPLES

from .conftest import RunningStage, _session


def touchables(view: View) -> list[tuple[str, str]]:
    """Everything on a view that has an event, with what it is part of: the kind of screen, or the fixed places."""
    if view.idle_warning_s is not None:
        return []
    choices = view.choices if isinstance(view, Choose) else ()
    places = [("places", name) for name in ("back", "help", "cancel") if getattr(view, name) is not None]
    start = [(view.kind, "start")] if view.kind == "welcome" else []
    return [*start, *((view.kind, one.id) for one in (*view.buttons, *choices)), *places]


EVERY_TOUCHABLE = {touched: name for name, view in SAMPLES.items() for touched in touchables(view)}
"""Each thing to touch, by what it is part of, and a sample that has it."""


@pytest.fixture(scope="module")
def glass(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStage]:
    """A small glass that lays everything out and draws no pixels."""
    directory: Path = tmp_path_factory.mktemp("touches")
    yield from _session("small", directory, {"KIVY_GL_BACKEND": "mock"})


@pytest.fixture(scope="module")
def spoken(glass: RunningStage) -> dict[str, dict[str, list[str]]]:
    """What each sample says in each language."""
    said: dict[str, dict[str, list[str]]] = {}
    for language in LANGUAGES:
        glass.language(language)
        for name in SAMPLES:
            glass.show(name)
            said.setdefault(language, {})[name] = glass.said()
    return said


def at_once(glass: RunningStage, touched: str) -> None:
    """Ten touches of two fingers each."""
    glass.tap(touched, times=10, fingers=2)


@pytest.mark.parametrize(("part", "touched"), EVERY_TOUCHABLE)
def test_ten_touches_with_two_fingers_are_one_event(glass: RunningStage, part: str, touched: str) -> None:
    glass.fresh(EVERY_TOUCHABLE[part, touched])
    at_once(glass, touched)
    assert len(glass.emitted().events) == 1


@pytest.mark.parametrize("name", SAMPLES)
def test_language_changes_every_word_at_once_and_answers_nothing(
    glass: RunningStage, spoken: dict[str, dict[str, list[str]]], name: str
) -> None:
    glass.language("vi")
    glass.show(name)
    glass.emitted()
    if SAMPLES[name].idle_warning_s is not None:  # a touch beside its button keeps the visit, and does no more
        return
    glass.tap("language.en")
    assert glass.said() == spoken["en"][name]
    told = glass.emitted()
    assert told.events == ()
    assert told.languages == ("en",)


def test_digits_typed_in_one_language_are_sent_in_the_other(glass: RunningStage) -> None:
    glass.language("vi")
    glass.fresh("digits_empty")
    for digit in "1234":
        glass.tap(f"digit.{digit}")
    glass.tap("language.en")
    for digit in "56":
        glass.tap(f"digit.{digit}")
    glass.tap("submit")
    assert glass.emitted().digits == ("123456",)


def test_progress_that_goes_on_while_the_language_changes_stays_where_it_is(glass: RunningStage) -> None:
    glass.language("vi")
    glass.fresh("reading", at=1)
    glass.tap("language.en")
    glass.show("reading", at=4)
    reached = glass.said()
    glass.tap("language.vi")
    glass.tap("language.en")
    assert glass.said() == reached


def middle_mm(glass: RunningStage, touched: str) -> tuple[float, float]:
    glass.tap(touched, times=0)  # waits until it takes touches
    box = next(box for box in glass.boxes() if box.id == touched)
    return box.x + box.width / 2, box.y + box.height / 2


def typed(glass: RunningStage) -> str:
    """The cells' digits, which stand before the pad's own keys."""
    glass.tap("submit")
    for digit in "000000":
        glass.tap(f"digit.{digit}")
        time.sleep(BOUNCE_S)
    glass.tap("submit")
    (digits,) = glass.emitted().digits
    return str(digits).rstrip("0")


def test_contact_that_bounces_types_one_digit(glass: RunningStage) -> None:
    glass.fresh("digits_empty")
    glass.tap("digit.7", times=3)
    assert typed(glass) == "7"


def test_long_contact_types_one_digit(glass: RunningStage) -> None:
    glass.fresh("digits_empty")
    x, y = middle_mm(glass, "digit.7")
    glass.call.rest(glass.m.Resting(x_mm=x, y_mm=y, hold_s=0.4))
    assert typed(glass) == "7"


def test_finger_that_trembles_while_it_rests_presses_once(glass: RunningStage) -> None:
    glass.fresh("consent")
    x, y = middle_mm(glass, "accept")
    glass.call.rest(glass.m.Resting(x_mm=x, y_mm=y, hold_s=0.2, trembling_mm=4))
    assert glass.emitted().events == ("ConsentGiven",)


def test_the_same_digit_twice_in_a_brisk_hand_is_two_digits(glass: RunningStage) -> None:
    glass.fresh("digits_empty")
    for _ in range(3):
        glass.tap("digit.7")
        time.sleep(1.5 * BOUNCE_S)
    assert typed(glass) == "777"


def test_two_hands_on_two_keys_type_both(glass: RunningStage) -> None:
    glass.fresh("digits_empty")
    first, second = middle_mm(glass, "digit.3"), middle_mm(glass, "digit.8")
    glass.call.rest(glass.m.Resting(x_mm=first[0], y_mm=first[1], hold_s=0.15, other_mm=second))
    assert typed(glass) == "38"


def test_drops_of_water_beside_the_buttons_answer_nothing(glass: RunningStage) -> None:
    glass.fresh("consent")
    _, y = middle_mm(glass, "accept")
    for drop in range(10):
        glass.call.touch_place(glass.m.Place(x_mm=60 + drop, y_mm=y + 60))
    assert glass.emitted().events == ()
    glass.tap("accept")
    assert glass.emitted().events == ("ConsentGiven",)


def test_language_button_touched_ten_times_ends_in_that_language(glass: RunningStage) -> None:
    glass.language("vi")
    glass.fresh("consent")
    at_once(glass, "language.en")
    assert glass.call.current_view(Nothing()).language == "en"
    assert glass.emitted().events == ()
