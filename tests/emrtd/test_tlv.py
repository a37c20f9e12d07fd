import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.emrtd import tlv
from kiosk.errors import TlvInvalid


@given(st.sampled_from([0x02, 0x30, 0x7C, 0x5F1F, 0x7F49, 0x7F60]), st.binary(max_size=70_000))
def test_what_was_encoded_is_read_back(tag: int, value: bytes) -> None:
    item = tlv.parse_one(tlv.encode(tag, value), tag)
    assert (item.tag, item.value) == (tag, value)


@pytest.mark.parametrize(
    ("length", "encoded"),
    [(0, "00"), (127, "7F"), (128, "8180"), (255, "81FF"), (256, "820100"), (65536, "83010000")],
)
def test_lengths_take_their_shortest_form(length: int, encoded: str) -> None:
    assert tlv.encode_length(length).hex().upper() == encoded


def test_long_forms_that_are_longer_than_needed_are_read() -> None:
    assert tlv.parse_one(bytes.fromhex("6D820002AABB"), 0x6D).value == b"\xaa\xbb"


@pytest.mark.parametrize(
    "encoded",
    ["", "60", "5F", "6082", "608201", "6005AA", "6080AABB0000", "60850000000001AA", "1F81818101", "3003020205"],
    ids=["empty", "no length", "half a tag", "half a length", "short length", "short value", "indefinite",
         "five length bytes", "endless tag", "inner cut short"],
)  # fmt: skip
def test_malformed_objects_are_named(encoded: str) -> None:
    with pytest.raises(TlvInvalid):
        tlv.parse_one(bytes.fromhex(encoded), 0x30).children()


def test_header_gives_the_length_of_a_file_that_is_not_read_yet() -> None:
    head = tlv.header(bytes.fromhex("7582466C7F618246"))
    assert (head.tag, head.total_length) == (0x75, 0x466C + 4)
