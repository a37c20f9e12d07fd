"""A widget that shows one of the kit's drawings at its own size."""

from __future__ import annotations

from typing import Any

from kivy.graphics.texture import Texture
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.widget import Widget

from screens.kit.drawings.catalogue import aspect, draw
from screens.kit.fonts import fonts
from screens.kit.stack import Stack

_textures: dict[tuple[str, int, int, str, bool], Texture] = {}


def texture_of(name: str, width_px: int, height_px: int, ink: str, sign: bool) -> Texture:
    """The drawing as a texture, drawn once a size; drawings hold nothing personal, so they outlive a visit."""
    key = (name, width_px, height_px, ink, sign)
    if key not in _textures:
        image = draw(name, width_px, height_px, ink, fonts.bold, sign)
        texture = Texture.create(size=image.size, colorfmt="rgba")
        texture.blit_buffer(image.tobytes(), colorfmt="rgba", bufferfmt="ubyte")
        texture.flip_vertical()
        _textures[key] = texture
    return _textures[key]


class Picture(Widget):
    """Shows drawing `name`, as large as fits and in its own shape; `sign` takes the one-colour sign in `ink`."""

    name = StringProperty("none")
    ink = StringProperty("ink")
    sign = BooleanProperty(False)
    texture = ObjectProperty(None, allownone=True)
    drawn_width = NumericProperty(0)
    drawn_height = NumericProperty(0)
    optional = BooleanProperty(False)
    dropped = BooleanProperty(False)
    grows = NumericProperty(0)
    least = NumericProperty(0)
    most = NumericProperty(0)
    shape = NumericProperty(1.0)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in ("name", "ink", "sign", "size"):
            self.fbind(name, self._redraw)
        self.fbind("name", self._ask_layout)
        self._redraw()

    @property
    def absent(self) -> bool:
        """No picture takes no place."""
        return self.name == "none" or self.dropped

    def _redraw(self, *_: object) -> None:
        if self.absent or self.width < 2 or self.height < 2:
            self.texture, self.drawn_width, self.drawn_height = None, 0, 0
            return
        self.shape = aspect(self.name, self.sign)
        width = round(min(self.width, self.height * self.shape))
        height = round(width / self.shape)
        self.texture = texture_of(self.name, width, height, self.ink, self.sign)
        self.drawn_width, self.drawn_height = width, height

    def _ask_layout(self, *_: object) -> None:
        if isinstance(self.parent, Stack):
            self.parent.ask_layout()
