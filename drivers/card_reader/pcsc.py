"""The chip reader through PC/SC, on pyscard's lowest layer.

pyscard's own CardMonitor leaks (pyscard#37), does not come back after pcscd restarts (#82) nor after the reader was
unplugged (#128); here a thread asks afresh after every failure, at most every quarter of a second.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from smartcard import scard

from kiosk import logs
from kiosk.errors import CardRemoved, CardUnresponsive, KioskError, ReaderUnavailable
from kiosk.ports import ReaderEvent

POLL_S = 0.25
_REMOVAL_NOTICE_S = 0.6
"""pcscd looks for the card every 0.4 s: a failed exchange may be told before the removal that caused it."""
_CONNECT_TRIES = 4
_STATUS_LENGTH = 2
"""Bytes that the shortest response APDU has."""
_PROTOCOLS = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
_CARD_GONE = frozenset({scard.SCARD_W_REMOVED_CARD, scard.SCARD_E_NO_SMARTCARD})
_READER_GONE = frozenset(
    {
        scard.SCARD_E_INVALID_HANDLE,
        scard.SCARD_E_NO_READERS_AVAILABLE,
        scard.SCARD_E_NO_SERVICE,
        scard.SCARD_E_READER_UNAVAILABLE,
        scard.SCARD_E_SERVICE_STOPPED,
        scard.SCARD_E_UNKNOWN_READER,
        scard.SCARD_F_COMM_ERROR,  # pcscd itself hung up
    }
)
_EVENT_COUNT_SHIFT = 16
"""pcsc-lite counts insertions and removals in the upper half of a reader's state."""

Notify = Callable[[ReaderEvent], None]


class PcscReader:
    """The first PC/SC reader whose name contains `name_part`. Implements `kiosk.ports.CardReader`."""

    def __init__(self, name_part: str = "") -> None:
        self._name_part = name_part
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def watch(self, notify: Notify) -> None:
        """Tell of reader and card from a thread until `close`; the present state comes first."""
        watcher = _Watcher(self._name_part, notify, self._stop)
        self._thread = threading.Thread(target=watcher.run, name="card-reader", daemon=True)
        self._thread.start()

    @contextmanager
    def connect(self) -> Iterator[PcscCard]:
        """The present card, for this caller alone. Raises: CardRemoved, CardUnresponsive, ReaderUnavailable."""
        with _context() as context:
            reader = find_reader(context, self._name_part)
            handle, protocol = _connect(context, reader)
            try:
                yield PcscCard(context, reader, handle, protocol)
            finally:
                # reset: the chip's session must not outlive the visit
                scard.SCardDisconnect(handle, scard.SCARD_RESET_CARD)

    def close(self) -> None:
        """Stop watching."""
        self._stop.set()
        if self._thread:
            self._thread.join()


class PcscCard:
    """One connected card. Implements `kiosk.ports.Transceiver`."""

    def __init__(self, context: Any, reader: str, handle: Any, protocol: int) -> None:
        self._context, self._reader, self._handle = context, reader, handle
        self._protocol_header = scard.SCARD_PCI_T0 if protocol == scard.SCARD_PROTOCOL_T0 else scard.SCARD_PCI_T1

    def transmit(self, command: bytes) -> bytes:
        """One APDU there and back. Raises: CardRemoved, CardUnresponsive, ReaderUnavailable."""
        result, response = scard.SCardTransmit(self._handle, self._protocol_header, list(command))
        if result == scard.SCARD_W_RESET_CARD:
            # the handle is dead until it is renewed; the chip's session is gone in any case
            scard.SCardReconnect(self._handle, scard.SCARD_SHARE_EXCLUSIVE, _PROTOCOLS, scard.SCARD_LEAVE_CARD)
        if result == scard.SCARD_S_SUCCESS and len(response) < _STATUS_LENGTH:
            # a card pulled in the middle of a command: some reader drivers call that a success without an answer
            result = scard.SCARD_E_NOT_TRANSACTED
        if result != scard.SCARD_S_SUCCESS:
            raise _failure(self._context, self._reader, result)
        return bytes(response)


def find_reader(context: Any, name_part: str) -> str:
    """The name of the first reader that has `name_part` in it. Raises: ReaderUnavailable."""
    result, names = scard.SCardListReaders(context, [])
    matching = [name for name in names or () if name_part in name]
    if result != scard.SCARD_S_SUCCESS or not matching:
        raise ReaderUnavailable(f"no reader ({result & 0xFFFFFFFF:08X})")
    return str(matching[0])


