"""The root of the glass: the fixed places, one screen inside them, the idle warning over everything."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from typing import Any

from kivy.clock import Clock
from kivy.input.motionevent import MotionEvent
from kivy.lang import Builder
from kivy.uix.widget import Widget

from kiosk.flows.events import Event
from kiosk.flows.views import Camera, View, Welcome
from kiosk.preview import PreviewReader
from screens.camera import CameraScreen
from screens.kit.chrome import Chrome
from screens.kit.idle import IdleOverlay
from screens.kit.latch import Latch
from screens.kit.screen import Screen
from screens.kit.stack import place
from screens.kit.words import translation
from screens.router import SCREENS

Builder.load_string("""
#:import rgba screens.kit.theme.rgba
<Glass>:
    canvas.before:
        Color:
            rgba: rgba('paper')
        Rectangle:
            pos: self.pos
            size: self.size
""")


class Glass(Widget):
    """Shows one view at a time; used on Kivy's thread only."""

    def __init__(
        self,
        *,
        site_name: Mapping[str, str],
        simulated_parts: tuple[str, ...],
        preview: PreviewReader | None,
        on_event: Callable[[Event, View], None],
        on_language: Callable[[str], None],
        on_touch: Callable[[], None],
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.view: View | None = None
        self._preview, self._simulated_parts = preview, simulated_parts
        self._tell_language, self._tell_touch = on_language, on_touch
        self.latch = Latch(on_event)
        self.chrome = Chrome(self.latch, self._choose_language, site_name)
        self.overlay = IdleOverlay()
        self._screens: dict[type[Screen], Screen] = {}
        self._screen: Screen | None = None
        self.add_widget(self.chrome)
        self.add_widget(self.chrome.banner)
        for name in ("size", "pos"):
            self.fbind(name, self._arrange)
        self.chrome.fbind("content", self._arrange)

    def show(self, view: View) -> None:
        """Bind a view: in the screen that is there if it is of the same kind, else in its own."""
        self.view = view
        self.latch.show(view)
        self.chrome.show(view, self._simulated_parts)
        self.chrome.opacity = 0 if isinstance(view, Camera) and view.colour is not None else 1
        kind = SCREENS[type(view)]
        if not isinstance(self._screen, kind):
            self._swap(kind)
        assert self._screen is not None
        self._screen.show(view)
        self._warn(view.idle_warning_s)
        self.canvas.ask_update()

    def _swap(self, kind: type[Screen]) -> None:
        self._take_away()
        if kind not in self._screens:
            extra = {"preview": self._preview} if kind is CameraScreen else {}
            self._screens[kind] = kind(self.latch, **extra)
        self._screen = self._screens[kind]
        self.add_widget(self._screen, index=self.children.index(self.chrome))
        self._arrange()

    def _take_away(self) -> None:
        if self._screen is not None:
            self._screen.leave()
            self.remove_widget(self._screen)
            self._screen = None

    def _warn(self, seconds: int | None) -> None:
        self.overlay.seconds = seconds
        if seconds is None and self.overlay.parent:
            self.remove_widget(self.overlay)
        elif seconds is not None and not self.overlay.parent:
            self.add_widget(self.overlay)

    def _arrange(self, *_: object) -> None:
        place(self.chrome, self.x, self.y, self.width, self.height)
        place(self.overlay, self.x, self.y, self.width, self.height)
        if self._screen is not None:
            place(self._screen, *self.chrome.content)

    def _choose_language(self, language: str) -> None:
        translation.language = language
        self._tell_language(language)

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Every touch says that somebody is there."""
        self._tell_touch()
        self.latch.touched()
        return bool(super().on_touch_down(touch))

    def forget(self) -> None:
        """Drop every widget that held something of the visit; only the welcome screen, made anew, survives."""
        view = self.view
        self._take_away()
        for screen in self._screens.values():
            screen.view = None
        self._screens.clear()
        self._warn(None)
        self.latch.forget()
        self.view = None
        self.chrome.clear()
        if isinstance(view, Welcome):
            self.show(view)
        Clock.schedule_once(_collect, 0)


def _collect(_seconds: float) -> None:
    """Widgets and their rules refer to each other: only the collector lets go of them."""
    gc.collect()
