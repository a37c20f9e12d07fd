"""Which slips may be on paper already, so that another printing of one is marked as a copy."""

from __future__ import annotations

from collections import OrderedDict
from uuid import UUID

REMEMBERED_SLIPS = 1000


class Sheets:
    """Counts the sheets of each slip that are, or may be, in somebody's hand.

    Kept in memory only: whoever asks for a slip says how many they know of, lest a restart turn a copy into a
    second original.
    """

    def __init__(self) -> None:
        self._sheets: OrderedDict[UUID, int] = OrderedDict()

    def next(self, slip_id: UUID, known_before: int) -> int:
        """The number of the next sheet: 1 is the slip itself, from 2 on they are copies."""
        return max(self._sheets.get(slip_id, 0), known_before) + 1

    def count(self, slip_id: UUID, number: int) -> None:
        """Note that the sheet of this number may be out."""
        self._sheets[slip_id] = number
        self._sheets.move_to_end(slip_id)
        if len(self._sheets) > REMEMBERED_SLIPS:
            self._sheets.popitem(last=False)
