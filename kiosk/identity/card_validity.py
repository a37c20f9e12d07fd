"""Until when a citizen card is valid, worked out from date of birth and date of issue.

Law on Citizen Identification 2014 §21 and Law on Identification 2023 §21: a card is renewed at 14, 25, 40 and
60; one issued within the two years before such a birthday holds until the next one; from 60 it does not expire.
"""

from __future__ import annotations

from datetime import date

RENEWAL_AGES = (14, 25, 40, 60)
_GRACE_YEARS = 2


def expiry_candidates(date_of_birth: date, date_of_issue: date) -> tuple[date | None, ...]:
    """Possible dates of expiry, most likely first; None is a card without expiry.

    A second one appears only near a threshold, where offices differ, and for a birthday on 29 February.
    """
    ahead = [age for age in RENEWAL_AGES if _birthdays(date_of_birth, age)[0] > date_of_issue]
    if not ahead:
        return (None,)
    is_near = _birthdays(date_of_birth, ahead[0] - _GRACE_YEARS)[0] <= date_of_issue
    ages: list[int | None] = [ahead[0]]
    if is_near:
        ages.insert(0, ahead[1] if len(ahead) > 1 else None)
    candidates: list[date | None] = []
    for age in ages:
        candidates += [None] if age is None else list(_birthdays(date_of_birth, age))
    return tuple(candidates)


def _birthdays(date_of_birth: date, age: int) -> tuple[date, ...]:
    """The birthday at `age`; 29 February falls on the 28th or on 1 March in common years."""
    year = date_of_birth.year + age
    try:
        return (date_of_birth.replace(year=year),)
    except ValueError:
        return (date(year, 2, 28), date(year, 3, 1))