@contextmanager
def _context() -> Iterator[Any]:
    result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    if result != scard.SCARD_S_SUCCESS:
        raise ReaderUnavailable(f"no PC/SC service ({result & 0xFFFFFFFF:08X})")
    try:
        yield context
    finally:
        scard.SCardReleaseContext(context)


def _connect(context: Any, reader: str) -> tuple[Any, int]:
    """Connect, waiting a little for a card just laid down: it is seen 0.3 s before it answers."""
    result = scard.SCARD_E_NO_SMARTCARD
    for _ in range(_CONNECT_TRIES):
        result, handle, protocol = scard.SCardConnect(context, reader, scard.SCARD_SHARE_EXCLUSIVE, _PROTOCOLS)
        if result == scard.SCARD_S_SUCCESS:
            return handle, protocol
        if result not in _CARD_GONE or not _card_appears(context, reader):
            break
    raise _failure(context, reader, result)


def _card_appears(context: Any, reader: str) -> bool:
    before = [(reader, scard.SCARD_STATE_EMPTY)]
    result, states = scard.SCardGetStatusChange(context, int(POLL_S * 1000), before)
    return result == scard.SCARD_S_SUCCESS and bool(states[0][1] & scard.SCARD_STATE_PRESENT)


def _failure(context: Any, reader: str, result: int) -> KioskError:
    """What an error means: above all, whether the card was taken away, which is nobody's mistake."""
    text = f"{result & 0xFFFFFFFF:08X}"
    if result in _CARD_GONE:
        return CardRemoved(text)
    states = [(reader, scard.SCARD_STATE_PRESENT)]
    asked, states = scard.SCardGetStatusChange(context, int(_REMOVAL_NOTICE_S * 1000), states)
    if asked == scard.SCARD_S_SUCCESS and not states[0][1] & scard.SCARD_STATE_PRESENT:
        return CardRemoved(text)
    if asked in _READER_GONE or result in _READER_GONE:
        return ReaderUnavailable(text)
    return CardUnresponsive(text)


class _Watcher:
    """Follows one reader and tells what changed."""

    def __init__(self, name_part: str, notify: Notify, stop: threading.Event) -> None:
        self._name_part, self._notify, self._stop = name_part, notify, stop
        self._reader_is_there: bool | None = None
        self._card_is_there = False

    def run(self) -> None:
        """Until told to stop, whatever happens to reader and service."""
        while not self._stop.is_set():
            try:
                with _context() as context:
                    self._follow(context, find_reader(context, self._name_part))
            except ReaderUnavailable as error:
                self._lose_reader(str(error))
            self._stop.wait(POLL_S)

    def _follow(self, context: Any, reader: str) -> None:
        state = scard.SCARD_STATE_UNAWARE
        while not self._stop.is_set():
            result, states = scard.SCardGetStatusChange(context, int(POLL_S * 1000), [(reader, state)])
            if result == scard.SCARD_E_TIMEOUT:
                continue
            if result != scard.SCARD_S_SUCCESS:
                raise ReaderUnavailable(f"{result & 0xFFFFFFFF:08X}")
            now = states[0][1] & ~scard.SCARD_STATE_CHANGED
            if now & (scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE):
                raise ReaderUnavailable("unplugged")
            self._find_reader()
            self._see_card(state, now)
            state = now

    def _lose_reader(self, detail: str) -> None:
        self._card_is_there = False  # one that lies there afterwards is told anew
        if self._reader_is_there is not False:
            self._reader_is_there = False
            logs.event("reader_lost", reason=detail)
            self._notify(ReaderEvent("reader_lost"))

    def _find_reader(self) -> None:
        if not self._reader_is_there:
            self._reader_is_there = True
            logs.event("reader_found")
            self._notify(ReaderEvent("reader_found"))

    def _see_card(self, before: int, now: int) -> None:
        """Tell of the card; one exchanged for another between two looks is told as gone and come."""
        is_there = bool(now & scard.SCARD_STATE_PRESENT)
        was_exchanged = before != scard.SCARD_STATE_UNAWARE and (
            (now >> _EVENT_COUNT_SHIFT) - (before >> _EVENT_COUNT_SHIFT) > 1
        )
        if self._card_is_there and (not is_there or was_exchanged):
            self._card_is_there = False
            self._notify(ReaderEvent("card_removed"))
        if is_there and not self._card_is_there:
            self._card_is_there = True
            self._notify(ReaderEvent("card_placed"))
