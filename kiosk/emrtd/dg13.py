"""DG13 of the Vietnamese ID card: a set of numbered fields, of which only those asked for are kept.

The form is not published; three public parsers (Dart, Swift, Java) agree on it:
`6D { SEQUENCE { INTEGER, OID 1.0.10646.1.0.8, SET OF SEQUENCE { INTEGER number, value } } }`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from enum import IntEnum

from kiosk.emrtd import tlv
from kiosk.emrtd.lds import LdsFile
from kiosk.emrtd.security_infos import object_identifier
from kiosk.errors import TlvInvalid

_SEQUENCE, _SET, _INTEGER, _OBJECT_IDENTIFIER = 0x30, 0x31, 0x02, 0x06
_TEXTS = frozenset({0x0C, 0x13})
_CONTENT = "1.0.10646.1.0.8"
_MAX_TEXTS = 4


class Dg13Field(IntEnum):
    """The fields that can be asked for. Religion (7) is not among them and never leaves the chip layer."""

    NUMBER = 1
    NAME = 2
    DATE_OF_BIRTH = 3
    GENDER = 4
    NATIONALITY = 5
    ETHNICITY = 6
    PLACE_OF_ORIGIN = 8
    RESIDENCE = 9
    IDENTIFYING_MARKS = 10
    DATE_OF_ISSUE = 11
    DATE_OF_EXPIRY = 12
    PARENTS = 13
    SPOUSE = 14
    OLD_NUMBER = 15


def parse(contents: bytes, keep: Collection[Dg13Field]) -> dict[Dg13Field, tuple[str, ...]]:
    """The fields in `keep` that the card has, each with its texts (parents have two), in NFC.

    Raises: TlvInvalid.
    """
    parts = tlv.parse_one(contents, LdsFile.DG13.tag).child(_SEQUENCE).children()
    if object_identifier(tlv.find(parts, _OBJECT_IDENTIFIER)) != _CONTENT:
        raise TlvInvalid("DG13 of another content")
    wanted = {int(field): field for field in keep}
    found: dict[Dg13Field, tuple[str, ...]] = {}
    for row in tlv.find(parts, _SET).children():
        number, *values = row.children() or [tlv.Tlv(0, b"", b"")]
        if row.tag != _SEQUENCE or number.tag != _INTEGER:
            raise TlvInvalid("DG13's rows")
        field = wanted.get(int.from_bytes(number.value, "big"))
        texts = _texts(values) if field else ()
        if field and texts:
            found[field] = texts
    return found


def _texts(values: list[tlv.Tlv]) -> tuple[str, ...]:
    """All texts, whether siblings or nested one level: both forms occur for father and mother."""
    texts: list[str] = []
    for value in values:
        if value.tag == _SEQUENCE:
            texts += [_text(item) for inner in value.children() for item in _flat(inner)]
        elif value.tag in _TEXTS:
            texts.append(_text(value))
    return tuple(text for text in texts[:_MAX_TEXTS] if text)


def _flat(item: tlv.Tlv) -> list[tlv.Tlv]:
    if item.tag == _SEQUENCE:
        return [inner for inner in item.children() if inner.tag in _TEXTS]
    return [item] if item.tag in _TEXTS else []


def _text(item: tlv.Tlv) -> str:
    try:
        return unicodedata.normalize("NFC", item.value.decode("utf-8")).strip()
    except UnicodeDecodeError:
        raise TlvInvalid("DG13's text is not UTF-8") from None
