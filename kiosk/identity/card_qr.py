"""The QR code printed on the citizen card, as far as it is needed to open the chip.

2021 card: `number|old number or empty|name|ddmmyyyy|Nam or Nữ|address|ddmmyyyy of issue`. The 2024 card has more
fields and its exact form is not public: the first seven are read by index, further ones are left alone.
Name and address are not taken: they come from the chip, proven, or not at all.
"""

from __future__ import annotations

import unicodedata
from datetime import date

from kiosk.errors import CardQrInvalid, CitizenNumberInvalid
from kiosk.identity.card_validity import expiry_candidates
from kiosk.identity.citizen_number import CitizenNumber
from kiosk.session import AccessKeys, ClaimedIdentity

_SEPARATOR = "|"
_MIN_FIELDS = 7
_MAX_FIELDS = 32
_MAX_LENGTH = 1000
_NUMBER, _DATE_OF_BIRTH, _GENDER, _DATE_OF_ISSUE = 0, 3, 4, 6
_GENDERS = frozenset({"nam", "nữ"})
_NO_EXPIRY_IN_MRZ = ("991231", "<<<<<<")
"""How the MRZ writes that a card does not expire is not published; these are tried in turn."""


def parse(payload: str) -> ClaimedIdentity:
    """The identity a card's QR claims, with keys for PACE and BAC. Raises: CardQrInvalid when malformed."""
    fields = unicodedata.normalize("NFC", payload).strip().split(_SEPARATOR)
    if len(payload) > _MAX_LENGTH or not _MIN_FIELDS <= len(fields) <= _MAX_FIELDS:
        raise CardQrInvalid("number of fields")
    try:
        number = CitizenNumber.parse(fields[_NUMBER])
    except CitizenNumberInvalid:
        raise CardQrInvalid("citizen number") from None
    birth, issue = _date(fields[_DATE_OF_BIRTH]), _date(fields[_DATE_OF_ISSUE])
    if issue < birth or fields[_GENDER].strip().lower() not in _GENDERS:
        raise CardQrInvalid("gender, or issued before birth")
    return ClaimedIdentity(AccessKeys(number.can, _mrz_candidates(number, birth, issue)), number.text)


def _mrz_candidates(number: CitizenNumber, birth: date, issue: date) -> tuple[tuple[str, str, str], ...]:
    expiries = [
        text
        for expiry in expiry_candidates(birth, issue)
        for text in (_NO_EXPIRY_IN_MRZ if expiry is None else (f"{expiry:%y%m%d}",))
    ]
    return tuple((number.document_number, f"{birth:%y%m%d}", text) for text in expiries)


def _date(text: str) -> date:
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        raise CardQrInvalid("date")
    try:
        return date(int(text[4:]), int(text[2:4]), int(text[:2]))
    except ValueError:
        raise CardQrInvalid("no such date") from None
