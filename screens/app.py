"""The glass as the rest of the kiosk knows it: `show` from any thread, events back by callback."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from kiosk import logs
from kiosk.flows.events import Event
from kiosk.flows.views import View, Welcome
from kiosk.preview import PreviewReader
from kiosk.settings import ScreenSettings
from screens import environment
from screens.shown import ShownPrompts

if TYPE_CHECKING:
    from screens.glass import Glass


class KioskScreens:
    """Implements ports.Screen. Make it on the main thread, `run` there; everything else is for any thread.

    on_event: an event of the visitor's with the view it was touched on. on_language: a language was chosen, and
    is on the glass already. on_touch: somebody touched anything. on_shown: a view was drawn and flipped.
    The callbacks run on the drawing thread and must return at once.
    """

    def __init__(
        self,
        settings: ScreenSettings,
        *,
        language: str,
        on_event: Callable[[Event, View], None],
        on_language: Callable[[str], None],
        on_touch: Callable[[], None],
        on_shown: Callable[[View], None] | None = None,
        simulated_parts: tuple[str, ...] = (),
        site_name: Mapping[str, str] | None = None,
        preview: PreviewReader | None = None,
    ) -> None:
        environment.prepare(settings)
        # Kivy makes its window while it is imported: not before `prepare`.
        from kivy.clock import Clock
        from kivy.core.window import Window

        from screens.kit import rules
        from screens.kit.fonts import fonts
        from screens.kit.theme import theme
        from screens.kit.words import translation

        theme.configure(settings)
        fonts.register(settings)
        rules.load()
        translation.language = language
        from screens.glass import Glass

        self._window, self._clock, self._translation = Window, Clock, translation
        self._lock = threading.Lock()
        self._pending: View | None = None
        self._forgetting = False
        self._undrawn: View | None = None
        self._shown = ShownPrompts()
        self._on_shown = on_shown
        self._before_flip: list[Callable[[], None]] = []
        self._stopped = False
        self.drawn_count = 0
        self.frame_count = 0
        self._trigger = Clock.create_trigger(self._apply, -1)
        self.glass: Glass = Glass(
            site_name=site_name or {},
            simulated_parts=simulated_parts,
            preview=preview,
            on_event=on_event,
            on_language=on_language,
            on_touch=on_touch,
        )
        Window.bind(on_flip=self._flip)

    # from any thread ----------------------------------------------------------------------------------------

    def show(self, view: View) -> None:
        """Show this view as soon as may be; the latest wins."""
        with self._lock:
            self._pending = view
            self._shown.asked(view)
        self._trigger()

    def set_language(self, language: str) -> None:
        """Change every word on the glass."""
        self.on_glass(lambda: setattr(self._translation, "language", language))

    def wait_until_shown(self, number: int, timeout_s: float) -> float | None:
        """The CLOCK_MONOTONIC second after the flip of the frame with that Camera number, or None if too late."""
        return self._shown.wait(number, timeout_s)

    def forget(self) -> None:
        """Drop typed digits, pictures and words; the glass is blank until the next view, but keeps a welcome."""
        with self._lock:
            self._forgetting = True
            if not isinstance(self._pending, Welcome):
                self._pending = None
        self._trigger()

    def stop(self) -> None:
        """Make `run` return."""
        self._stopped = True
        self.on_glass(self._end)

    @property
    def language(self) -> str:
        """The language on the glass."""
        return str(self._translation.language)

    def on_glass(self, work: Callable[[], object]) -> None:
        """Do something on the drawing thread."""
        self._clock.schedule_once(lambda _seconds: work() and None)

    # on the drawing thread ----------------------------------------------------------------------------------

    def run(self) -> None:
        """Draw until `stop`. What goes wrong inside is raised from here."""
        from kivy.base import runTouchApp

        logging.getLogger("kivy").setLevel(logging.WARNING)
        logs.event("glass_opened", renderer=_renderer())
        if not self._stopped:
            runTouchApp(self.glass)

    def before_flip(self, work: Callable[[], None]) -> None:
        """Do something once, when the next frame is drawn and not yet handed over."""
        self._before_flip.append(work)
        self.glass.canvas.ask_update()

    def _end(self) -> None:
        from kivy.base import stopTouchApp

        stopTouchApp()

    def _apply(self, _seconds: float) -> None:
        with self._lock:
            view, forgetting = self._pending, self._forgetting
            self._pending, self._forgetting = None, False
        if forgetting:
            self.glass.forget()
            self._undrawn = self.glass.view
        if view is not None:
            self.glass.show(view)
            self._undrawn = view

    def _flip(self, window: object) -> bool:
        """Hand the frame over ourselves, to know the moment after; Kivy's own flip is left out."""
        work, self._before_flip = self._before_flip, []
        self.frame_count += not work  # a frame somebody asked for only looks at what is there
        for job in work:
            job()
        self._window.flip()
        view, self._undrawn = self._undrawn, None
        if view is not None:
            self.drawn_count += 1
            self.glass.latch.drawn()
            self._shown.drawn(view, time.monotonic())
            if self._on_shown is not None:
                self._on_shown(view)
        return True


def _renderer() -> str:
    """What draws; `llvmpipe` on a kiosk's own hardware is an alarm."""
    from kivy.graphics.opengl import GL_RENDERER, glGetString

    name = glGetString(GL_RENDERER)
    return name.decode() if isinstance(name, bytes) else str(name)
