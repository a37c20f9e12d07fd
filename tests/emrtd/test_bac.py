"""ICAO Doc 9303-11 Appendix D.1 to D.3, byte for byte."""

from collections.abc import Callable
from typing import Any

import pytest

from kiosk.emrtd import bac
from kiosk.emrtd.apdu import CommandApdu
from kiosk.emrtd.channel import Channel
from kiosk.emrtd.ciphers import BlockCipher
from kiosk.emrtd.kdf import Purpose, derive_key
from kiosk.emrtd.mrz import mrz_information
from kiosk.errors import CardAnswerInvalid, WrongAccessKey

INFORMATION = mrz_information("L898902C", "690806", "940623")
CHALLENGE = ("00 84 00 00 08", "46 08 F9 19 88 70 22 12 90 00")
AUTHENTICATE = "00 82 00 00 28 72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2 5F1448EEA8AD90A7 28"
ANSWER = "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F 2F2D235D074D7449"
SELECT_EF_COM = (
    "0C A4 02 0C 15 8709 01 6375432908C044F6 8E08 BF8B92D635FF24F8 00",
    "99029000 8E08 FA855A5D4C50A8ED 9000",
)


def terminal_randomness(length: int) -> bytes:
    """RND.IFD and K.IFD of the worked example."""
    return bytes.fromhex({8: "781723860C06C226", 16: "0B795240CB7049B01C19B33E32804F0B"}[length])


def test_keys_of_appendix_d_1() -> None:
    seed = bytes.fromhex("239AB9CB282DAF66231DC5A4DF6BFBAE")
    encryption = derive_key(seed, Purpose.ENCRYPTION, BlockCipher.TRIPLE_DES)
    authentication = derive_key(seed, Purpose.AUTHENTICATION, BlockCipher.TRIPLE_DES)
    assert encryption.hex().upper() == "AB94FDECF2674FDFB9B391F85D7F76F2"
    assert authentication.hex().upper() == "7962D9ECE03D1ACD4C76089DCE131543"


def test_session_of_appendix_d_3_is_opened_and_protects_as_in_d_4(script: Callable[..., Any]) -> None:
    card = script(CHALLENGE, (AUTHENTICATE, ANSWER + "9000"), SELECT_EF_COM)
    channel = Channel(card)
    bac.establish(channel, INFORMATION, draw=terminal_randomness)
    assert channel.send(CommandApdu(0x00, 0xA4, 0x02, 0x0C, bytes.fromhex("011E"))).status.is_success


@pytest.mark.parametrize("status", ["6300", "6982", "6985", "6988"])
def test_refusal_by_the_chip_is_a_wrong_key(script: Callable[..., Any], status: str) -> None:
    channel = Channel(script(CHALLENGE, (AUTHENTICATE, status)))
    with pytest.raises(WrongAccessKey):
        bac.establish(channel, INFORMATION, draw=terminal_randomness)
    assert not channel.is_protected


@pytest.mark.parametrize("answer", [ANSWER.replace("46B9", "46B8"), ANSWER[:-2] + "48", ANSWER[:-2]])
def test_chip_that_does_not_prove_the_key_opens_no_session(script: Callable[..., Any], answer: str) -> None:
    channel = Channel(script(CHALLENGE, (AUTHENTICATE, answer + "9000")))
    with pytest.raises(CardAnswerInvalid):
        bac.establish(channel, INFORMATION, draw=terminal_randomness)
    assert not channel.is_protected


def test_answer_to_another_challenge_is_refused_though_its_mac_is_right(script: Callable[..., Any]) -> None:
    cipher = BlockCipher.TRIPLE_DES
    encryption_key = bytes.fromhex("AB94FDECF2674FDFB9B391F85D7F76F2")
    mac_key = bytes.fromhex("7962D9ECE03D1ACD4C76089DCE131543")
    plain = bytearray(cipher.decrypt(encryption_key, bytes.fromhex(ANSWER)[:32]))
    plain[8] ^= 1  # RND.IFD as the chip echoes it
    cryptogram = cipher.encrypt(encryption_key, bytes(plain))
    answer = cryptogram + cipher.mac(mac_key, cipher.pad(cryptogram))
    channel = Channel(script(CHALLENGE, (AUTHENTICATE, answer.hex() + "9000")))
    with pytest.raises(CardAnswerInvalid, match="challenge"):
        bac.establish(channel, INFORMATION, draw=terminal_randomness)
