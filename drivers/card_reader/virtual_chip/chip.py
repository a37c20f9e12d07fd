"""The chip: takes command APDUs, knows who may do what, answers. ICAO Doc 9303-10 §3.6, Doc 9303-11 §4 and §6.2."""

from __future__ import annotations

import time
from collections import Counter

from drivers.card_reader.virtual_chip.card_bac import CardBac
from drivers.card_reader.virtual_chip.card_chip_authentication import CardChipAuthentication
from drivers.card_reader.virtual_chip.card_pace import CardPace, PaceError
from drivers.card_reader.virtual_chip.card_session import CardSession, SessionError
from drivers.card_reader.virtual_chip.command import Command
from drivers.card_reader.virtual_chip.departure import Departure
from drivers.card_reader.virtual_chip.file_system import FileSystem, Refusal
from drivers.card_reader.virtual_chip.image import ChipImage

_OK = 0x9000
_MAX_BACKOFF = 4
Answer = tuple[bytes, int]


class Chip:
    """One powered chip; `power_on` forgets everything but its files and how often a key was wrong."""

    def __init__(self, image: ChipImage, departure: Departure | None = None) -> None:
        self._image, self._departure = image, departure or Departure()
        self._failures = 0
        self.given: Counter[int] = Counter()
        """Bytes that were read of each file, by its identifier, since the card was made."""
        self.power_on()

    @property
    def atr(self) -> bytes:
        """Answer to reset."""
        return self._image.atr

    def seconds_for(self, byte_count: int) -> float:
        """How long a real chip and the air between would take for an exchange of this many bytes."""
        behaviour = self._image.behaviour
        return behaviour.command_s + (byte_count / behaviour.bytes_per_s if behaviour.bytes_per_s else 0.0)

    def power_on(self) -> None:
        """Reset: no session, master file selected."""
        image = self._image
        self._files = FileSystem(image, self.given)
        self._bac, self._pace = CardBac(image.mrz_key), CardPace(image.can, image.mrz_key)
        key = image.chip_private_key if image.behaviour.proves_itself else None
        self._proof = CardChipAuthentication(key) if key is not None else None
        self._session: CardSession | None = None
        self._coming_session: CardSession | None = None

    def answer(self, raw: bytes) -> bytes:
        """The response APDU to a command APDU. Raises: CardLeaves."""
        command = Command.take_apart(raw)
        if command is None or (command.is_extended and not self._image.behaviour.takes_extended_length):
            self._end_session()
            return b"\x67\x00"
        if not command.cla & 0x0C:
            if self._session:
                self._end_session()
            data, status = self._run(command)
            self._change_session()
            return data + status.to_bytes(2, "big")
        return self._answer_protected(command)

    def _answer_protected(self, command: Command) -> bytes:
        if self._session is None:
            return b"\x68\x82"
        try:
            plain = self._session.open(command)
        except SessionError as error:
            self._end_session()
            return error.status.to_bytes(2, "big")
        data, status = self._run(plain)
        sealed = self._session.seal(plain.ins, data, status)
        self._change_session()
        return sealed

    def _end_session(self) -> None:
        self._session = None
        self._files.lock()

    def _change_session(self) -> None:
        """New keys count from the next command on."""
        if self._coming_session:
            self._session, self._coming_session = self._coming_session, None
            self._files.unlock()

    def _run(self, command: Command) -> Answer:
        handlers = {
            0xA4: self._select,
            0xB0: self._read_binary,
            0xB1: self._read_binary_odd,
            0x84: self._get_challenge,
            0x82: self._external_authenticate,
            0x22: self._manage_security_environment,
            0x86: self._general_authenticate,
        }
        handler = handlers.get(command.ins)
        if handler is None:
            return b"", 0x6D00
        try:
            answer = handler(command)
            in_session = self._session is not None
            self._departure.about_to_answer(command.ins, self._files.current_id, in_session=in_session)
            return answer
        except (Refusal, PaceError) as refusal:
            if refusal.status == 0x6300:
                self._delay()
            return b"", refusal.status

    def _select(self, command: Command) -> Answer:
        self._files.select(command.p1, command.data)
        return b"", _OK

    def _read_binary(self, command: Command) -> Answer:
        offset = command.p1 << 8 | command.p2
        if command.p1 & 0x80:
            self._files.select_short(command.p1 & 0x1F)
            offset = command.p2
        return self._files.read(offset, command.takes or 0)

    def _read_binary_odd(self, command: Command) -> Answer:
        return self._files.read_at(command.data, command.takes or 0)

    def _get_challenge(self, command: Command) -> Answer:
        return self._bac.challenge(), _OK

    def _external_authenticate(self, command: Command) -> Answer:
        result = self._bac.authenticate(command.data)
        if result is None:
            raise Refusal(0x6300)
        answer, self._coming_session = result
        self._failures = 0
        return answer, _OK

    def _manage_security_environment(self, command: Command) -> Answer:
        target = command.p1 << 8 | command.p2
        if target == 0xC1A4 and self._image.behaviour.speaks_pace:
            self._pace.set_template(command.data)
            return b"", _OK
        if target == 0x41A4 and self._session and self._proof and self._proof.set_template(command.data):
            return b"", _OK
        if target == 0x41A6 and self._session and self._proof:
            self._coming_session = self._proof.set_key_agreement_template(command.data)
            return b"", _OK if self._coming_session else 0x6A80
        raise Refusal(0x6A80 if self._session else 0x6982)

    def _general_authenticate(self, command: Command) -> Answer:
        if self._session and self._proof:
            self._coming_session = self._proof.general_authenticate(command.data)
            return (b"\x7c\x00", _OK) if self._coming_session else (b"", 0x6A80)
        answer, self._coming_session = self._pace.step(command.data)
        if self._coming_session:
            self._failures = 0
        return answer, _OK

    def _delay(self) -> None:
        """Slow down guessing, as the standard recommends. Doc 9303-11 §4.3.3."""
        time.sleep(self._image.behaviour.delay_after_failure_s * 2 ** min(self._failures, _MAX_BACKOFF))
        self._failures += 1
