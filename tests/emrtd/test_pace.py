"""ICAO Doc 9303-11 Appendix G.1 (ECDH, generic mapping), byte for byte, and what a chip must not get away with.

The one difference to the printed example: MSE:Set AT carries tag 84, which chips in the field insist on.
"""

from collections.abc import Callable
from typing import Any

import pytest

from kiosk.emrtd import pace, security_infos
from kiosk.emrtd.apdu import CommandApdu
from kiosk.emrtd.channel import Channel
from kiosk.emrtd.ciphers import BlockCipher
from kiosk.emrtd.curves import BY_PARAMETER_ID, Curve
from kiosk.emrtd.kdf import Purpose, derive_key
from kiosk.emrtd.mrz import mrz_information
from kiosk.emrtd.secure_messaging import SecureMessaging
from kiosk.errors import CardAnswerInvalid, ChipFailed, FileAbsent, PointInvalid, WrongAccessKey

OFFER = security_infos.parse(bytes.fromhex("31143012060A04007F0007020204020202010202010D"))
PASSWORD = pace.Password.from_mrz(mrz_information("T22000129", "640812", "101031"))
TERMINAL_KEYS = (
    0x7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99,
    0xA73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595,
)
SET_AT = ("00 22 C1 A4 12 800A04007F00070202040202 830101 84010D", "9000")
NONCE = ("10 86 00 00 02 7C00 00", "7C12 8010 95A3A016522EE98D01E76CB6B98B42C3 9000")
MAP_SENT = (
    "10 86 00 00 45 7C43 8141 04"
    "7ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E"
    "544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D 00"
)
MAP_ANSWERED = (
    "7C43 8241 04"
    "824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F57"
    "30D8C879AAA9C9F73991E61B58F4D52EB87A0A0C709A49DC63719363CCD13C54 9000"
)
AGREE_SENT = (
    "10 86 00 00 45 7C43 8341 04"
    "2DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C"
    "3556F3B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB36462 00"
)
AGREE_ANSWERED = (
    "7C43 8441 04"
    "9E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB"
    "7764B22277A2EDDC3C265A9F018F9CB852E111B768B326904B59A0193776F094 9000"
)
TOKEN_SENT = "00 86 00 00 0C 7C0A 8508 C2B0BD78D94BA866 00"
TOKEN_ANSWERED = "7C0A 8608 3ABB9674BCE93C08 9000"
EXAMPLE = (SET_AT, NONCE, (MAP_SENT, MAP_ANSWERED), (AGREE_SENT, AGREE_ANSWERED), (TOKEN_SENT, TOKEN_ANSWERED))


def drawn() -> Callable[[Curve], int]:
    keys = iter(TERMINAL_KEYS)
    return lambda curve: next(keys)


def run(card: Any) -> Channel:
    channel = Channel(card)
    info = pace.select(OFFER.pace)
    assert info
    pace.establish(channel, info, PASSWORD, drawn())
    return channel


def test_password_key_and_nonce_of_appendix_g_1() -> None:
    key = derive_key(PASSWORD.secret, Purpose.PASSWORD, BlockCipher.AES_128)
    assert key.hex().upper() == "89DED1B26624EC1E634C1989302849DD"
    nonce = BlockCipher.AES_128.decrypt(key, bytes.fromhex("95A3A016522EE98D01E76CB6B98B42C3"))
    assert nonce.hex().upper() == "3F00C4D39D153F2B2A214A078D899B22"


def test_run_of_appendix_g_1_ends_in_its_session_keys(script: Callable[..., Any]) -> None:
    expected = SecureMessaging(
        BlockCipher.AES_128,
        bytes.fromhex("F5F0E35C0D7161EE6724EE513A0D9A7F"),
        bytes.fromhex("FE251C7858B356B24514B3BD5F4297D1"),
    )
    command = CommandApdu(0x00, 0xA4, 0x04, 0x0C, bytes.fromhex("A0000002471001"))
    protected = expected.protect(command).encode().hex()
    card = script(*EXAMPLE, (protected, "6988"))
    channel = run(card)
    with pytest.raises(Exception, match="6988"):
        channel.send(command)
    assert card.sent[-1] == protected


def test_strongest_cipher_offered_is_taken_and_unknown_curves_are_passed_over() -> None:
    offered = (
        security_infos.PaceInfo("0.4.0.127.0.7.2.2.4.2.1", 2, 13),
        security_infos.PaceInfo("0.4.0.127.0.7.2.2.4.2.4", 2, 12),
        security_infos.PaceInfo("0.4.0.127.0.7.2.2.4.2.4", 2, 99),
        security_infos.PaceInfo("0.4.0.127.0.7.2.2.4.6.4", 2, 13),
    )
    assert pace.select(offered) == offered[1]
    assert pace.select(offered[2:]) is None


@pytest.mark.parametrize("status", ["6300", "63C2", "6982"])
def test_refused_token_is_a_wrong_key(script: Callable[..., Any], status: str) -> None:
    with pytest.raises(WrongAccessKey):
        run(script(*EXAMPLE[:-1], (TOKEN_SENT, status)))


def test_wrong_token_of_the_chip_opens_no_session(script: Callable[..., Any]) -> None:
    with pytest.raises(CardAnswerInvalid, match="token"):
        run(script(*EXAMPLE[:-1], (TOKEN_SENT, TOKEN_ANSWERED.replace("3ABB", "3ABA"))))


def test_own_key_sent_back_is_refused(script: Callable[..., Any]) -> None:
    reflected = MAP_SENT[len("10 86 00 00 45 ") : -2].replace("8141", "8241") + "9000"
    with pytest.raises(PointInvalid, match="back"):
        run(script(SET_AT, NONCE, (MAP_SENT, reflected)))


@pytest.mark.parametrize(
    "point", ["04" + "01" * 64, "02" + "01" * 32, "00", "04" + "00" * 64, "04" + "FF" * 64], ids=str.__len__
)
def test_point_off_the_curve_is_refused(script: Callable[..., Any], point: str) -> None:
    length = len(point) // 2
    answer = f"7C{length + 2:02X} 82{length:02X} {point} 9000"
    with pytest.raises(PointInvalid):
        run(script(SET_AT, NONCE, (MAP_SENT, answer)))


@pytest.mark.parametrize("answer", ["7C02 8000 9000", "9000", "7C05 8010 9000", "7C12 8110" + "00" * 16 + "9000"])
def test_malformed_nonce_is_named(script: Callable[..., Any], answer: str) -> None:
    with pytest.raises(CardAnswerInvalid):
        run(script(SET_AT, (NONCE[0], answer)))


def test_chip_without_the_password_says_so(script: Callable[..., Any]) -> None:
    with pytest.raises(FileAbsent):
        run(script((SET_AT[0], "6A88")))


def test_any_other_error_is_the_chips_and_not_the_keys(script: Callable[..., Any]) -> None:
    with pytest.raises(ChipFailed, match="6F00"):
        run(script(SET_AT, NONCE, (MAP_SENT, "6F00")))


def test_shared_coordinate_keeps_its_leading_zeros() -> None:
    curve = BY_PARAMETER_ID[13]
    small = next(point for scalar in range(1, 5000) if (point := curve.base_point * scalar).x() >> 248 == 0)
    assert len(curve.coordinate(small)) == 32
