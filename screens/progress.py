"""Something is done for the visitor, stage by stage."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.properties import ObjectProperty, StringProperty

from kiosk.flows.views import Progress, Stage, View
from screens.kit.panel import Panel
from screens.kit.screen import Screen, load_rules

load_rules(__file__)

BEAT_S = 0.5
"""The running mark moves this often: enough to be alive, cheap enough for a small computer."""

MARKS = {"waiting": ("waiting", "line"), "done": ("done", "good"), "failed": ("failed", "stop")}
RUNNING = ("running_1", "running_2", "running_3")


class StageRow(Panel):
    """One stage: its mark and its words."""

    words = ObjectProperty(None, allownone=True)
    state = StringProperty("waiting")
    mark = StringProperty("waiting")
    mark_ink = StringProperty("line")


class ProgressScreen(Screen):
    """Stages with marks that differ in shape, not only in colour; a greeting as soon as there is a name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._beat = Clock.create_trigger(self._step, BEAT_S, interval=True)
        self._count = 0

    def bind_view(self, view: View) -> None:
        """Title, lines, greeting, stages."""
        assert isinstance(view, Progress)
        self.ids.title.words = view.title
        self.ids.lines.items = view.lines
        self.ids.greeting.words = view.greeting
        self.ids.buttons.items = view.buttons
        self._bind_stages(view.stages)
        running = any(stage.state == "running" for stage in view.stages)
        self._beat() if running else self._beat.cancel()

    def _bind_stages(self, stages: tuple[Stage, ...]) -> None:
        box = self.ids.stages
        if len(box.children) != len(stages):
            box.clear_widgets()
            for _ in stages:
                box.add_widget(StageRow())
        for row, stage in zip(reversed(box.children), stages, strict=True):
            row.words, row.state = stage.words, stage.state
            row.mark, row.mark_ink = MARKS.get(stage.state, (RUNNING[0], "primary"))

    def _step(self, _seconds: float) -> None:
        self._count += 1
        for row in self.ids.stages.children:
            if row.state == "running":
                row.mark = RUNNING[self._count % len(RUNNING)]

    def leave(self) -> None:
        """Nothing moves off the glass."""
        self._beat.cancel()
