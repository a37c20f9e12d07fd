from datetime import UTC, date, datetime

import pytest

from kiosk import trusted_clock
from kiosk.trusted_clock import today


def test_the_date_is_vietnams() -> None:
    assert today("system", datetime(2026, 11, 24, 17, 30, tzinfo=UTC)) == date(2026, 11, 25)


def test_a_clock_from_before_the_software_is_not_believed() -> None:
    assert today("system", datetime(1970, 1, 1, 0, 5, tzinfo=UTC)) is None


@pytest.mark.parametrize("synchronised", [True, False])
def test_an_unsynchronised_clock_gives_no_date_where_synchronisation_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, synchronised: bool
) -> None:
    monkeypatch.setattr(trusted_clock, "kernel_clock_is_synchronised", lambda: synchronised)
    assert (today("synchronised") is not None) is synchronised


def test_the_kernel_answers() -> None:
    assert trusted_clock.kernel_clock_is_synchronised() in (True, False)
