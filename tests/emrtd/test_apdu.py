import pytest

from kiosk.emrtd.apdu import CommandApdu, ResponseApdu, StatusWord
from kiosk.errors import ApduInvalid


@pytest.mark.parametrize(
    ("command", "encoded"),
    [
        (CommandApdu(0x00, 0x22, 0xC1, 0xA4), "0022C1A4"),
        (CommandApdu(0x00, 0xB0, 0x00, 0x00, expected_length=4), "00B0000004"),
        (CommandApdu(0x00, 0xB0, 0x00, 0x00, expected_length=256), "00B0000000"),
        (CommandApdu(0x00, 0xA4, 0x02, 0x0C, b"\x01\x1e"), "00A4020C02011E"),
        (CommandApdu(0x00, 0x86, 0x00, 0x00, b"\x7c\x00", 256), "00860000027C0000"),
        (CommandApdu(0x00, 0xB0, 0x00, 0x00, expected_length=512), "00B00000000200"),
        (CommandApdu(0x00, 0xB0, 0x00, 0x00, expected_length=65536), "00B00000000000"),
        (CommandApdu(0x00, 0x86, 0x00, 0x00, b"\x7c\x00", 2000), "008600000000027C0007D0"),
        (CommandApdu(0x00, 0xD6, 0x00, 0x00, bytes(256)), "00D60000000100" + "00" * 256),
    ],
    ids=["case 1", "case 2", "case 2 all", "case 3", "case 4", "case 2E", "case 2E all", "case 4E", "case 3E"],
)
def test_each_case_of_iso_7816_is_encoded_as_the_standard_says(command: CommandApdu, encoded: str) -> None:
    assert command.encode().hex().upper() == encoded


def test_an_answer_is_data_and_a_status_word() -> None:
    response = ResponseApdu.parse(bytes.fromhex("60145F019000"))
    assert response.data == bytes.fromhex("60145F01")
    assert response.status.is_success


@pytest.mark.parametrize("raw", [b"", b"\x90"])
def test_an_answer_without_a_status_word_is_refused(raw: bytes) -> None:
    with pytest.raises(ApduInvalid):
        ResponseApdu.parse(raw)


def test_an_answer_never_shows_its_data() -> None:
    assert repr(ResponseApdu(b"NGUYEN", StatusWord(0x9000))) == "ResponseApdu(<6 bytes>, 9000)"
