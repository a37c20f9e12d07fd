"""What another process sees of the glass: when it changed, how it looks, what its buttons say."""

from __future__ import annotations

from PIL import Image

from kiosk.messages import Nothing
from screens.pilot_service import Screenshot


def frames(stage) -> int:
    return stage.call.current_view(Nothing()).frames


def test_a_frame_drawn_for_somebody_who_looks_is_no_change_and_a_new_view_is(small_stage):
    small_stage.fresh("welcome")
    small_stage.picture("settled")
    before = frames(small_stage)
    small_stage.picture("looked")
    small_stage.picture("looked-again")
    assert frames(small_stage) == before
    small_stage.show("consent", settle=False)
    while frames(small_stage) == before:
        pass


def test_a_picture_is_made_smaller_by_a_whole_factor_and_not_turned_over(small_stage, tmp_path):
    small_stage.fresh("welcome")
    whole, small = tmp_path / "whole.png", tmp_path / "small.png"
    small_stage.call.screenshot(Screenshot(path=str(whole)))
    small_stage.call.screenshot(Screenshot(path=str(small), most_pixels=200_000))
    with Image.open(whole) as picture, Image.open(small) as smaller:
        assert (picture.size, smaller.size) == ((540, 960), (270, 480))
        assert smaller.tobytes() == picture.convert("RGBA").reduce(2).convert("RGB").tobytes()


def test_a_buttons_text_reads_from_the_top(small_stage):
    small_stage.language("vi")
    small_stage.fresh("departments_three")
    first = next(box for box in small_stage.boxes() if box.id.startswith("department."))
    name, _, room = first.text.replace("\u00a0", " ").partition(" · ")
    assert name == "Khám tổng quát"
    assert room
