"""The moment at which a card leaves the field by itself: while its chip gives a certain part of itself."""

from __future__ import annotations

from typing import Literal, get_args

Stage = Literal["access", "dg1", "sod", "dg13", "dg14", "proof", "dg2"]
"""`access`: opening the chip by PACE or BAC; `proof`: chip authentication; else the file that is being read."""
STAGES: tuple[Stage, ...] = get_args(Stage)
_FILES: dict[int, Stage] = {0x0101: "dg1", 0x011D: "sod", 0x010D: "dg13", 0x010E: "dg14", 0x0102: "dg2"}
_READS, _OPENS, _PROVES = frozenset({0xB0, 0xB1}), frozenset({0x82, 0x84, 0x86}), frozenset({0x22, 0x86})


class CardLeaves(Exception):
    """The card leaves before its answer is heard."""


class Departure:
    """Leaves at the answer number `block`, counted from 0, of a stage; without a stage it stays."""

    def __init__(self, stage: Stage | None = None, block: int = 0) -> None:
        self._stage, self._left = stage, block

    def about_to_answer(self, ins: int, file_id: int | None, *, in_session: bool) -> None:
        """The chip has an answer to a command. Raises: CardLeaves."""
        if self._stage is None or _stage(ins, file_id, in_session=in_session) != self._stage:
            return
        if not self._left:
            raise CardLeaves(self._stage)
        self._left -= 1


def _stage(ins: int, file_id: int | None, *, in_session: bool) -> Stage | None:
    if ins in _READS:
        return None if file_id is None else _FILES.get(file_id)
    if in_session:
        return "proof" if ins in _PROVES else None
    return "access" if ins in _OPENS else None
