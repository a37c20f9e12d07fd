"""Every sample view, in both languages and both shapes: nothing cut, nothing small, nothing over another."""

from __future__ import annotations

import itertools

import pytest

from kiosk.messages import Nothing
from kiosk.strings import LANGUAGES, table
from screens.kit.theme import MINIMUM_CAP_MM, MINIMUM_TOUCH_MM, TEXT_ON
from screens.samples import LONG_NAME, SAMPLES

GAP_MM = 1.0
SIZES_MM = {"portrait": (1080 / 5.58, 1920 / 5.58), "landscape": (1280 / 5.88, 800 / 5.88)}


@pytest.fixture(params=[(language, name) for language in LANGUAGES for name in SAMPLES], ids="-".join)
def shown(request, sketch):
    language, name = request.param
    if sketch.spoken != language:
        sketch.language(language)
    sketch.show(name)
    return sketch


def test_nothing_is_cut_too_small_or_in_the_way(shown):
    texts, boxes = shown.texts(), shown.boxes()
    assert texts
    assert boxes
    for text in texts:
        assert text.texture_width <= text.width + 1, f"{text.text!r} is too wide"
        assert text.texture_height <= text.height + 1, f"{text.text!r} is too high"
        assert not text.broken_word, f"a word of {text.text!r} is broken"
        assert text.cap_mm >= MINIMUM_CAP_MM - 0.001, f"{text.text!r} is small"
        assert (text.ink, text.ground) in TEXT_ON, f"{text.text!r} in {text.ink} on {text.ground}"
        _inside(
            shown.shape, text.text, *(side / _px(shown.shape) for side in (text.x, text.y, text.width, text.height))
        )
    for box in boxes:
        assert box.height >= MINIMUM_TOUCH_MM, f"{box.id} is {box.height:.1f} mm high"
        assert box.width >= MINIMUM_TOUCH_MM * 0.95, f"{box.id} is {box.width:.1f} mm wide"
        _inside(shown.shape, box.id, box.x, box.y, box.width, box.height)
    for one, other in itertools.combinations(boxes, 2):
        assert _apart(one, other) >= GAP_MM, f"{one.id} and {other.id} are too near"
    for one, other in itertools.combinations(texts, 2):
        assert not _overlap(one, other), f"{one.text!r} lies over {other.text!r}"


def _px(shape):
    return {"portrait": 5.58, "landscape": 5.88}[shape]


def _inside(shape, what, x, y, width, height):
    wide, tall = SIZES_MM[shape]
    assert x >= -0.2, what
    assert y >= -0.2, f"{what} hangs out below"
    assert x + width <= wide + 0.2, what
    assert y + height <= tall + 0.2, what


def _apart(one, other):
    across = max(one.x, other.x) - min(one.x + one.width, other.x + other.width)
    along = max(one.y, other.y) - min(one.y + one.height, other.y + other.height)
    return max(across, along)


def _overlap(one, other):
    """Ignoring that boxes of text may touch by a pixel of rounding."""
    return _apart(one, other) < -2


def test_fixed_places_stay_where_they_are_on_every_screen(sketch):
    places = {}
    for name in SAMPLES:
        if name == "idle_warning":  # nothing else can be touched then
            continue
        sketch.show(name)
        assert {"language.vi", "language.en"} <= {box.id for box in sketch.boxes()}, name
        for box in sketch.boxes():
            if box.id in ("back", "cancel", "help", "language.vi", "language.en"):
                assert places.setdefault(box.id, box) == box, f"{box.id} moved at {name}"
    assert len(places) == 5


def test_queue_number_is_the_largest_type_of_all(sketch):
    sketch.show("registered")
    texts = sorted(sketch.texts(), key=lambda text: text.cap_mm)
    assert texts[-1].text == "A027"
    assert texts[-1].cap_mm > 1.5 * texts[-2].cap_mm


def test_longest_name_is_shown_whole(sketch):
    sketch.show("is_this_you_long_name")
    assert LONG_NAME in sketch.said()


def test_views_without_a_sample_of_their_own_fit_too(sketch):
    for view, values in (
        ("reading", {"at": 0, "name": None}),
        ("departments", {"count": 1}),
        ("departments", {"count": 2}),
        ("departments", {"count": 5}),
        ("confirm", {"name": LONG_NAME}),
    ):
        sketch.show(view, **values)
        assert all(t.texture_height <= t.height + 1 and t.y >= 0 for t in sketch.texts()), (view, values)


@pytest.mark.parametrize("language", LANGUAGES)
def test_longest_words_of_any_error_fit_where_they_are_shown(sketch, language):
    texts = table(language)
    codes = {key.split(".")[1] for key in texts if key.startswith("errors.")}
    by_length = sorted(
        codes, key=lambda code: len(texts[f"errors.{code}.reason"] + texts[f"errors.{code}.next_step"])
    )
    sketch.language(language)
    for code in by_length[-4:]:
        sketch.show("staff", code=code)
        assert all(t.texture_height <= t.height + 1 and t.y >= 0 for t in sketch.texts()), code
    for code in ("wrong_access_key", sorted(codes, key=lambda code: len(texts[f"errors.{code}.reason"]))[-1]):
        sketch.show("digits", notice=f"errors.{code}.reason")
        assert all(t.texture_height <= t.height + 1 and t.y >= 0 for t in sketch.texts()), code


@pytest.mark.parametrize("state", ["not_verified_yet", "not_insured", "expired", "name_differs", "data_differs"])
def test_every_insurance_state_fits(sketch, state):
    for language in LANGUAGES:
        sketch.language(language)
        sketch.show("insurance", state=state)
        assert all(t.texture_height <= t.height + 1 and t.y >= 0 for t in sketch.texts())


def test_layout_of_what_has_not_changed_asks_for_no_other(sketch):
    """On a wide glass labels stand beside values at some of the scales tried, above them at others."""
    sketch.language("vi")
    sketch.show("registered_in", department="Khu", room="Khu khám bệnh theo yêu cầu nhà B tầng hai dãy phía đông")
    assert sketch.call.layouts_asked(Nothing()).count == 0
