"""What a living visitor is asked to do: drawn afresh from each nonce, so nothing recorded before can answer it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from kiosk.messages import Colour

Task = Literal["turn_left", "turn_right", "flash"]
TASKS: tuple[Task, ...] = ("turn_left", "turn_right", "flash")
COLOURS: tuple[Colour, ...] = (
    (0, 0, 0),
    (255, 0, 0),
    (0, 255, 0),
    (0, 0, 255),
    (255, 255, 0),
    (255, 0, 255),
    (0, 255, 255),
    (255, 255, 255),
)
COLOUR_HOLD_S = 0.4
"""At most 2.5 changes a second: WCAG 2.2 success criterion 2.3.1 draws the line at three flashes."""

Item = TypeVar("Item")


@dataclass(frozen=True)
class Challenge:
    """The order of the tasks, and the colours of the flash."""

    tasks: tuple[Task, ...]
    colours: tuple[Colour, ...]


def draw(nonce: str) -> Challenge:
    """The challenge of a nonce; the same nonce always gives the same one."""
    return Challenge(_shuffled(TASKS, nonce, "tasks"), _shuffled(COLOURS, nonce, "colours"))


def _shuffled(items: Sequence[Item], nonce: str, purpose: str) -> tuple[Item, ...]:
    """Sorted by a hash of nonce, purpose and place: uniform, and the same in every Python version."""
    keys = [hashlib.sha256(f"{purpose}/{place}/{nonce}".encode()).digest() for place in range(len(items))]
    return tuple(items[place] for place in sorted(range(len(items)), key=keys.__getitem__))
