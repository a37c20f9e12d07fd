"""Worked examples: ICAO Doc 9303-5 Appendix B (TD1), Doc 9303-11 Appendix D.2 (MRZ information)."""

import pytest

from kiosk.emrtd import mrz
from kiosk.errors import MrzInvalid

SPECIMEN = "I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
LONG_NUMBER = "I<UTOD23145890<7349<<<<<<<<<<<3407127M9507122UTO<<<<<<<<<<<2STEVENSON<<PETER<JOHN<<<<<<<<<"


def test_specimen_of_doc_9303_5_is_read() -> None:
    fields = mrz.parse_td1(SPECIMEN)
    assert fields.document_number == "D23145890"
    assert (fields.date_of_birth, fields.sex, fields.date_of_expiry) == ("740812", "F", "120415")
    assert (fields.primary_identifier, fields.secondary_identifier) == ("ERIKSSON", "ANNA MARIA")


def test_specimen_is_written_back_letter_by_letter() -> None:
    assert mrz.encode_td1(mrz.parse_td1(SPECIMEN)) == SPECIMEN


def test_document_number_longer_than_its_field_goes_on_in_the_optional_data() -> None:
    assert mrz.parse_td1(LONG_NUMBER).document_number == "D23145890734"


@pytest.mark.parametrize(
    ("fields", "information"),
    [
        (("L898902C", "690806", "940623"), b"L898902C<369080619406236"),
        (("D23145890734", "340712", "950712"), b"D23145890734934071279507122"),
        (("T22000129", "640812", "101031"), b"T22000129364081251010318"),
    ],
)
def test_information_that_opens_the_chip(fields: tuple[str, str, str], information: bytes) -> None:
    assert mrz.mrz_information(*fields) == information


@pytest.mark.parametrize("position", [5, 14, 30, 36, 38, 44, 59])
def test_one_wrong_character_in_a_checked_field_is_found(position: int) -> None:
    wrong = "8" if SPECIMEN[position] != "8" else "9"
    with pytest.raises(MrzInvalid):
        mrz.parse_td1(SPECIMEN[:position] + wrong + SPECIMEN[position + 1 :])


@pytest.mark.parametrize("text", ["", SPECIMEN[:-1], SPECIMEN.lower(), SPECIMEN.replace("A", "Ă")])
def test_what_is_no_td1_mrz_is_refused(text: str) -> None:
    with pytest.raises(MrzInvalid):
        mrz.parse_td1(text)
