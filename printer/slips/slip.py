"""What a slip is: a name, the values it takes, and a function that composes them into a document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from kiosk import strings
from kiosk.errors import SlipValuesInvalid
from printer.document import Document

Values = Mapping[str, str]

MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
"""In English whatever the system's locale."""


@dataclass(frozen=True)
class Slip:
    """A slip's template; `optional` values may be absent or empty, and then leave no trace on the paper."""

    name: str
    required: frozenset[str]
    optional: frozenset[str]
    function: Callable[[Values, str, str | None], Document]

    def compose(self, values: Values, language: str, qr: str | None) -> Document:
        """The slip in one language, with `qr` as its code's payload.

        Raises: SlipValuesInvalid for a required value that is missing or empty, or a key the slip does not take.
        """
        missing = sorted(key for key in self.required if not values.get(key, "").strip())
        unknown = sorted(set(values) - self.required - self.optional)
        if missing or unknown:
            raise SlipValuesInvalid(f"{self.name}: missing {missing}, not taken {unknown}")
        return self.function(values, language, qr)


def moment(at: datetime, language: str) -> str:
    """A local time as it is read on paper."""
    return words(
        language,
        "moment",
        clock=f"{at:%H:%M}",
        day=f"{at.day:02}",
        day_plain=str(at.day),
        month=f"{at.month:02}",
        month_name=MONTH_NAMES[at.month - 1],
        year=str(at.year),
    )


def words(language: str, key: str, **values: str) -> str:
    """A text of kiosk/strings/<language>/slips.toml."""
    return strings.text(language, f"slips.{key}", **values)
