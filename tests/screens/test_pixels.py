"""What the pixels say: contrast as drawn, and that every sign and picture is there."""

from __future__ import annotations

import pytest
from PIL import Image

from screens.kit.theme import COLOURS, TEXT_ON, contrast, rgba

ENHANCED = 7.0
"""WCAG 2.2, 1.4.6."""

SEEN = ("welcome", "digits_wrong", "reading", "face_flash", "registered", "idle_warning")


@pytest.mark.parametrize(("ink", "ground"), TEXT_ON)
def test_colours_of_text_reach_seven_to_one(ink, ground):
    assert contrast(rgba(ink)[:3], rgba(ground)[:3]) >= ENHANCED


def test_contrast_is_that_of_the_standard():
    """Black on white is 21:1; #767676 on white is the known limit of 4.54:1."""
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    assert contrast((0x76 / 255,) * 3, (1, 1, 1)) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("sample", SEEN)
def test_drawn_text_reaches_seven_to_one_and_has_the_theme_colours(painted, sample):
    painted.language("vi")
    painted.show(sample)
    with Image.open(painted.picture("contrast")) as picture:
        pixels = picture.convert("RGB")
    for text in painted.texts():
        left, top = text.x + (text.width - text.texture_width) / 2, pixels.height - text.y - text.height
        area = pixels.crop((int(left), int(top), int(left + text.texture_width), int(top + text.height)))
        colours = area.getcolors(2**20)
        ground = max(colours)[1]
        ink = max((colour for _, colour in colours), key=lambda colour: contrast(_unit(colour), _unit(ground)))
        assert contrast(_unit(ink), _unit(ground)) >= ENHANCED, f"{text.text!r}: {ink} on {ground}"
        assert _hex(ground) == COLOURS[text.ground], text.text
        assert _hex(ink) == COLOURS[text.ink], text.text


def _unit(colour):
    return tuple(channel / 255 for channel in colour)


def _hex(colour):
    return "#{:02X}{:02X}{:02X}".format(*colour)
