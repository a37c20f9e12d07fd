from __future__ import annotations

import threading
import time

import pytest
from PIL import Image

from kiosk.messages import Nothing

IMPATIENT = {"welcome": "start", "consent": "accept", "departments_six": "department.2", "is_this_you": "yes"}


@pytest.mark.parametrize(("sample", "button"), IMPATIENT.items())
def test_ten_taps_emit_one_event(stage, sample, button):
    stage.fresh(sample)
    stage.tap(button, times=10)
    assert len(stage.emitted().events) == 1


def test_two_fingers_on_one_button_emit_one_event(stage):
    stage.fresh("consent")
    stage.tap("accept", fingers=2)
    assert stage.emitted().events == ("ConsentGiven",)


def test_two_buttons_of_one_view_emit_the_first_touched_only(stage):
    stage.fresh("consent")
    stage.tap("accept")
    stage.tap("decline")
    stage.tap("cancel")
    assert stage.emitted().events == ("ConsentGiven",)


def test_second_half_of_a_double_tap_does_not_answer_the_next_view(stage):
    stage.fresh("access")
    stage.call.double_tap(stage.m.DoubleTap(id="cancel", next_sample="departments_six"))
    assert stage.emitted().events == ("CancelChosen",)
    stage.tap("cancel")
    assert stage.emitted().events == ("CancelChosen",), "a touch that is meant for it does"


def test_every_fixed_place_emits_its_event(stage):
    for place, event in (("back", "BackChosen"), ("cancel", "CancelChosen"), ("help", "StaffChosen")):
        stage.fresh("access")
        stage.tap(place)
        assert stage.emitted().events == (event,)


def test_choices_emit_their_codes(stage):
    stage.fresh("access")
    stage.tap("digits")
    assert stage.emitted().events == ("UseDigitsChosen",)


def test_touch_anywhere_starts(stage):
    stage.tap("start", times=0)  # waits until the view takes touches
    stage.call.touch_place(stage.m.Place(x_mm=30, y_mm=200))
    assert stage.emitted().events == ("Started",)


def test_digits_are_sent_once_complete_and_ok_is_touched(stage):
    stage.fresh("digits_empty")
    for digit in "12345":
        stage.tap(f"digit.{digit}")
        time.sleep(0.02)
    stage.tap("submit")
    assert stage.emitted().events == (), "five digits are not enough"
    stage.tap("backspace")
    for digit in "67":
        stage.tap(f"digit.{digit}")
    stage.tap("digit.9")
    stage.tap("submit", times=3)
    sent = stage.emitted()
    assert sent.events == ("DigitsEntered",)
    assert sent.digits == ("123467",), "a seventh digit is not taken"


def test_digits_that_did_not_do_are_typed_anew(stage):
    stage.fresh("digits_empty")
    for digit in "123456":
        stage.tap(f"digit.{digit}")
    stage.tap("submit")
    stage.show("digits_wrong")
    assert "1" in stage.said()  # the key, not a cell
    assert stage.said().count("1") == 1
    for digit in "654321":
        stage.tap(f"digit.{digit}")
    stage.tap("submit")
    assert stage.emitted().digits == ("123456", "654321")


def test_clear_empties_the_cells(stage):
    stage.fresh("digits_empty")
    for digit in "123":
        stage.tap(f"digit.{digit}")
    stage.tap("clear")
    assert stage.said().count("2") == 1


def test_language_changes_every_word_and_is_told(stage):
    stage.fresh("confirm")
    before = stage.said()
    stage.tap("language.en")
    assert stage.emitted().languages == ("en",)
    assert stage.call.current_view(Nothing()).language == "en"
    after = stage.said()
    assert len(before) == len(after)
    same = {"VI", "EN", "Công Tằng Tôn Nữ Nguyễn Thị Hoàng Phương Quỳnh Diễm Ngọc Ẩn"}
    assert set(before) & set(after) == same


def test_any_touch_during_the_warning_counts_and_presses_nothing_beneath(stage):
    stage.fresh("consent")
    stage.tap("accept", times=0)
    stage.show("consent", warn_s=20)
    button = next(box for box in stage.boxes() if box.id == "still_here")
    stage.call.touch_place(stage.m.Place(x_mm=40, y_mm=60))
    stage.call.touch_place(stage.m.Place(x_mm=button.x + 9, y_mm=button.y + 9))
    result = stage.emitted()
    assert result.touches == 2
    assert result.events == ()


