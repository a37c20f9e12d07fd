"""Where a virtual card is laid: the TCP side of vsmartcard's vpcd, which pcscd shows as a PC/SC reader.

A message is a 16-bit length and bytes; one byte 0, 1, 2 or 4 is power off, power on, reset, give the ATR.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Mapping

from drivers.card_reader.virtual_chip.chip import Chip
from drivers.card_reader.virtual_chip.departure import STAGES, CardLeaves, Departure
from drivers.card_reader.virtual_chip.image import ChipImage

_POWER_OFF, _POWER_ON, _RESET, _GIVE_ATR = b"\0", b"\1", b"\2", b"\4"
_LENGTH = struct.Struct(">H")
_CONNECT_TIMEOUT_S = 5.0


class VirtualReader:
    """A place for one card at a time, in front of the vpcd that listens on `host`:`port`."""

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._socket: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._departure: Departure | None = None
        self._chip: Chip | None = None

    def leave_at(self, stage: str, block: int = 0) -> None:
        """Let the next card that is laid down leave by itself while its chip gives `stage`, one of `STAGES`.

        It leaves instead of giving the stage's answer number `block`, counted from 0. Raises: ValueError.
        """
        if stage not in STAGES:
            raise ValueError(f"a card leaves at one of {', '.join(STAGES)}")
        self._departure = Departure(stage, block)

    @property
    def given(self) -> Mapping[int, int]:
        """Bytes that were read of each file, by its identifier, of the card that was laid down last."""
        return self._chip.given if self._chip else {}

    def lay_down(self, image: ChipImage) -> None:
        """Put a card into the field, in place of the one that lies there. Raises: OSError without a vpcd."""
        self.take_off()
        self._chip, self._departure = Chip(image, self._departure), None
        self._socket = socket.create_connection(self._address, timeout=_CONNECT_TIMEOUT_S)
        self._socket.settimeout(None)
        self._thread = threading.Thread(target=_serve, args=(self._socket, self._chip), daemon=True)
        self._thread.start()

    def take_off(self) -> None:
        """Take the card out of the field, whatever it was doing."""
        if self._socket is None or self._thread is None:
            return
        with contextlib.suppress(OSError):  # vpcd may have gone first
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()
        self._socket = self._thread = None

    @property
    def holds_card(self) -> bool:
        """Whether a card lies here and vpcd still speaks to it."""
        return self._thread is not None and self._thread.is_alive()


def _serve(connection: socket.socket, chip: Chip) -> None:
    """Answer vpcd until either side hangs up."""
    with contextlib.suppress(OSError, CardLeaves):
        while (message := _receive(connection)) is not None:
            if message == _GIVE_ATR:
                _send(connection, chip.atr)
            elif message in (_POWER_ON, _RESET):
                chip.power_on()
            elif message != _POWER_OFF:
                answer = chip.answer(message)
                time.sleep(chip.seconds_for(len(message) + len(answer)))
                _send(connection, answer)
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def _send(connection: socket.socket, message: bytes) -> None:
    connection.sendall(_LENGTH.pack(len(message)) + message)


def _receive(connection: socket.socket) -> bytes | None:
    head = _receive_exactly(connection, _LENGTH.size)
    return None if head is None else _receive_exactly(connection, _LENGTH.unpack(head)[0])


def _receive_exactly(connection: socket.socket, count: int) -> bytes | None:
    received = b""
    while len(received) < count:
        # vpcd sends length and bytes apart; without this, re-armed each time, every APDU waits 40 ms for an ACK
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        part = connection.recv(count - len(received))
        if not part:
            return None
        received += part
    return received
