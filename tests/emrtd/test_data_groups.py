"""DG1, DG2, DG13 and SecurityInfos: what is taken, what is left, what is refused."""

import io
from collections.abc import Collection
from dataclasses import replace
from datetime import date

import pytest
from PIL import Image

from kiosk.emrtd import dg1, dg2, dg13, security_infos, tlv
from kiosk.emrtd.dg13 import Dg13Field
from kiosk.emrtd.mrz import Td1
from kiosk.errors import CardNotSupported, DerInvalid, MrzInvalid, PortraitInvalid, TlvInvalid
from provisioning.rig import people
from provisioning.rig.people import Persona
from provisioning.trust import data_groups


@pytest.fixture
def fields(persona: Persona) -> Td1:
    return data_groups.mrz_fields(persona.card)


def test_century_of_birth_comes_from_the_citizen_number(fields: Td1) -> None:
    assert dg1.parse(data_groups.dg1(fields)).date_of_birth == date(1992, 9, 30)
    young = replace(fields, optional_data="098292007358<<" + data_groups.check_digit("098292007358"))
    assert dg1.parse(data_groups.dg1(young)).date_of_birth == date(2092, 9, 30)


@pytest.mark.parametrize("text", ["920000", "92<<<<", "920900"])
def test_unknown_day_or_month_of_birth_falls_on_its_first_and_is_marked(fields: Td1, text: str) -> None:
    card = dg1.parse(data_groups.dg1(replace(fields, date_of_birth=text)))
    assert card.date_of_birth_is_partial
    assert card.date_of_birth == date(1992, 9 if text == "920900" else 1, 1)


@pytest.mark.parametrize("text", ["991231", "<<<<<<"])
def test_card_without_expiry_has_none(fields: Td1, text: str) -> None:
    assert dg1.parse(data_groups.dg1(replace(fields, date_of_expiry=text))).date_of_expiry is None


@pytest.mark.parametrize("changes", [{"date_of_birth": "921331"}, {"date_of_expiry": "A20930"}])
def test_impossible_dates_are_refused(fields: Td1, changes: dict[str, str]) -> None:
    with pytest.raises(MrzInvalid):
        dg1.parse(data_groups.dg1(replace(fields, **changes)))


@pytest.mark.parametrize(
    "changes",
    [{"issuing_state": "UTO"}, {"document_code": "AC"}, {"optional_data": ""}, {"optional_data": "09809200735<<4"}],
)
def test_other_documents_are_not_supported(fields: Td1, changes: dict[str, str]) -> None:
    with pytest.raises(CardNotSupported):
        dg1.parse(data_groups.dg1(replace(fields, **changes)))


def test_check_digit_of_the_citizen_number_is_checked(fields: Td1) -> None:
    wrong = str((int(fields.optional_data[-1]) + 1) % 10)
    with pytest.raises(MrzInvalid, match="citizen number"):
        dg1.parse(data_groups.dg1(replace(fields, optional_data=fields.optional_data[:-1] + wrong)))


# DG13 ----------------------------------------------------------------------------------------------------


def test_only_the_fields_asked_for_are_kept(persona: Persona) -> None:
    found = dg13.parse(data_groups.dg13(persona.card), {Dg13Field.NAME, Dg13Field.OLD_NUMBER})
    assert found == {Dg13Field.NAME: ("Trần Quang Minh",), Dg13Field.OLD_NUMBER: ("098765432",)}


def test_religion_cannot_even_be_asked_for() -> None:
    assert 7 not in list(Dg13Field)
    with pytest.raises(ValueError, match="7"):
        Dg13Field(7)


@pytest.mark.parametrize("nested", [True, False])
def test_parents_are_read_in_both_forms_seen(nested: bool) -> None:
    parents = [tlv.encode(0x30, tlv.encode(0x0C, name.encode())) for name in ("Trần Văn A", "Lê Thị B")]
    values = [tlv.encode(0x30, *parents)] if nested else parents
    found = dg13.parse(dg13_of((13, values)), {Dg13Field.PARENTS})
    assert found[Dg13Field.PARENTS] == ("Trần Văn A", "Lê Thị B")


def test_field_without_a_value_is_left_out() -> None:
    assert dg13.parse(dg13_of((14, [])), {Dg13Field.SPOUSE}) == {}


def test_name_comes_in_composed_form() -> None:
    decomposed = tlv.encode(0x0C, "Nguyê\u0303n".encode())
    assert dg13.parse(dg13_of((2, [decomposed])), {Dg13Field.NAME}) == {Dg13Field.NAME: ("Nguyễn",)}


