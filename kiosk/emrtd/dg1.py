"""DG1: the MRZ, and what the kiosk takes from it. ICAO Doc 9303-10 §4.7.1."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kiosk.emrtd import tlv
from kiosk.emrtd.lds import LdsFile
from kiosk.emrtd.mrz import Td1, check_digit, parse_td1
from kiosk.errors import CardNotSupported, CitizenNumberInvalid, MrzInvalid
from kiosk.identity.citizen_number import CitizenNumber

_MRZ_TAG = 0x5F1F
_NUMBER_LENGTH = 12
NO_EXPIRY = frozenset({"991231", "<<<<<<", "999999"})
"""How a card without expiry fills the field; what Vietnamese cards use is not published, so all are taken."""
_GENDERS = {"M": "male", "F": "female"}


@dataclass(frozen=True, repr=False)
class CitizenCard:
    """DG1 of a Vietnamese ID card, understood.

    `date_of_birth_is_partial`: the month or day is unknown and its first stands in.
    """

    mrz: Td1
    citizen_number: str
    date_of_birth: date
    date_of_birth_is_partial: bool
    gender: str
    date_of_expiry: date | None


def parse(contents: bytes) -> CitizenCard:
    """Raises: TlvInvalid, MrzInvalid; CardNotSupported if this is no Vietnamese ID card."""
    encoded = tlv.parse_one(contents, LdsFile.DG1.tag).child(_MRZ_TAG).value
    try:
        fields = parse_td1(encoded.decode("ascii"))
    except UnicodeDecodeError:
        raise MrzInvalid("not ASCII") from None
    if fields.issuing_state != "VNM" or not fields.document_code.startswith("I"):
        raise CardNotSupported("not a Vietnamese ID card")
    number = _citizen_number(fields.optional_data)
    birth, is_partial = _date_of_birth(fields.date_of_birth, number)
    return CitizenCard(
        mrz=fields,
        citizen_number=number.text,
        date_of_birth=birth,
        date_of_birth_is_partial=is_partial,
        gender=_GENDERS.get(fields.sex, "unknown"),
        date_of_expiry=_date_of_expiry(fields.date_of_expiry),
    )


def _citizen_number(optional_data: str) -> CitizenNumber:
    """The twelve digits, `<<`, and their own check digit."""
    digits, _, digit = optional_data.partition("<<")
    try:
        number = CitizenNumber.parse(digits)
    except CitizenNumberInvalid as error:
        raise CardNotSupported("the MRZ holds no citizen number") from error
    if digit != check_digit(digits):
        raise MrzInvalid("check digit of the citizen number")
    return number


def _date_of_birth(text: str, number: CitizenNumber) -> tuple[date, bool]:
    """The century comes from the citizen number; an unknown month or day is 00 or fillers."""
    year, month, day = (text[start : start + 2] for start in (0, 2, 4))
    unknown = {"00", "<<"}
    full_year = number.birth_century + _digits(year)
    is_partial = month in unknown or day in unknown
    month_number = 1 if month in unknown else _digits(month)
    day_number = 1 if is_partial else _digits(day)
    return _date(full_year, month_number, day_number), is_partial


def _date_of_expiry(text: str) -> date | None:
    if text in NO_EXPIRY:
        return None
    # the first of these cards was issued in 2021
    return _date(2000 + _digits(text[0:2]), _digits(text[2:4]), _digits(text[4:6]))


def _digits(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise MrzInvalid("date with other characters than digits")
    return int(text)


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise MrzInvalid("no such date") from None
