"""The way to the chip: plain commands, or commands inside secure messaging once a session is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.emrtd.apdu import CommandApdu, ResponseApdu
from kiosk.errors import ChipFailed

if TYPE_CHECKING:
    from kiosk.emrtd.secure_messaging import SecureMessaging
    from kiosk.ports import Transceiver

MAX_COMMANDS = 2000
"""A genuine card needs under 150; one that hands out its files byte by byte must not hold the kiosk for ever."""


class Channel:
    """Sends command APDUs to one card and protects them while a session is open."""

    def __init__(self, card: Transceiver) -> None:
        self._card = card
        self._session: SecureMessaging | None = None
        self._commands_left = MAX_COMMANDS

    @property
    def is_protected(self) -> bool:
        """Whether a secure messaging session is open."""
        return self._session is not None

    def open_session(self, session: SecureMessaging) -> None:
        """Protect every further command with `session`, in place of the one before it."""
        self._session = session

    def drop_session(self) -> None:
        """Speak plainly again; the chip closes its side at the first plain command."""
        self._session = None

    def send(self, command: CommandApdu) -> ResponseApdu:
        """The chip's answer, whatever its status.

        Raises: CardRemoved, CardUnresponsive, ReaderUnavailable, SecureMessagingBroken, ApduInvalid, ChipFailed.
        """
        if not self._commands_left:
            raise ChipFailed("too many commands")
        self._commands_left -= 1
        if self._session is None:
            return ResponseApdu.parse(self._card.transmit(command.encode()))
        response = ResponseApdu.parse(self._card.transmit(self._session.protect(command).encode()))
        return self._session.unprotect(response, ins=command.ins)
