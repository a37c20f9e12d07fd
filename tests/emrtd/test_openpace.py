"""Our two sides of PACE against OpenPACE (Debian's libeac3), which shares no line with them.

libeac plays the card for our terminal and the terminal for our modelled card; its cipher and MAC also check the
AES secure messaging that follows.
"""

import ctypes
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from drivers.card_reader.virtual_chip import ChipImage
from kiosk.emrtd import pace, security_infos, tlv
from kiosk.emrtd.apdu import CommandApdu
from kiosk.emrtd.channel import Channel
from kiosk.errors import WrongAccessKey

CARD_ACCESS = bytes.fromhex(
    "3134300d060804007f0007020202020101300f060a04007f000702020302020201013012060a04007f0007020204020202010202010d"
)
"""EF.CardAccess as several public apps show it of Vietnamese cards."""
CAN = "007358"
_CAN_TYPE = 2
_PACE_CONTEXT = 0


class BufMem(ctypes.Structure):
    """OpenSSL's BUF_MEM."""

    _fields_ = (
        ("length", ctypes.c_size_t),
        ("data", ctypes.c_void_p),
        ("max", ctypes.c_size_t),
        ("flags", ctypes.c_ulong),
    )


BufPointer = ctypes.POINTER(BufMem)


class Eac:
    """One PACE run of libeac; every call that takes or gives bytes goes through `call`."""

    def __init__(self, can: str, card_access: bytes = CARD_ACCESS) -> None:
        self.library = ctypes.CDLL("libeac.so.3")
        self.library.EAC_init()
        self._declare()
        self.context = ctypes.c_void_p(self.library.EAC_CTX_new())
        assert self.library.EAC_CTX_init_ef_cardaccess(card_access, len(card_access), self.context) == 1
        self.secret = ctypes.c_void_p(self.library.PACE_SEC_new(can.encode(), len(can), _CAN_TYPE))

    def _declare(self) -> None:
        pointers = ("EAC_CTX_new", "PACE_SEC_new")
        buffers = (
            "PACE_STEP1_enc_nonce", "PACE_STEP3A_generate_mapping_data", "PACE_STEP3B_generate_ephemeral_key",
            "PACE_STEP3D_compute_authentication_token", "EAC_authenticate", "EAC_encrypt",
        )  # fmt: skip
        for name in pointers:
            getattr(self.library, name).restype = ctypes.c_void_p
        for name in buffers:
            getattr(self.library, name).restype = BufPointer
        self.library.PACE_SEC_new.argtypes = (ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int)

    def call(self, name: str, *arguments: Any) -> Any:
        """Bytes in and out as bytes, everything else as it is."""
        passed = [self._buffer(item) if isinstance(item, bytes) else item for item in arguments]
        result = getattr(self.library, name)(self.context, *passed)
        if isinstance(result, BufPointer):
            assert result, f"{name} failed"
            return ctypes.string_at(result.contents.data, result.contents.length)
        return result

    def _buffer(self, data: bytes) -> Any:
        self._kept = ctypes.create_string_buffer(data, len(data))
        return ctypes.byref(BufMem(len(data), ctypes.cast(self._kept, ctypes.c_void_p), len(data), 0))

    def derive_keys(self) -> None:
        assert self.call("PACE_STEP3C_derive_keys") == 1

    def start_session(self) -> None:
        assert self.call("EAC_CTX_set_encryption_ctx", _PACE_CONTEXT) == 1

    def close(self) -> None:
        self.library.PACE_SEC_clear_free(self.secret)
        self.library.EAC_CTX_clear_free(self.context)


@pytest.fixture
def eac() -> Iterator[Callable[[str], Eac]]:
    made: list[Eac] = []

    def make(can: str) -> Eac:
        made.append(Eac(can))
        return made[-1]

    yield make
    for one in made:
        one.close()


class EacCard:
    """libeac as a card: takes PACE's APDUs, then checks one protected command and seals its answer."""

    def __init__(self, eac: Eac) -> None:
        self._eac = eac
        self._step = self._nonce
        self.verified_command = False

    def transmit(self, raw: bytes) -> bytes:
        if raw[0] == 0x0C:
            return self._protected(raw)
        if raw[1] == 0x22:
            return b"\x90\x00"
        objects = tlv.parse_one(raw[5:-1], 0x7C).children()
        answer = self._step(objects[0].value if objects else b"")
        return tlv.encode(0x7C, answer) + b"\x90\x00" if answer else b"\x63\x00"

    def _nonce(self, _: bytes) -> bytes:
        self._step = self._map
        return tlv.encode(0x80, self._eac.call("PACE_STEP1_enc_nonce", self._eac.secret))

    def _map(self, point: bytes) -> bytes:
        self._step = self._agree
        own: bytes = self._eac.call("PACE_STEP3A_generate_mapping_data")
        assert self._eac.call("PACE_STEP3A_map_generator", point) == 1
        return tlv.encode(0x82, own)

    def _agree(self, point: bytes) -> bytes:
        self._step = self._confirm
        self._terminal_key = point
        own: bytes = self._eac.call("PACE_STEP3B_generate_ephemeral_key")
        assert self._eac.call("PACE_STEP3B_compute_shared_secret", point) == 1
        self._eac.derive_keys()
        return tlv.encode(0x84, own)

    def _confirm(self, token: bytes) -> bytes:
        if self._eac.call("PACE_STEP3D_verify_authentication_token", token) != 1:
            return b""
        answer: bytes = self._eac.call("PACE_STEP3D_compute_authentication_token", self._terminal_key)
        self._eac.start_session()
        return tlv.encode(0x86, answer)

    def _protected(self, raw: bytes) -> bytes:
        *covered, mac = tlv.parse(raw[5:-1])
        self._eac.call("EAC_increment_ssc")
        signed = pad(raw[:4]) + b"".join(item.raw for item in covered)
        assert self._eac.call("EAC_authenticate", pad(signed)) == mac.value
        self.verified_command = True
        self._eac.call("EAC_increment_ssc")
        body = tlv.encode(0x87, b"\x01", self._eac.call("EAC_encrypt", pad(b"Nguy\xe1\xbb\x85n")))
        body += tlv.encode(0x99, b"\x90\x00")
        return body + tlv.encode(0x8E, self._eac.call("EAC_authenticate", pad(body))) + b"\x90\x00"


