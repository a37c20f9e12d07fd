from datetime import date

import pytest

from kiosk.identity.card_validity import expiry_candidates

BORN = date(1990, 5, 20)


@pytest.mark.parametrize(
    ("born", "issued", "expected"),
    [
        (date(2015, 5, 20), date(2024, 8, 1), (date(2029, 5, 20),)),
        (date(2008, 5, 20), date(2022, 8, 1), (date(2033, 5, 20),)),
        (BORN, date(2021, 6, 1), (date(2030, 5, 20),)),
        (BORN, date(2028, 5, 19), (date(2030, 5, 20),)),
        (BORN, date(2028, 5, 20), (date(2050, 5, 20), date(2030, 5, 20))),
        (BORN, date(2030, 5, 19), (date(2050, 5, 20), date(2030, 5, 20))),
        (BORN, date(2030, 5, 20), (date(2050, 5, 20),)),
        (BORN, date(2048, 5, 20), (None, date(2050, 5, 20))),
        (BORN, date(2050, 5, 20), (None,)),
        (date(1950, 3, 15), date(2021, 8, 20), (None,)),
    ],
    ids=["child to 14", "14 to 25", "25 to 40", "two years and a day before 40", "two years before 40",
         "a day before 40", "at 40", "two years before 60", "at 60", "over 60"],
)  # fmt: skip
def test_card_holds_until_the_next_age_of_renewal(
    born: date, issued: date, expected: tuple[date | None, ...]
) -> None:
    assert expiry_candidates(born, issued) == expected


def test_birthday_on_29_february_gives_both_days_around_it() -> None:
    assert expiry_candidates(date(1996, 2, 29), date(2015, 1, 1)) == (date(2021, 2, 28), date(2021, 3, 1))
