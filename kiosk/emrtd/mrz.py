"""The machine-readable zone of ID-1 cards. ICAO Doc 9303-5 §4.2 (TD1), Doc 9303-3 §4.9 (check digits)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kiosk.errors import MrzInvalid

LINE_LENGTH = 30
TD1_LENGTH = 3 * LINE_LENGTH
_WEIGHTS = (7, 3, 1)
_ALLOWED = re.compile(r"[A-Z0-9<]*\Z")


def check_digit(text: str) -> str:
    """The 7-3-1 check digit. Raises: MrzInvalid for a character outside A–Z, 0–9, `<`."""
    if not _ALLOWED.match(text):
        raise MrzInvalid("character outside the MRZ's alphabet")
    total = sum(_value(character) * _WEIGHTS[index % 3] for index, character in enumerate(text))
    return str(total % 10)


def _value(character: str) -> int:
    return 0 if character == "<" else int(character, 36)


def mrz_information(document_number: str, date_of_birth: str, date_of_expiry: str) -> bytes:
    """The printed data that opens a chip; dates as YYMMDD. Doc 9303-11 §4.3.2, §9.7.2, worked in Appendix D.2.

    Raises: MrzInvalid for characters no MRZ can hold.
    """
    number = document_number.ljust(9, "<")
    parts = (number, date_of_birth, date_of_expiry)
    return "".join(part + check_digit(part) for part in parts).encode("ascii")


@dataclass(frozen=True, repr=False)
class Td1:
    """The fields of a TD1 MRZ; dates as YYMMDD, fillers stripped."""

    document_code: str
    issuing_state: str
    document_number: str
    optional_data: str
    date_of_birth: str
    sex: str
    date_of_expiry: str
    nationality: str
    optional_data_2: str
    primary_identifier: str
    secondary_identifier: str

    @property
    def name(self) -> str:
        """Primary and secondary identifier, the order in which Vietnamese names are written."""
        return f"{self.primary_identifier} {self.secondary_identifier}".strip()


def parse_td1(text: str) -> Td1:
    """The fields of three joined lines; every check digit must be right. Raises: MrzInvalid."""
    if len(text) != TD1_LENGTH or not _ALLOWED.match(text):
        raise MrzInvalid("not a TD1 MRZ")
    first, second, third = (text[start : start + LINE_LENGTH] for start in range(0, TD1_LENGTH, LINE_LENGTH))
    document_number, optional_data = _document_number(first)
    _check("date of birth", second[0:6], second[6])
    _check("date of expiry", second[8:14], second[14])
    _check("composite", first[5:30] + second[0:7] + second[8:15] + second[18:29], second[29])
    primary, _, secondary = third.partition("<<")
    return Td1(
        document_code=_text(first[0:2]),
        issuing_state=_text(first[2:5]),
        document_number=document_number,
        optional_data=optional_data,
        date_of_birth=second[0:6],
        sex=second[7],
        date_of_expiry=second[8:14],
        nationality=_text(second[15:18]),
        optional_data_2=_text(second[18:29]),
        primary_identifier=_text(primary),
        secondary_identifier=_text(secondary),
    )


def _document_number(line: str) -> tuple[str, str]:
    """Document number and optional data; a long number goes on in the latter. Doc 9303-5 §4.2.2 note j."""
    number, digit, optional = line[5:14], line[14], line[15:30]
    if digit == "<" and optional.strip("<"):
        rest, _, optional = optional.partition("<")
        number, digit = number + rest[:-1], rest[-1:]
    _check("document number", number, digit)
    return number.rstrip("<"), optional.rstrip("<")


def _check(field: str, text: str, digit: str) -> None:
    if check_digit(text) != digit:
        raise MrzInvalid(f"check digit of the {field}")


def _text(field: str) -> str:
    return field.replace("<", " ").strip()


def encode_td1(fields: Td1) -> str:
    """Three joined lines with check digits. Raises: MrzInvalid when a field does not fit."""
    number = fields.document_number.ljust(9, "<")
    first = f"{fields.document_code:<<2}{fields.issuing_state:<<3}{number}{check_digit(number)}"
    first += f"{fields.optional_data:<<15}"
    dates = (fields.date_of_birth, fields.date_of_expiry)
    birth, expiry = (date + check_digit(date) for date in dates)
    second = f"{birth}{fields.sex}{expiry}{fields.nationality:<<3}{fields.optional_data_2:<<11}"
    second += check_digit(first[5:30] + birth + expiry + second[18:29])
    name = f"{fields.primary_identifier}<<{fields.secondary_identifier}".replace(" ", "<")
    third = f"{name[:LINE_LENGTH]:<<30}"
    if not len(first) == len(second) == len(third) == LINE_LENGTH:
        raise MrzInvalid("a field is too long for a TD1 MRZ")
    return first + second + third
