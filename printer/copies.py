"""Which slips may be on paper already, so that another printing of one is marked as a copy."""

from __future__ import annotations

from collections import OrderedDict
from uuid import UUID

REMEMBERED_SLIPS = 1000


class CopyNumbers:
    """Counts printings that put, or may have put, paper into somebody's hand. Kept in memory only."""

    def __init__(self) -> None:
        self._printings: OrderedDict[UUID, int] = OrderedDict()

    def number(self, slip_id: UUID) -> int:
        """0 for the first printing, then the copy's number."""
        return self._printings.get(slip_id, 0)

    def count(self, slip_id: UUID) -> None:
        """Note one more printing."""
        self._printings[slip_id] = self.number(slip_id) + 1
        self._printings.move_to_end(slip_id)
        if len(self._printings) > REMEMBERED_SLIPS:
            self._printings.popitem(last=False)