def test_warning_counts_down_in_place_and_goes_away(stage):
    stage.fresh("consent", warn_s=20)
    assert "20" in stage.said()
    stage.show("consent", warn_s=19)
    assert "19" in stage.said()
    stage.show("consent")
    assert "accept" in {box.id for box in stage.boxes()}


def test_cancel_pressed_while_progress_goes_on_is_one_event(stage):
    stage.fresh("reading", at=1)
    stage.tap("cancel")
    stage.show("reading", at=2)
    stage.tap("cancel")
    stage.show("reading", at=3)
    stage.tap("cancel")
    assert stage.emitted().events == ("CancelChosen",)


def test_views_shown_from_many_threads_end_with_the_latest(stage):
    def show(number: int) -> None:
        stage.show("face", number=number, settle=False)

    threads = [threading.Thread(target=show, args=(number,)) for number in range(1, 20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stage.show("registered")
    assert stage.emitted().shown[-1] == "Registered"
    assert '"Registered"' in stage.call.current_view(Nothing()).view


def test_camera_prompt_is_acknowledged_when_it_was_drawn(stage):
    stage.fresh("face", number=7)
    asked_s = time.monotonic()
    stage.show("face", number=8, settle=False)
    answer = stage.call.wait_until_shown(stage.m.AwaitNumber(number=8, timeout_s=5))
    assert answer.at_s is not None
    assert asked_s <= answer.at_s <= time.monotonic()
    assert stage.call.wait_until_shown(stage.m.AwaitNumber(number=9, timeout_s=0.1)).at_s is None


def test_numbers_of_an_earlier_face_check_do_not_count(stage):
    stage.fresh("face", number=2)
    stage.show("face_intro")
    assert stage.call.wait_until_shown(stage.m.AwaitNumber(number=2, timeout_s=0.1)).at_s is None


def test_prompts_and_colours_change_without_making_widgets(stage):
    stage.fresh("face", number=1)
    before = stage.call.screens_made(Nothing())
    stage.show("face", kind="flash", number=2, colour=(0, 0, 255))
    stage.show("face", kind="turn_right", number=3, arrow="right", progress=0.7)
    assert stage.call.screens_made(Nothing()) == before


def test_flash_fills_the_glass_but_the_frame(stage):
    stage.fresh("face", kind="flash", number=2, colour=(0, 200, 40))
    with Image.open(stage.picture("flash")) as picture:
        share = sum(count for count, colour in picture.getcolors(2**22) if colour == (0, 200, 40))
        share /= picture.width * picture.height
    assert 0.6 < share < 0.95


def test_preview_shows_frames_upright_as_they_come_and_is_read_only_while_it_shows(stage):
    stage.fresh("face", number=1)
    stage.call.camera_frame(Nothing())
    with Image.open(stage.picture("preview")) as picture:
        middle_y = round(picture.height * 0.56)
        left = picture.getpixel((picture.width // 2 - 60, middle_y))
        right = picture.getpixel((picture.width // 2 + 60, middle_y))
        top = picture.getpixel((picture.width // 2, middle_y - 130))
    assert (left, right) == ((255, 0, 0), (0, 0, 255)), "the vision process mirrors, so the glass must not"
    assert top == (0, 255, 0)
    stage.show("face_intro")
    before = stage.call.frames_read(Nothing()).count
    stage.show("consent")
    stage.picture("later")
    assert stage.call.frames_read(Nothing()).count == before


def test_forget_leaves_nothing_of_the_visit(stage):
    name = "Người Bí Mật Lắm"
    stage.fresh("digits_empty")
    for digit in "908172":
        stage.tap(f"digit.{digit}")
    stage.show("reading", name=name)
    stage.show("is_this_you", name=name)
    assert stage.call.alive_with(stage.m.Words(words=name)).count > 0
    stage.call.forget(Nothing())
    assert stage.call.alive_with(stage.m.Words(words=name)).count == 0
    assert stage.call.alive_with(stage.m.Words(words="908172")).count == 0
    assert not [word for word in stage.said() if "Thông tin" in word]
    stage.show("welcome")
    assert "Bắt đầu" in stage.said()


def test_welcome_survives_forget(stage):
    stage.call.forget(Nothing())
    assert "Bắt đầu" in stage.said()
    stage.tap("start")
    assert stage.emitted().events == ("Started",)


def test_banner_says_what_is_simulated(stage):
    assert "MÔ PHỎNG: đầu đọc thẻ, camera, máy in" in stage.said()
