"""What a face check has gathered so far; everything personal in it can be overwritten."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from kiosk.face.challenge import Task
from kiosk.face.pad import FlashSample, Judgement, TurnSample, judge_flash, judge_turn, unanimous
from kiosk.face.pose import NeutralFace
from kiosk.ports import Image, Landmarks

DIRECTIONS: dict[Task, int] = {"turn_left": 1, "turn_right": -1}
FACES = ("neutral", "turn_left", "turn_right")
"""The faces that are kept, to be compared with each other and with the portrait."""
MARGIN = 0.5
"""Of the face's size, kept around it for the embedding."""


@dataclass(frozen=True)
class KeptFace:
    """A face cut out of its frame, with its landmarks in the cutting."""

    image: Image
    landmarks: Landmarks

    @classmethod
    def cut(cls, image: Image, landmarks: Landmarks) -> KeptFace:
        """Copy the face and what is around it."""
        low, high = landmarks[:, :2].min(axis=0), landmarks[:, :2].max(axis=0)
        margin = MARGIN * (high - low)
        left, top = np.maximum(low - margin, 0).astype(int)
        right, bottom = np.maximum(high + margin, 0).astype(int) + 1
        return cls(image[top:bottom, left:right].copy(), landmarks - np.array([left, top, 0], np.float32))

    def wipe(self) -> None:
        """Overwrite both."""
        self.image.fill(0)
        self.landmarks.fill(0)


@dataclass
class Evidence:
    """Samples of every task, and the faces to compare, by the names in FACES."""

    neutral: NeutralFace | None = None
    turns: dict[Task, list[TurnSample]] = field(default_factory=lambda: {task: [] for task in DIRECTIONS})
    flash: list[FlashSample] = field(default_factory=list)
    ambient_lux: float | None = None
    kept: dict[str, KeptFace] = field(default_factory=dict)

    def judge(self) -> Judgement:
        """The liveness decision: every test must pass by itself."""
        turns = [judge_turn(self.turns[task], direction) for task, direction in DIRECTIONS.items()]
        return unanimous([*turns, judge_flash(self.flash, self.ambient_lux)])

    def wipe(self) -> None:
        """Overwrite the faces, forget the rest."""
        for face in self.kept.values():
            face.wipe()
        if self.neutral is not None:
            self.neutral.wipe()
        self.neutral = None
        self.kept.clear()
        self.flash.clear()
        for samples in self.turns.values():
            samples.clear()
