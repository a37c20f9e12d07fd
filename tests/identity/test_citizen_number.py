import pytest

from kiosk.errors import CitizenNumberInvalid
from kiosk.identity.citizen_number import CitizenNumber


@pytest.mark.parametrize(
    ("text", "century"),
    [("098092007358", 1900), ("098185004127", 1900), ("098214000001", 2000), ("098314000001", 2000)],
)
def test_century_of_birth_is_in_the_fourth_digit(text: str, century: int) -> None:
    assert CitizenNumber.parse(text).birth_century == century


@pytest.mark.parametrize("prefix", ["000", "001", "098", "999"])
def test_no_number_is_refused_for_its_place(prefix: str) -> None:
    assert CitizenNumber.parse(f"{prefix}092007358").can == "007358"


def test_document_number_is_the_last_nine_digits() -> None:
    assert CitizenNumber.parse("098092007358").document_number == "092007358"


@pytest.mark.parametrize(
    "text", ["", "09809200735", "0980920073580", "09809200735A", "０９８０９２００７３５８", " 98092007358"]
)
def test_anything_but_twelve_digits_is_refused(text: str) -> None:
    with pytest.raises(CitizenNumberInvalid):
        CitizenNumber.parse(text)


def test_number_is_never_shown_by_accident() -> None:
    assert "098092007358" not in repr(CitizenNumber.parse("098092007358"))
