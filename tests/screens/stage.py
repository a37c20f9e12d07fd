"""A real glass in a process of its own, with what the tests ask of it: `python stage.py SHAPE SOCKET OFFSCREEN`."""

from __future__ import annotations

import gc
import sys
import threading
import time
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from pydantic import Field

from kiosk import rpc
from kiosk.flows.events import Event
from kiosk.flows.views import View
from kiosk.messages import Message, Nothing
from kiosk.preview import PreviewReader, PreviewWriter
from screens import samples
from screens.app import KioskScreens
from screens.gallery import SHAPES, SITE_NAME
from screens.pilot import Pilot
from screens.pilot_service import PilotService, ScreenPilot

SMALL = SHAPES["portrait"].model_copy(update={"width_px": 540, "height_px": 960, "pixels_per_mm": 2.79})
"""The tall glass with a quarter of its pixels: the same millimetres, drawn sooner where there is no GPU."""


class ShowSample(Message):
    """Show a sample view, or what a function of the samples makes of `values`, warned if `warn_s` is set."""

    name: str
    values: dict[str, Any] = Field(default_factory=dict)
    warn_s: int | None = None
    settle: bool = True


class Language(Message):
    language: str


class Touches(Message):
    """Touch one thing `times` times, or with two fingers at once."""

    id: str
    times: int = 1
    fingers: int = 1


class DoubleTap(Message):
    """Touch something twice, the next view coming in between, as fast as a machine can."""

    id: str
    next_sample: str


class Place(Message):
    x_mm: float
    y_mm: float


class Resting(Message):
    """A finger that rests for a while, trembles, and may have another one beside it elsewhere."""

    x_mm: float
    y_mm: float
    hold_s: float
    trembling_mm: float = 0
    other_mm: tuple[float, float] | None = None


class AwaitNumber(Message):
    number: int
    timeout_s: float


class ShownAt(Message):
    at_s: float | None


class Emitted(Message):
    """What came out since the last question: event names, digits, languages, how many touches, steps shown."""

    events: tuple[str, ...]
    digits: tuple[str, ...]
    languages: tuple[str, ...]
    touches: int
    shown: tuple[str, ...]


class Text(Message):
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


class Texts(Message):
    texts: tuple[Text, ...]


class Words(Message):
    words: str


class Count(Message):
    count: int


class StageService(PilotService, Protocol):
    def show(self, message: ShowSample) -> Nothing: ...
    def set_language(self, message: Language) -> Nothing: ...
    def touch(self, message: Touches) -> Nothing: ...
    def touch_place(self, message: Place) -> Nothing: ...
    def double_tap(self, message: DoubleTap) -> Nothing: ...
    def rest(self, message: Resting) -> Nothing: ...
    def wait_until_shown(self, message: AwaitNumber) -> ShownAt: ...
    def emitted(self, message: Nothing) -> Emitted: ...
    def texts(self, message: Nothing) -> Texts: ...
    def camera_frame(self, message: Nothing) -> Nothing: ...
    def frames_read(self, message: Nothing) -> Count: ...
    def screens_made(self, message: Nothing) -> Count: ...
    def layouts_asked(self, message: Nothing) -> Count: ...
    def forget(self, message: Nothing) -> Nothing: ...
    def alive_with(self, message: Words) -> Count: ...
    def stop(self, message: Nothing) -> Nothing: ...


class CountingReader(PreviewReader):
    reads = 0

    def read(self) -> Any:
        self.reads += 1
        return super().read()


