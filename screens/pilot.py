"""Drives the real glass from another thread: real touches through Kivy's event loop, real pixels back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from kiosk.flows.views import View
from screens.app import KioskScreens

Result = TypeVar("Result")
TIMEOUT_S = 5.0
HOLD_S = 0.09
"""How long a pilot's finger stays down: as short as a brisk person's, longer than a key's bounce."""


@dataclass(frozen=True)
class Box:
    """Where something is on the glass, in millimetres from the lower left, and what is written on it."""

    id: str
    x: float
    y: float
    width: float
    height: float
    text: str = ""


@dataclass(frozen=True)
class TextBox:
    """A text on the glass: its box and its texture's size in pixels, its capitals in mm, its colours by name."""

    text: str
    x: float
    y: float
    width: float
    height: float
    texture_width: float
    texture_height: float
    cap_mm: float
    ink: str
    ground: str
    broken_word: bool


class Pilot:
    """A visitor made of code; `screens` must be running in this process, on another thread."""

    def __init__(self, screens: KioskScreens) -> None:
        self._screens = screens
        self._touch_count = 0

    def ask(self, work: Callable[[], Result]) -> Result:
        """Do something on the drawing thread and wait for its result. Raises: TimeoutError."""
        answer: Future[Result] = Future()

        def run() -> None:
            try:
                answer.set_result(work())
            except Exception as error:
                answer.set_exception(error)

        self._screens.on_glass(run)
        return answer.result(TIMEOUT_S)

    def view(self) -> View | None:
        """The view on the glass."""
        return self._screens.glass.view

    def wait_for(self, wanted: str | Callable[[View], bool], timeout_s: float = TIMEOUT_S) -> View:
        """Wait for a view by its kind, its step, or a predicate. Raises: TimeoutError naming where it stands."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            view = self.view()
            if view is not None and (wanted in (view.kind, view.step) if isinstance(wanted, str) else wanted(view)):
                return view
            time.sleep(0.01)
        view = self.view()
        raise TimeoutError(f"waited for {wanted}, at {view.step if view else 'nothing'}")

    # touching -----------------------------------------------------------------------------------------------

    def tap(self, touch_id: str, timeout_s: float = TIMEOUT_S) -> None:
        """Touch the middle of something, as soon as it is there and takes touches. Raises: LookupError."""
        deadline = time.monotonic() + timeout_s
        while True:
            spot = self.spot(touch_id)
            if spot is not None:
                break
            if time.monotonic() > deadline:
                raise LookupError(f"nothing to touch is called {touch_id!r}")
            time.sleep(0.02)
        self.touch(*spot)

    def touch(self, x: float, y: float, hold_s: float = HOLD_S) -> None:
        """Touch a place, in pixels from the lower left."""
        finger = self.put_down(x, y)
        time.sleep(hold_s)
        self.lift(finger)

    def touch_with(self, places: list[tuple[float, float]]) -> None:
        """Touch places with as many fingers at once, for the length of a frame."""
        fingers = self.ask(lambda: [self._dispatch(x, y) for x, y in places])
        self.ask(lambda: [self._dispatch(0, 0, finger) for finger in fingers])

    def tap_now(self, x: float, y: float) -> None:
        """Touch a place and let go within one instant; on the drawing thread only."""
        self._dispatch(x, y, self._dispatch(x, y))

    def put_down(self, x: float, y: float) -> Any:
        """A finger comes down."""
        return self.ask(lambda: self._dispatch(x, y))

    def slide(self, finger: Any, x: float, y: float) -> None:
        """A finger that is down moves."""

        def move() -> None:
            from kivy.base import EventLoop

            finger.move(_shares(x, y))
            EventLoop.post_dispatch_input("update", finger)

        self.ask(move)

    def lift(self, finger: Any) -> None:
        """A finger goes up."""
        self.ask(lambda: self._dispatch(0, 0, finger))

    def _dispatch(self, x: float, y: float, finger: Any = None) -> Any:
        """Hand a touch to Kivy's event loop: a new one comes down, a finger that is down goes up."""
        from kivy.base import EventLoop

        if finger is not None:
            EventLoop.post_dispatch_input("end", finger)
            return None
        self._touch_count += 1
        finger = _finger(self._touch_count, x, y)
        EventLoop.post_dispatch_input("begin", finger)
        return finger

    def type_digits(self, digits: str) -> None:
        """Type on the number pad."""
        for digit in digits:
            self.tap(f"digit.{digit}")

    def spot(self, touch_id: str) -> tuple[float, float] | None:
        """The middle of something that takes touches now, in pixels; None if there is nothing of that name."""
        return self.ask(lambda: self._spot(touch_id))

    def _spot(self, touch_id: str) -> tuple[float, float] | None:
        for widget in self._pressables():
            if widget.touch_id == touch_id and (widget.accepts is None or widget.accepts()):
                return (widget.center_x, widget.center_y)
        return None

    # looking ------------------------------------------------------------------------------------------------

    def _seen(self) -> list[Any]:
        """Every widget; while a warning lies over them, only its own."""
        glass = self._screens.glass
        return list((glass.overlay if glass.overlay.parent is not None else glass).walk(restrict=True))

    def _pressables(self) -> list[Any]:
        from screens.kit.button import Pressable

        return [w for w in self._seen() if isinstance(w, Pressable) and w.touch_id and w.opacity]

    def touchables(self) -> list[Box]:
        """Everything that can be touched now."""
        from screens.kit.theme import theme

        scale = theme.pixels_per_mm
        return self.ask(
            lambda: [
                Box(w.touch_id, w.x / scale, w.y / scale, w.width / scale, w.height / scale, _written_on(w))
                for w in self._pressables()
            ]
        )

    def size_px(self) -> tuple[int, int]:
        """Width and height of the glass in pixels."""
        from kivy.core.window import Window

        return self.ask(lambda: (int(Window.width), int(Window.height)))

    def size_mm(self) -> tuple[float, float]:
        """Width and height of the glass in millimetres."""
        from screens.kit.theme import theme

        width_px, height_px = self.size_px()
        return width_px / theme.pixels_per_mm, height_px / theme.pixels_per_mm

    def texts(self) -> list[TextBox]:
        """Every text that is seen now."""
        from screens.kit.label import TextLabel

        return self.ask(
            lambda: [
                _text_box(w)
                for w in self._seen()
                if isinstance(w, TextLabel) and w.content and not w.hidden and _visible(w)
            ]
        )

    def settle(self) -> None:
        """Wait until a frame was drawn: layouts come to rest before Kivy draws one."""
        self._next_frame()

    def _next_frame(self) -> None:
        drawn = threading.Event()
        self._screens.on_glass(lambda: self._screens.before_flip(drawn.set))
        if not drawn.wait(TIMEOUT_S):
            raise TimeoutError("no frame was drawn")

    def screenshot(self, path: Path, most_pixels: int | None = None) -> None:
        """Write what is on the glass as a PNG, pixel for pixel or, quicker, by a whole factor smaller."""
        self.settle()
        pixels: Future[tuple[int, int, bytes]] = Future()
        self._screens.on_glass(lambda: self._screens.before_flip(lambda: pixels.set_result(_read_pixels())))
        _write_picture(*pixels.result(TIMEOUT_S), path, most_pixels)


