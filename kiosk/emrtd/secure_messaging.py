"""Secure messaging: every command encrypted and authenticated, every answer's MAC checked. ICAO Doc 9303-11 §9.8.

Worked example: Appendix D.4.
"""

from __future__ import annotations

from kiosk.emrtd import tlv
from kiosk.emrtd.apdu import EXTENDED_ALL, SHORT_ALL, SHORT_MAX_DATA, CommandApdu, ResponseApdu, StatusWord
from kiosk.emrtd.ciphers import BlockCipher, equal, unpad
from kiosk.errors import SecureMessagingBroken, TlvInvalid

_ENCRYPTED_EVEN, _ENCRYPTED_ODD = 0x87, 0x85
_EXPECTED_LENGTH, _STATUS, _MAC = 0x97, 0x99, 0x8E
_PADDING_INDICATOR = b"\x01"
_SECURE_CLASS = 0x0C


class SecureMessaging:
    """One session's keys and send sequence counter; closed for good by the first answer that fails a check."""

    def __init__(self, cipher: BlockCipher, encryption_key: bytes, mac_key: bytes, counter: int = 0) -> None:
        self._cipher, self._encryption_key, self._mac_key = cipher, encryption_key, mac_key
        self._counter = counter
        self._is_closed = False

    def protect(self, command: CommandApdu) -> CommandApdu:
        """The command as it goes over the air. §9.8.4.

        Raises: SecureMessagingBroken when the session is closed.
        """
        if self._is_closed:
            raise SecureMessagingBroken("session is closed")
        self._count()
        header = bytes((command.cla | _SECURE_CLASS,)) + command.header[1:]
        body = self._encrypted(command) + self._expected_length(command)
        mac = self._mac(self._cipher.pad(header) + body)
        data = body + tlv.encode(_MAC, mac)
        is_extended = command.is_extended or len(data) > SHORT_MAX_DATA
        expected_length = EXTENDED_ALL if is_extended else SHORT_ALL
        return CommandApdu(header[0], command.ins, command.p1, command.p2, data, expected_length)

    def unprotect(self, response: ResponseApdu, *, ins: int) -> ResponseApdu:
        """The answer to the last command, whose INS says how its data is wrapped.

        An unprotected answer is never taken for one: 6987 and 6988 are how a chip itself ends the session
        (§9.8.5), anything else is a reader, a relay or a forgery speaking.
        Raises: SecureMessagingBroken.
        """
        try:
            return self._unprotect(response, _ENCRYPTED_ODD if ins & 1 else _ENCRYPTED_EVEN)
        except SecureMessagingBroken:
            self._is_closed = True
            raise

    def _unprotect(self, response: ResponseApdu, data_tag: int) -> ResponseApdu:
        if not response.data:
            raise SecureMessagingBroken(f"unprotected answer {response.status}")
        objects = self._authenticated(response.data, data_tag)
        status = tlv.find_optional(objects, _STATUS)
        if status is None or status.value != response.status.to_bytes(2, "big"):
            raise SecureMessagingBroken("protected status is missing or another")
        encrypted = tlv.find_optional(objects, data_tag)
        data = self._decrypted(encrypted.value, data_tag) if encrypted else b""
        return ResponseApdu(data, StatusWord(response.status))

    def _authenticated(self, data: bytes, data_tag: int) -> list[tlv.Tlv]:
        """The objects before the MAC, in the standard's order and none other, once the MAC has been found right."""
        self._count()
        try:
            objects = tlv.parse(data)
        except TlvInvalid as error:
            raise SecureMessagingBroken("answer is no TLV") from error
        *protected, last = objects
        if last.tag != _MAC or [item.tag for item in protected] not in ([data_tag, _STATUS], [_STATUS]):
            raise SecureMessagingBroken("answer's objects are not the standard's")
        if not equal(self._mac(b"".join(item.raw for item in protected)), last.value):
            raise SecureMessagingBroken("answer's MAC is wrong")
        return protected

    def _encrypted(self, command: CommandApdu) -> bytes:
        if not command.data:
            return b""
        padded = self._cipher.pad(command.data)
        cryptogram = self._cipher.encrypt(self._encryption_key, padded, self._initial_vector())
        if command.ins & 1:
            return tlv.encode(_ENCRYPTED_ODD, cryptogram)
        return tlv.encode(_ENCRYPTED_EVEN, _PADDING_INDICATOR, cryptogram)

    def _decrypted(self, value: bytes, data_tag: int) -> bytes:
        if data_tag == _ENCRYPTED_EVEN:
            if value[:1] != _PADDING_INDICATOR:
                raise SecureMessagingBroken("padding indicator is not 01")
            value = value[1:]
        try:
            return unpad(self._cipher.decrypt(self._encryption_key, value, self._initial_vector()))
        except ValueError as error:
            raise SecureMessagingBroken("cryptogram is not whole blocks, or not padded") from error

    def _expected_length(self, command: CommandApdu) -> bytes:
        if command.expected_length is None:
            return b""
        if command.expected_length > SHORT_ALL:
            return tlv.encode(_EXPECTED_LENGTH, (command.expected_length % EXTENDED_ALL).to_bytes(2, "big"))
        return tlv.encode(_EXPECTED_LENGTH, bytes((command.expected_length % SHORT_ALL,)))

    def _mac(self, message: bytes) -> bytes:
        return self._cipher.mac(self._mac_key, self._cipher.pad(self._counter_bytes() + message))

    def _initial_vector(self) -> bytes | None:
        """Zero for triple DES, the encrypted counter for AES. §9.8.6.1, §9.8.6.2."""
        return self._cipher.encrypt(self._encryption_key, self._counter_bytes()) if self._cipher.is_aes else None

    def _counter_bytes(self) -> bytes:
        return self._counter.to_bytes(self._cipher.block_length, "big")

    def _count(self) -> None:
        self._counter = (self._counter + 1) % (1 << 8 * self._cipher.block_length)
