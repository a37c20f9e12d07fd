"""ICAO Doc 9303-11 Appendix D.4, byte for byte, and what must never be taken for an answer."""

from collections.abc import Callable
from typing import Any

import pytest

from kiosk.emrtd.apdu import CommandApdu
from kiosk.emrtd.channel import Channel
from kiosk.emrtd.ciphers import BlockCipher
from kiosk.emrtd.secure_messaging import SecureMessaging
from kiosk.errors import SecureMessagingBroken

SELECT = "0C A4 02 0C 15 8709 01 6375432908C044F6 8E08 BF8B92D635FF24F8 00"
SELECTED = "99029000 8E08 FA855A5D4C50A8ED 9000"
READ_4 = "0C B0 00 00 0D 970104 8E08 ED6705417E96BA55 00"
FOUR_BYTES = "8709 01 9FF0EC34F9922651 99029000 8E08 AD55CC17140B2DED 9000"
READ_18 = "0C B0 00 04 0D 970112 8E08 2EA28A70F3C7B535 00"
EIGHTEEN_BYTES = "8719 01 FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A 99029000 8E08 C8B2787EAEA07D74 9000"


def session() -> SecureMessaging:
    """KS.Enc, KS.MAC and the counter that Appendix D.3 ends with."""
    return SecureMessaging(
        BlockCipher.TRIPLE_DES,
        bytes.fromhex("979EC13B1CBFE9DCD01AB0FED307EAE5"),
        bytes.fromhex("F1CB1F1FB5ADF208806B89DC579DC1F8"),
        counter=0x887022120C06C226,
    )


def read(offset: int, length: int) -> CommandApdu:
    return CommandApdu(0x00, 0xB0, 0x00, offset, expected_length=length)


def channel_to(card: Any) -> Channel:
    channel = Channel(card)
    channel.open_session(session())
    channel.send(CommandApdu(0x00, 0xA4, 0x02, 0x0C, bytes.fromhex("011E")))
    return channel


def test_ef_com_is_read_as_in_appendix_d_4(script: Callable[..., Any]) -> None:
    channel = channel_to(script((SELECT, SELECTED), (READ_4, FOUR_BYTES), (READ_18, EIGHTEEN_BYTES)))
    assert channel.send(read(0, 4)).data == bytes.fromhex("60145F01")
    assert channel.send(read(4, 18)).data == bytes.fromhex("04303130365F36063034303030305C026175")


@pytest.mark.parametrize(
    "answer",
    [
        "60145F01 9000",
        "9000",
        "6987",
        "6988",
        "6700",
        FOUR_BYTES.replace("AD55", "AD54"),
        FOUR_BYTES.replace("9FF0", "9FF1"),
        FOUR_BYTES[:-4] + "6282",
        "8709 01 9FF0EC34F9922651 8E08 AD55CC17140B2DED 9000",
        "8709 01 9FF0EC34F9922651 99029000 9000",
        "99029000 8709 01 9FF0EC34F9922651 8E08 AD55CC17140B2DED 9000",
        SELECTED,
        "8709 9000",
    ],
    ids=[
        "plain data", "plain success", "objects missing", "objects incorrect", "plain wrong length", "wrong MAC",
        "changed cryptogram", "other status outside", "status left out", "MAC left out", "objects swapped",
        "the answer before", "no TLV",
    ],
)  # fmt: skip
def test_anything_but_a_protected_answer_ends_the_session(script: Callable[..., Any], answer: str) -> None:
    channel = channel_to(script((SELECT, SELECTED), (READ_4, answer)))
    with pytest.raises(SecureMessagingBroken):
        channel.send(read(0, 4))
    with pytest.raises(SecureMessagingBroken, match="closed"):
        channel.send(read(0, 4))


def test_long_commands_and_answers_use_extended_length_throughout() -> None:
    protected = session().protect(read(0, 2000))
    assert protected.encode()[4:7] == b"\0" + len(protected.data).to_bytes(2, "big")
    assert protected.data.startswith(bytes.fromhex("970207D0"))
    assert protected.encode().endswith(b"\0\0")