def _write_picture(width: int, height: int, pixels: bytes, path: Path, most_pixels: int | None) -> None:
    """RGBA rows from the lowest up, as OpenGL gives them."""
    from PIL import Image

    image = Image.frombuffer("RGBA", (width, height), pixels, "raw", "RGBA", 0, -1)
    if most_pixels is None:
        image.convert("RGB").save(path)
        return
    factor = 1
    while width * height > most_pixels * factor**2:
        factor += 1
    image.reduce(factor).convert("RGB").save(path, compress_level=1)


def _finger(number: int, x: float, y: float) -> Any:
    from kivy.input.motionevent import MotionEvent

    class Finger(MotionEvent):
        """A touch that comes from code; everything after the provider is Kivy's own way."""

        def depack(self, args: dict[str, float]) -> None:
            self.is_touch = True
            self.sx, self.sy = args["x"], args["y"]
            self.profile = ["pos"]
            super().depack(args)

    return Finger("pilot", number, _shares(x, y), is_touch=True, type_id="touch")


def _shares(x: float, y: float) -> dict[str, float]:
    from kivy.core.window import Window

    return {"x": x / max(1, Window.width - 1), "y": y / max(1, Window.height - 1)}


def _visible(widget: Any) -> bool:
    while widget is not None and hasattr(widget, "opacity"):
        if not widget.opacity:
            return False
        widget = widget.parent if widget.parent is not widget else None
    return True


def _written_on(widget: Any) -> str:
    """Its texts as one reads them: from the top, from the left."""
    from screens.kit.label import TextLabel

    labels = [w for w in widget.walk(restrict=True) if isinstance(w, TextLabel) and w.content and not w.hidden]
    return " · ".join(label.content for label in sorted(labels, key=lambda label: (-label.top, label.x)))


def _text_box(label: Any) -> TextBox:
    from screens.kit.theme import CAP_HEIGHT_EM, SCALES, theme

    return TextBox(
        text=label.content,
        x=label.x,
        y=label.y,
        width=label.width,
        height=label.height,
        texture_width=label.texture_size[0],
        texture_height=label.texture_size[1],
        cap_mm=label.font_size * CAP_HEIGHT_EM / theme.pixels_per_mm,
        ink=label.ink,
        ground=label.ground,
        broken_word=not label.fits_width(label.width, SCALES[-1]),
    )


def _read_pixels() -> tuple[int, int, bytes]:
    from kivy.core.window import Window
    from kivy.graphics.opengl import GL_RGBA, GL_UNSIGNED_BYTE, glReadPixels

    width, height = Window.system_size
    return width, height, bytes(glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE))
