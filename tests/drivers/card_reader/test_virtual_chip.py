"""The modelled card holds to the rules a real one keeps."""

from collections.abc import Callable
from pathlib import Path

import pytest

from drivers.card_reader.virtual_chip import ChipImage
from drivers.card_reader.virtual_chip.chip import Chip

MakeCard = Callable[[str], ChipImage]


@pytest.fixture
def chip(make_card: MakeCard) -> Chip:
    return Chip(make_card("genuine"))


def answer(chip: Chip, command: str) -> str:
    return chip.answer(bytes.fromhex(command)).hex().upper()


@pytest.mark.parametrize("file", ["81", "82", "83", "8D", "8E", "9D", "9E"])
def test_nothing_but_ef_card_access_is_read_without_a_key(chip: Chip, file: str) -> None:
    assert answer(chip, "00B09C0000").endswith("9000")
    answer(chip, "00A4040C07A0000002471001")
    assert answer(chip, f"00B0{file}0000") == "6982"


def test_ef_card_access_is_the_one_seen_on_vietnamese_cards(chip: Chip) -> None:
    assert answer(chip, "00B09C0000") == (
        "3134300D060804007F0007020202020101300F060A04007F000702020302020201013012060A04007F00070202040202020102"
        "02010D9000"
    )


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("00A4040C07A0000002471002", "6A82"),
        ("00A4000C023F00", "9000"),
        ("00A4010C02011C", "6A86"),
        ("00B2000000", "6D00"),
        ("00B0", "6700"),
        ("0022C1A412800A04007F0007020204020283010384010D", "6A88"),
        ("0022C1A412800A04007F0007020204060283010284010D", "6A80"),
        ("10860000027C0000", "6985"),
        ("0CB000000D9701048E08ED6705417E96BA5500", "6882"),
    ],
)
def test_commands_out_of_place_are_refused(chip: Chip, command: str, status: str) -> None:
    assert answer(chip, command) == status


def test_chip_forgets_its_session_when_the_power_goes(chip: Chip) -> None:
    answer(chip, "0022C1A412800A04007F0007020204020283010284010D")
    chip.power_on()
    assert answer(chip, "10860000027C0000") == "6985"


def test_card_is_the_same_after_it_was_written_to_disk(make_card: MakeCard, tmp_path: Path) -> None:
    card = make_card("genuine")
    card.save(tmp_path / "card.json")
    assert ChipImage.load(tmp_path / "card.json") == card


def test_card_shows_nothing_personal(make_card: MakeCard) -> None:
    assert "185004127" not in repr(make_card("genuine"))
    assert "004127" not in repr(make_card("genuine"))