def test_card_without_expiry_says_so_in_words() -> None:
    elder = people.load("tu").card
    assert dg13.parse(data_groups.dg13(elder), {Dg13Field.DATE_OF_EXPIRY})[Dg13Field.DATE_OF_EXPIRY] == (
        "Không thời hạn",
    )


@pytest.mark.parametrize(
    "contents",
    [b"", b"\x6d\x00", tlv.encode(0x6D, tlv.encode(0x30, tlv.encode(0x06, b"\x2a\x03"), tlv.encode(0x31))),
     tlv.encode(0x75, b"")],
)  # fmt: skip
def test_dg13_of_another_form_is_named(contents: bytes) -> None:
    with pytest.raises(TlvInvalid):
        dg13.parse(contents, {Dg13Field.NAME})


def dg13_of(*rows: tuple[int, Collection[bytes]]) -> bytes:
    encoded = [tlv.encode(0x30, tlv.encode(0x02, bytes((number,))), *values) for number, values in rows]
    oid = tlv.encode(0x06, bytes.fromhex("28D316010008"))
    return tlv.encode(0x6D, tlv.encode(0x30, tlv.encode(0x02, b"\0"), oid, tlv.encode(0x31, *encoded)))


# DG2 -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "JPEG2000"])
def test_portrait_is_the_image_that_went_in(portraits: dict[str, bytes], kind: str) -> None:
    image = dg2.portrait(data_groups.dg2(portraits[kind]))
    assert image == portraits[kind]
    with Image.open(io.BytesIO(image)) as picture:
        assert picture.size == (360, 480)


def test_bare_codestream_is_taken_too(portraits: dict[str, bytes]) -> None:
    jp2 = portraits["JPEG2000"]
    codestream = jp2[jp2.index(b"\xff\x4f\xff\x51") :]
    contents = tlv.encode(0x75, tlv.encode(0x7F61, tlv.encode(0x7F60, tlv.encode(0x5F2E, face_record(codestream)))))
    assert dg2.portrait(contents) == codestream


def test_feature_points_before_the_image_are_skipped(portraits: dict[str, bytes]) -> None:
    record = face_record(portraits["JPEG"], feature_points=13)
    contents = tlv.encode(0x75, tlv.encode(0x7F61, tlv.encode(0x7F60, tlv.encode(0x7F2E, record))))
    assert dg2.portrait(contents) == portraits["JPEG"]


def face_record(image: bytes, feature_points: int = 0) -> bytes:
    """ISO/IEC 19794-5 §5: record header, facial information, feature points, image information, image."""
    length = 20 + 8 * feature_points + 12 + len(image)
    header = b"FAC\0" + b"010\0" + (14 + length).to_bytes(4, "big") + b"\0\1"
    information = length.to_bytes(4, "big") + feature_points.to_bytes(2, "big") + bytes(14)
    return header + information + bytes(8 * feature_points) + bytes(12) + image


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"FAC\0",
        b"XYZ\0" + bytes(60),
        face_record(b"GIF89a"),
        face_record(b"\xff\xd8\xff", feature_points=9)[:60],
    ],
)
def test_anything_but_a_face_image_is_named(record: bytes) -> None:
    with pytest.raises(PortraitInvalid):
        dg2.portrait(tlv.encode(0x75, tlv.encode(0x7F61, tlv.encode(0x7F60, tlv.encode(0x5F2E, record)))))


# SecurityInfos -------------------------------------------------------------------------------------------


def test_card_access_of_a_vietnamese_card_is_understood() -> None:
    infos = security_infos.parse(
        bytes.fromhex(
            "3134300d060804007f0007020202020101300f060a04007f000702020302020201013012060a04007f0007020204020202010202010d"
        )
    )
    assert infos.pace == (security_infos.PaceInfo("0.4.0.127.0.7.2.2.4.2.2", 2, 13),)
    assert infos.chip_authentication == (security_infos.ChipAuthenticationInfo("0.4.0.127.0.7.2.2.3.2.2", 1, None),)
    assert infos.chip_authentication_keys == ()


@pytest.mark.parametrize(
    "encoded",
    ["", "3000", "3102", "31023000", "310330 01 00", "3106 3004 0600 0200", "3109 3007 0601 80 020101",
     "31143012060A04007F00070202040202040102020100"],
)  # fmt: skip
def test_malformed_security_infos_are_named(encoded: str) -> None:
    with pytest.raises(DerInvalid):
        security_infos.parse(bytes.fromhex(encoded))