def pad(data: bytes) -> bytes:
    """ISO/IEC 9797-1 method 2 to 16 bytes."""
    return (data + b"\x80").ljust(-(-(len(data) + 1) // 16) * 16, b"\0")


def run_terminal(card: EacCard, can: str) -> Channel:
    channel = Channel(card)
    info = pace.select(security_infos.parse(CARD_ACCESS).pace)
    assert info
    pace.establish(channel, info, pace.Password.from_can(can))
    return channel


def test_our_terminal_opens_a_foreign_card_with_the_right_can(eac: Callable[[str], Eac]) -> None:
    card = EacCard(eac(CAN))
    channel = run_terminal(card, CAN)
    answer = channel.send(CommandApdu(0x00, 0xB0, 0x9C, 0x00, expected_length=16))
    assert card.verified_command
    assert answer.data.decode() == "Nguyễn"


def test_our_terminal_hears_of_a_wrong_can(eac: Callable[[str], Eac]) -> None:
    with pytest.raises(WrongAccessKey):
        run_terminal(EacCard(eac(CAN)), "007359")


def run_foreign_terminal(eac: Eac, card: Any) -> bytes:
    """libeac through our card's PACE up to the card's token."""

    def exchange(tag: int | None, value: bytes = b"", *, is_last: bool = False) -> bytes:
        data = tlv.encode(0x7C, b"" if tag is None else tlv.encode(tag, value))
        command = CommandApdu(0x00 if is_last else 0x10, 0x86, 0, 0, data, 256)
        raw: bytes = card.transmit(command.encode())
        assert raw[-2:] == b"\x90\x00", raw[-2:].hex()
        return tlv.parse_one(raw[:-2], 0x7C).children()[0].value

    set_at = bytes.fromhex("800A04007F0007020204020283010284010D")
    assert card.transmit(CommandApdu(0, 0x22, 0xC1, 0xA4, set_at).encode()) == b"\x90\x00"
    assert eac.call("PACE_STEP2_dec_nonce", eac.secret, exchange(None)) == 1
    own = eac.call("PACE_STEP3A_generate_mapping_data")
    assert eac.call("PACE_STEP3A_map_generator", exchange(0x81, own)) == 1
    own = eac.call("PACE_STEP3B_generate_ephemeral_key")
    card_key = exchange(0x83, own)
    assert eac.call("PACE_STEP3B_compute_shared_secret", card_key) == 1
    eac.derive_keys()
    return exchange(0x85, eac.call("PACE_STEP3D_compute_authentication_token", card_key), is_last=True)


def test_our_card_opens_to_a_foreign_terminal(
    eac: Callable[[str], Eac], make_card: Callable[..., ChipImage], in_hand: Callable[..., Any]
) -> None:
    terminal, card = eac(CAN), in_hand(make_card())
    token = run_foreign_terminal(terminal, card)
    assert terminal.call("PACE_STEP3D_verify_authentication_token", token) == 1
    terminal.start_session()
    body = tlv.encode(0x87, b"\x01", seal(terminal, bytes.fromhex("A0000002471001")))
    mac = terminal.call("EAC_authenticate", pad(pad(bytes.fromhex("0CA4040C")) + body))
    answer = card.transmit(CommandApdu(0x0C, 0xA4, 0x04, 0x0C, body + tlv.encode(0x8E, mac), 256).encode())
    assert answer[-2:] == b"\x90\x00"
    terminal.call("EAC_increment_ssc")
    status, sealed = tlv.parse(answer[:-2])
    assert terminal.call("EAC_authenticate", pad(status.raw)) == sealed.value


def seal(terminal: Eac, data: bytes) -> bytes:
    terminal.call("EAC_increment_ssc")
    sealed: bytes = terminal.call("EAC_encrypt", pad(data))
    return sealed


def test_our_card_refuses_a_foreign_terminal_with_a_wrong_can(
    eac: Callable[[str], Eac], make_card: Callable[..., ChipImage], in_hand: Callable[..., Any]
) -> None:
    with pytest.raises(AssertionError, match="6300"):
        run_foreign_terminal(eac("007359"), in_hand(make_card()))
