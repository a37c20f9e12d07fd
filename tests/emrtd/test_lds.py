"""Reading files: what chips in the field do to a terminal that asks for too much, or trusts too much."""

from collections.abc import Callable
from typing import Any

import pytest

from kiosk.emrtd.channel import Channel
from kiosk.emrtd.lds import FileReader, LdsFile
from kiosk.errors import ApduInvalid, ChipFailed, FileAbsent, FileRefused, FileUnreachable, TlvInvalid


class FileCard:
    """A card with one file; READ BINARY of more than `limit` bytes is answered with `refusal`."""

    def __init__(self, contents: bytes, limit: int = 65536, refusal: str = "6700") -> None:
        self._contents, self._limit, self._refusal = contents, limit, bytes.fromhex(refusal)
        self.asked: list[int] = []

    def transmit(self, command: bytes) -> bytes:
        if command[1] == 0xA4:
            return b"\x90\x00"
        if command[1] == 0xB1:
            length, offset = command[-1], int.from_bytes(command[7:-1], "big")
            part = self._contents[offset : offset + length - 4]
            self.asked.append(length)
            return b"\x53\x81" + bytes((len(part),)) + part + b"\x90\x00"
        length = int.from_bytes(command[5:], "big") if len(command) > 5 else command[4] or 256
        offset = command[3] if command[2] & 0x80 else command[2] << 8 | command[3]
        self.asked.append(length)
        if length > self._limit:
            return self._refusal
        part = self._contents[offset : offset + length]
        return part + (b"\x90\x00" if len(part) == length else b"\x62\x82")


def dg2_of(length: int) -> bytes:
    return (
        b"\x75\x83"
        + (length - 5).to_bytes(3, "big")
        + bytes(range(256)) * (length // 256)
        + bytes(length % 256 - 5)
    )


@pytest.mark.parametrize("refusal", ["6700", "6B00", "6282", "6C80"])
def test_refused_block_size_is_stepped_down_once_and_remembered(refusal: str) -> None:
    contents = dg2_of(3000)
    card = FileCard(contents, limit=200, refusal=refusal)
    reader = FileReader(Channel(card), (2000, 223, 160, 96))
    assert reader.read(LdsFile.DG2) == contents
    assert card.asked[:3] == [2000, 223, 160]
    assert set(card.asked[3:-1]) == {160}


def test_file_beyond_32_kib_is_read_to_the_end() -> None:
    contents = dg2_of(40_000)
    assert FileReader(Channel(FileCard(contents))).read(LdsFile.DG2) == contents


def test_small_file_takes_one_command() -> None:
    card = FileCard(bytes.fromhex("6D02AABB"))
    assert FileReader(Channel(card), (2000, 223)).read(LdsFile.DG13) == bytes.fromhex("6D02AABB")
    assert card.asked == [2000]


def test_padding_after_the_file_is_left_out() -> None:
    assert FileReader(Channel(FileCard(bytes.fromhex("6D02AABB0000")))).read(LdsFile.DG13).hex() == "6d02aabb"


def test_the_file_before_is_not_taken_for_the_one_asked_for() -> None:
    with pytest.raises(TlvInvalid, match="tag 6D"):
        FileReader(Channel(FileCard(bytes.fromhex("6D02AABB")))).read(LdsFile.DG14)


def test_length_that_no_card_can_hold_is_refused_at_once() -> None:
    card = FileCard(bytes.fromhex("7584FFFFFFFF00"))
    with pytest.raises(TlvInvalid):
        FileReader(Channel(card)).read(LdsFile.DG2)
    assert len(card.asked) == 1


def test_file_shorter_than_it_says_is_an_error_and_not_an_endless_loop() -> None:
    with pytest.raises(ChipFailed):
        FileReader(Channel(FileCard(dg2_of(3000)[:1000]))).read(LdsFile.DG2)


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        (["6A82"], FileAbsent),
        (["6982"], FileRefused),
        (["6A86", "6A82"], FileAbsent),
        (["6A86", "6982"], FileRefused),
        (["6D00", "6D00"], FileUnreachable),
        (["6F00", "6F00"], ChipFailed),
        (["75820400" + "00" * 300 + "9000"], ApduInvalid),
    ],
)
def test_each_refusal_has_its_name(script: Callable[..., Any], answers: list[str], error: type[Exception]) -> None:
    commands = ["00 B0 82 00 DF", "00 A4 02 0C 02 0102"]
    with pytest.raises(error) as caught:
        FileReader(Channel(script(*zip(commands, answers, strict=False)))).read(LdsFile.DG2)
    assert type(caught.value) is error
