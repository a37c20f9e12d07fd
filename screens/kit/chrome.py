"""What every screen has in the same place: banner, site, step, language, back, cancel, help."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kivy.graphics import Color, SmoothRoundedRectangle
from kivy.properties import ListProperty, ObjectProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.flows.events import Event
from kiosk.flows.views import View
from kiosk.strings import LANGUAGES
from screens.kit.button import ChromeButton, TouchButton
from screens.kit.label import TextLabel
from screens.kit.latch import Latch
from screens.kit.panel import Panel
from screens.kit.stack import Stack, place
from screens.kit.theme import rgba, theme
from screens.kit.words import kit, translation

Box = tuple[float, float, float, float]
"""x, y, width, height in pixels."""

PLACES = {"back": "back", "cancel": "cross", "help": "staff"}
"""Fixed places, first to last, with their signs."""


class Banner(Panel):
    """Says for as long as it is true that something here is only simulated."""

    parts = ObjectProperty(())

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fbind("parts", self._say)
        translation.bind(language=self._say)
        self._say()

    def _say(self, *_: object) -> None:
        self.ids.label.content = translation.simulation(self.parts) if self.parts else ""
        self.opacity = 1 if self.parts else 0


class StepBar(Stack):
    """Which part of the visit this is, in words and as bars."""

    part = ObjectProperty(None, allownone=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fbind("part", self._say)
        self.ids.bars.fbind("pos", self._draw)
        self.ids.bars.fbind("size", self._draw)

    @property
    def absent(self) -> bool:
        """No parts, no bar."""
        return self.part is None

    def _say(self, *_: object) -> None:
        part = self.part
        self.ids.label.words = kit("step", number=str(part[0]), count=str(part[1])) if part else None
        self._draw()
        self.ask_layout()

    def _draw(self, *_: object) -> None:
        bars = self.ids.bars
        bars.canvas.clear()
        if self.part is None:
            return
        number, count = self.part
        gap = theme.px(1.5)
        width = (bars.width - gap * (count - 1)) / count
        with bars.canvas:
            for index in range(count):
                Color(*rgba("primary" if index < number else "hairline"))
                SmoothRoundedRectangle(
                    pos=(bars.x + index * (width + gap), bars.y),
                    size=(max(1, width), bars.height),
                    radius=[bars.height / 2],
                )


class LanguageSwitch(Stack):
    """One button a language, always there; the present one is filled and ticked."""

    def __init__(self, choose: Callable[[str], None], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for language in LANGUAGES:
            button = TouchButton(touch_id=f"language.{language}", words=kit(f"language.{language}"), role="small")
            button.padding = [theme.px(1)] * 4
            button.spacing = theme.px(1)
            button.icon_size = theme.px(5)
            button.bind(on_tap=lambda _, chosen=language: choose(chosen))
            self.add_widget(button)
        translation.bind(language=self._mark)
        self._mark()

    def _mark(self, *_: object) -> None:
        for button in self.children:
            present = button.touch_id.endswith(translation.language)
            button.look = "primary" if present else "quiet"
            button.icon = "check" if present else ""


class Chrome(Widget):
    """Lays out the fixed places; what is left for the screen itself is `content`."""

    content = ObjectProperty((0, 0, 1, 1))
    site_name = StringProperty("")
    bar_pos, bar_size = ListProperty([0, 0]), ListProperty([0, 0])
    bar_edge_pos, bar_edge_size = ListProperty([0, 0]), ListProperty([0, 0])
    head_pos, head_size = ListProperty([0, 0]), ListProperty([0, 0])

    def __init__(
        self, latch: Latch, choose_language: Callable[[str], None], site_name: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self._latch, self._site_name = latch, dict(site_name)
        self.banner, self.step = Banner(), StepBar()
        self.site = TextLabel(role="small", bold=True, ink="primary", ground="card", keeps_place=False)
        self.heading = Stack(spacing=theme.px(2), gravity="middle")
        self.languages = LanguageSwitch(choose_language)
        self.places = {name: self._button(name, icon) for name, icon in PLACES.items()}
        self._events: dict[str, Event | None] = {}
        self._offers = False
        for part in (self.heading, self.languages, *self.places.values()):
            self.add_widget(part)
        self.heading.add_widget(self.site)
        self.heading.add_widget(self.step)
        translation.bind(language=self._name_site)
        translation.bind(language=self.arrange)
        self._name_site()
        for name in ("pos", "size"):
            self.fbind(name, self.arrange)

    def _button(self, name: str, icon: str) -> ChromeButton:
        button = ChromeButton(touch_id=name, words=kit(name), icon=icon, look="quiet", opacity=0)
        button.accepts = lambda: self._latch.settled
        button.bind(on_tap=lambda _: self._fire(name))
        return button

    def _fire(self, name: str) -> None:
        event = self._events.get(name)
        if event is not None:
            self._latch.fire(event)

    def _name_site(self, *_: object) -> None:
        self.site.content = self._site_name.get(translation.language, "") if theme.portrait else ""

    def show(self, view: View, simulated_parts: tuple[str, ...]) -> None:
        """Offer what the view offers."""
        for name, button in self.places.items():
            self._events[name] = getattr(view, name)
            button.opacity = 0 if self._events[name] is None else 1
        self.step.part = view.part
        parts = simulated_parts + tuple(part for part in view.simulated_parts if part not in simulated_parts)
        offers = any(event is not None for event in self._events.values())
        if (parts, offers) != (self.banner.parts, self._offers):
            self.banner.parts, self._offers = parts, offers
            self.arrange()

    def clear(self) -> None:
        """Offer nothing and name no step."""
        self._events.clear()
        self.step.part = None
        for button in self.places.values():
            button.opacity = 0

    def arrange(self, *_: object) -> None:
        """Put everything in its place."""
        if self.width <= 1:
            return
        high = self.banner.natural_height(self.width, 1.0) if self.banner.parts else 0.0
        place(self.banner, 0, self.top - high, self.width, max(1, high))
        (self._arrange_portrait if theme.portrait else self._arrange_landscape)(high)

    def _arrange_portrait(self, banner: float) -> None:
        margin, head, foot = theme.margin, theme.px(30), theme.px(34) if self._offers else 0
        top = self.top - banner
        self.head_pos, self.head_size = (0, top - head), (self.width, head)
        self.bar_pos, self.bar_size = (0, 0), (self.width, foot)
        self.bar_edge_pos, self.bar_edge_size = (0, foot), (self.width, max(1, theme.px(0.3)) if foot else 0)
        switch = theme.px(47)
        place(self.languages, self.right - margin - switch, top - head + theme.px(4), switch, theme.px(22))
        name_width = self.width - switch - 2 * margin - theme.px(6)
        place(self.heading, margin, top - head + theme.px(3), name_width, head - theme.px(6))
        gap = theme.px(4)
        width = (self.width - 2 * margin - 2 * gap) / 3
        for index, button in enumerate(self.places.values()):
            place(button, margin + index * (width + gap), theme.px(5), width, foot - theme.px(10))
        self.content = (0, foot, self.width, top - head - foot)

    def _arrange_landscape(self, banner: float) -> None:
        margin, rail = theme.px(2.5), theme.px(47)
        top, left, inner = self.top - banner, self.right - rail, rail - 2 * margin
        self.bar_pos, self.bar_size = (left, 0), (rail, top)
        self.bar_edge_pos, self.bar_edge_size = (left, 0), (max(1, theme.px(0.3)), top)
        self.head_pos, self.head_size = (0, 0), (0, 0)
        place(self.languages, left + margin, top - margin - theme.px(21), inner, theme.px(21))
        gap, bottom = theme.px(2.5), float(margin)
        for button in reversed(self.places.values()):
            high = max(theme.touch, button.natural_height(inner, 1.0))
            place(button, left + margin, bottom, inner, high)
            bottom += high + gap
        room = top - margin - theme.px(21) - bottom
        place(self.heading, left + margin, bottom, inner, max(1, room))
        self.content = (0, 0, self.width - rail, top)
