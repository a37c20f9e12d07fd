"""Ages that decide something, from a date of birth."""

from __future__ import annotations

from datetime import date

ADULT_FROM = 18
"""Civil Code 2015, art. 20: an adult is 18 or over; only an adult may speak for a child."""
PRIORITY_FROM = 75
"""Law on Medical Examination and Treatment 2023, art. 3.2: aged 75 and over."""
YOUNG_CHILD_UNDER = 6
"""The same article; and the Law on Identification 2023 takes no face of children under six for their cards."""


def age_on(born: date, today: date) -> int:
    """Full years of age."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def is_young_child(born: date, today: date) -> bool:
    """Under six on the day."""
    return age_on(born, today) < YOUNG_CHILD_UNDER


def is_adult(born: date, today: date) -> bool:
    """18 or over on the day."""
    return age_on(born, today) >= ADULT_FROM