class Stage(ScreenPilot):
    """Answers the tests from threads of the server, as the kiosk's own threads would call."""

    def __init__(self, shape: str, preview: Path, offscreen: bool) -> None:
        self._events: list[Event] = []
        self._languages: list[str] = []
        self._touches = 0
        self._shown: list[str] = []
        self._writer, self._reader = PreviewWriter(preview), CountingReader(preview)
        self.screens = KioskScreens(
            {**SHAPES, "small": SMALL}[shape].model_copy(update={"offscreen": offscreen}),
            language="vi",
            simulated_parts=("reader", "camera", "printer"),
            site_name=SITE_NAME,
            preview=self._reader,
            on_event=lambda event, view: self._events.append(event),
            on_language=self._languages.append,
            on_touch=self._touched,
            on_shown=lambda view: self._shown.append(view.step),
        )
        super().__init__(self.screens)
        self.pilot = Pilot(self.screens)

    def _touched(self) -> None:
        self._touches += 1

    def show(self, message: ShowSample) -> Nothing:
        view: View
        if message.name in samples.SAMPLES and not message.values:
            view = samples.SAMPLES[message.name]
        else:
            view = getattr(samples, message.name)(**message.values)
        if message.warn_s is not None:
            view = samples.warned(view, message.warn_s)
        self.screens.show(view)
        if message.settle:
            self.pilot.wait_for(lambda shown: shown is view)
            self.pilot.settle()
        return Nothing()

    def set_language(self, message: Language) -> Nothing:
        self.screens.set_language(message.language)
        self.pilot.settle()
        return Nothing()

    def touch(self, message: Touches) -> Nothing:
        x, y = self._wait_for_spot(message.id)
        for _ in range(message.times):
            self.pilot.touch_with([(x + 9 * n, y) for n in range(message.fingers)])
        return Nothing()

    def _wait_for_spot(self, touch_id: str) -> tuple[float, float]:
        deadline = time.monotonic() + 5
        while (spot := self.pilot.spot(touch_id)) is None:
            if time.monotonic() > deadline:
                raise LookupError(touch_id)
            time.sleep(0.01)
        return spot

    def double_tap(self, message: DoubleTap) -> Nothing:
        x, y = self._wait_for_spot(message.id)

        def twice() -> None:
            self.pilot.tap_now(x, y)
            self.screens.glass.show(samples.SAMPLES[message.next_sample])
            self.pilot.tap_now(x, y)

        self.pilot.ask(twice)
        self.screens.show(samples.SAMPLES[message.next_sample])
        self.pilot.settle()
        return Nothing()

    def rest(self, message: Resting) -> Nothing:
        from screens.kit.theme import theme

        places = [(message.x_mm, message.y_mm), *([message.other_mm] if message.other_mm else [])]
        px = theme.pixels_per_mm
        fingers = [self.pilot.put_down(x * px, y * px) for x, y in places]
        until_s, sign = time.monotonic() + message.hold_s, 1
        while time.monotonic() < until_s:
            if message.trembling_mm:
                x, sign = places[0][0] + sign * message.trembling_mm, -sign
                self.pilot.slide(fingers[0], x * px, places[0][1] * px)
            time.sleep(0.01)
        for finger in fingers:
            self.pilot.lift(finger)
        return Nothing()

    def touch_place(self, message: Place) -> Nothing:
        from screens.kit.theme import theme

        self.pilot.touch(message.x_mm * theme.pixels_per_mm, message.y_mm * theme.pixels_per_mm)
        return Nothing()

    def wait_until_shown(self, message: AwaitNumber) -> ShownAt:
        return ShownAt(at_s=self.screens.wait_until_shown(message.number, message.timeout_s))

    def emitted(self, message: Nothing) -> Emitted:
        events, self._events = self._events, []
        languages, self._languages[:] = tuple(self._languages), []
        touches, self._touches = self._touches, 0
        shown, self._shown[:] = tuple(self._shown), []
        return Emitted(
            events=tuple(type(event).__name__ for event in events),
            digits=tuple(event.text for event in events if hasattr(event, "text")),
            languages=languages,
            touches=touches,
            shown=shown,
        )

    def texts(self, message: Nothing) -> Texts:
        return Texts(texts=tuple(Text(**vars(box)) for box in self.pilot.texts()))

    def camera_frame(self, message: Nothing) -> Nothing:
        """Red on the frame's left, blue on its right, green above both."""
        image = np.zeros((480, 640, 3), np.uint8)
        image[:, :320, 0], image[:, 320:, 2] = 255, 255
        image[:120] = (0, 255, 0)
        self._writer.write(image)
        before = self._reader.reads
        while self._reader.reads < before + 2:
            time.sleep(0.01)
        self.pilot.settle()
        return Nothing()

    def frames_read(self, message: Nothing) -> Count:
        return Count(count=self._reader.reads)

    def screens_made(self, message: Nothing) -> Count:
        """How many widgets there are; a prompt that only changes words must not make any."""
        return Count(
            count=self.pilot.ask(lambda: hash(tuple(id(w) for w in self.screens.glass.walk())) & 0xFFFFFFFF)
        )

    def layouts_asked(self, message: Nothing) -> Count:
        """How many layouts a layout asks for where nothing has changed: one is one for ever."""

        def lay_out() -> int:
            (screen,) = [widget for widget in self.screens.glass.children if getattr(widget, "searches", False)]
            screen.do_layout()
            return int(screen._trigger_layout.is_triggered)

        self.pilot.ask(lay_out)
        self.pilot.settle()
        return Count(count=self.pilot.ask(lay_out))

    def forget(self, message: Nothing) -> Nothing:
        self.screens.forget()
        self.pilot.settle()
        return Nothing()

    def alive_with(self, message: Words) -> Count:
        """How many labels, views or forms in this whole process still hold these words."""
        from screens.form import FormScreen
        from screens.kit.label import TextLabel

        def holds(thing: Any) -> bool:
            kind = type(thing)  # not isinstance, which would look through dead weak proxies
            if issubclass(kind, TextLabel):
                return message.words in f"{thing.content} {thing.text}".replace("\n", " ")
            if issubclass(kind, FormScreen):
                return message.words in thing.typed
            return issubclass(kind, View) and message.words in thing.model_dump_json()

        def count() -> int:
            gc.collect()
            return sum(holds(thing) for thing in gc.get_objects())

        return Count(count=self.pilot.ask(count))

    def stop(self, message: Nothing) -> Nothing:
        threading.Timer(0.05, self.screens.stop).start()
        return Nothing()


def main(shape: str, socket: str, offscreen: str) -> None:
    stage = Stage(shape, Path(socket).with_suffix(".preview"), offscreen == "yes")
    with rpc.Server(StageService, stage, Path(socket)):
        stage.screens.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
