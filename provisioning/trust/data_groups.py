"""Making the files of a demonstration card: EF.COM, DG1, DG2, DG13. ICAO Doc 9303-10 §4; see kiosk.emrtd.dg13."""

from __future__ import annotations

import io
import unicodedata
from datetime import date

from PIL import Image

from kiosk.emrtd import tlv
from kiosk.emrtd.mrz import LINE_LENGTH, Td1, check_digit, encode_td1
from provisioning.rig.people import CardData

NO_EXPIRY_WORDS = "Không thời hạn"
NO_EXPIRY_MRZ = "991231"
_GENDER_WORDS = {"male": "Nam", "female": "Nữ"}
_PRINTABLE, _UTF8, _INTEGER, _SEQUENCE = 0x13, 0x0C, 0x02, 0x30
_CONTENT_OID = bytes.fromhex("28D316010008")
"""1.0.10646.1.0.8: arcs 1.0, 10646 in base 128, 1, 0, 8."""
_DG_TAGS = {1: 0x61, 2: 0x75, 3: 0x63, 13: 0x6D, 14: 0x6E}


def ef_com(data_groups: list[int]) -> bytes:
    """EF.COM: LDS 1.7, Unicode 4.0.0, and the tags of the data groups."""
    tags = bytes(_DG_TAGS[number] for number in data_groups)
    versions = tlv.encode(0x5F01, b"0107") + tlv.encode(0x5F36, b"040000")
    return tlv.encode(0x60, versions, tlv.encode(0x5C, tags))


def mrz_fields(card: CardData) -> Td1:
    """The MRZ as printed: last nine digits as document number, all twelve as optional data."""
    primary, secondary = mrz_identifiers(card.name)
    return Td1(
        document_code="ID",
        issuing_state="VNM",
        document_number=card.citizen_number[-9:],
        optional_data=f"{card.citizen_number}<<{check_digit(card.citizen_number)}",
        date_of_birth=f"{card.date_of_birth:%y%m%d}",
        sex="F" if card.gender == "female" else "M",
        date_of_expiry=f"{card.date_of_expiry:%y%m%d}" if card.date_of_expiry else NO_EXPIRY_MRZ,
        nationality="VNM",
        optional_data_2="",
        primary_identifier=primary,
        secondary_identifier=secondary,
    )


def mrz_name(name: str) -> str:
    """Capitals without diacritics; đ does not decompose, apostrophes go, hyphens part. Doc 9303-3 §4.6."""
    plain = unicodedata.normalize("NFD", name.upper().replace("Đ", "D").replace("-", " "))
    return "".join(letter for letter in plain if letter.isalpha() or letter == " ")


def mrz_identifiers(name: str) -> tuple[str, str]:
    """Primary and secondary identifier as the MRZ's third line holds them, shortened to fit.

    A name that was cut fills the line to the last place with a letter, and both identifiers are in it.
    Doc 9303-5 §4.2.3.
    """
    primary, *others = mrz_name(name).split()
    if len(" ".join((primary, "", *others))) <= LINE_LENGTH:
        return primary, " ".join(others)
    primary = primary[: LINE_LENGTH - 3]
    room = LINE_LENGTH - len(primary) - 2
    secondary = " ".join(others)[:room]
    if secondary.endswith(" "):
        secondary = _one_letter_earlier(others, room)
    return primary, secondary


def _one_letter_earlier(names: list[str], room: int) -> str:
    """Leave out the last letter of the last whole name before the cut that has two, so the next begins within."""
    whole = " ".join(names)[:room].split()
    index = max(index for index, name in enumerate(whole) if len(name) > 1)
    shortened = [*whole[:index], whole[index][:-1], *whole[index + 1 :], *names[len(whole) :]]
    return " ".join(shortened)[:room]


def dg1(fields: Td1) -> bytes:
    """The MRZ."""
    return tlv.encode(0x61, tlv.encode(0x5F1F, encode_td1(fields).encode("ascii")))


def dg2(portrait: bytes) -> bytes:
    """One face image (JPEG or JPEG 2000) as ISO/IEC 19794-5 within CBEFF."""
    with Image.open(io.BytesIO(portrait)) as picture:
        width, height = picture.size
        image_type = 0 if picture.format == "JPEG" else 1
    information = bytes((1, image_type)) + width.to_bytes(2, "big") + height.to_bytes(2, "big") + bytes(6)
    block = (20 + len(information) + len(portrait)).to_bytes(4, "big") + bytes(16) + information + portrait
    record = b"FAC\x00010\x00" + (14 + len(block)).to_bytes(4, "big") + b"\x00\x01" + block
    header = b"".join(
        (
            tlv.encode(0x80, b"\x01\x01"),
            tlv.encode(0x81, b"\x02"),
            tlv.encode(0x87, b"\x01\x01"),
            tlv.encode(0x88, b"\x00\x08"),
        )
    )
    template = tlv.encode(0x7F60, tlv.encode(0xA1, header), tlv.encode(0x5F2E, record))
    return tlv.encode(0x75, tlv.encode(0x7F61, tlv.encode(_INTEGER, b"\x01"), template))


def dg13(card: CardData) -> bytes:
    """The Vietnamese fields; made-up values where the persona has none."""
    rows = (
        _row(1, tlv.encode(_PRINTABLE, card.citizen_number.encode())),
        _row(2, _utf8(card.name)),
        _row(3, _printable_date(card.date_of_birth)),
        _row(4, _utf8(_GENDER_WORDS[card.gender])),
        _row(5, _utf8("Việt Nam")),
        _row(6, _utf8("Kinh")),
        _row(7, _utf8("Không")),
        _row(8, _utf8(card.place_of_origin)),
        _row(9, _utf8(card.residence)),
        _row(10, _utf8("Nốt ruồi cách 1 cm trên sau cánh mũi trái")),
        _row(11, _printable_date(card.date_of_issue)),
        _row(12, _utf8(f"{card.date_of_expiry:%d/%m/%Y}" if card.date_of_expiry else NO_EXPIRY_WORDS)),
        _row(13, tlv.encode(_SEQUENCE, _utf8(card.father)), tlv.encode(_SEQUENCE, _utf8(card.mother))),
        _row(14),
        _row(15, tlv.encode(_PRINTABLE, card.old_number.encode())),
        _row(16, tlv.encode(_PRINTABLE, b"0123456789ABCDEF")),
    )
    content = tlv.encode(0x06, _CONTENT_OID)
    return tlv.encode(0x6D, tlv.encode(_SEQUENCE, tlv.encode(_INTEGER, b"\0"), content, tlv.encode(0x31, *rows)))


def _row(number: int, *values: bytes) -> bytes:
    return tlv.encode(_SEQUENCE, tlv.encode(_INTEGER, bytes((number,))), *values)


def _utf8(text: str) -> bytes:
    return tlv.encode(_UTF8, unicodedata.normalize("NFC", text).encode())


def _printable_date(day: date) -> bytes:
    return tlv.encode(_PRINTABLE, f"{day:%d/%m/%Y}".encode())
