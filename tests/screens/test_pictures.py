from __future__ import annotations

import typing

import pytest

from kiosk.flows.views import Form, Instruct
from kiosk.settings import ScreenSettings
from screens.kit.drawings.catalogue import PICTURES, SIGNS, aspect, draw

FONT = ScreenSettings().font_bold


def test_every_picture_a_view_can_ask_for_is_drawn():
    for view in (Instruct, Form):
        wanted = set(typing.get_args(view.model_fields["picture"].annotation)) - {"none"}
        assert wanted <= set(PICTURES)


@pytest.mark.parametrize("name", sorted(set(PICTURES) | set(SIGNS)))
def test_drawing_fills_its_sheet_and_leaves_its_corners_clear(name):
    width = round(80 * aspect(name))
    image = draw(name, width, 80, "ink", FONT)
    left, top, right, bottom = image.getchannel("A").getbbox()
    assert right - left >= 0.4 * width
    assert bottom - top >= 0.2 * 80
    assert image.getpixel((0, 0))[3] < 64


def test_sign_takes_the_colour_of_the_words_beside_it():
    image = draw("check", 40, 40, "stop", FONT, sign=True)
    colours = {image.getpixel((x, y))[:3] for x in range(40) for y in range(40) if image.getpixel((x, y))[3] == 255}
    assert colours == {(0x7C, 0x1D, 0x1D)}


def test_name_that_nobody_drew_is_an_error():
    with pytest.raises(KeyError):
        draw("unicorn", 10, 10, "ink", FONT)
