"""Ways to a printer: bytes out before a deadline, bytes in within a time; nothing about ESC/POS.

python-escpos 3.1 opens USB and serial ports. It is imported only there, as its import sets up a root log handler
and leaves a temporary directory behind. Sockets and device files are opened here: its Network drops an unconnected
socket unclosed and knows IPv4 only, its File cannot read.
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import socket
import struct
import termios
import time
from typing import Any, Protocol

from kiosk.errors import PrinterConnectionLost, PrinterUnreachable
from kiosk.settings import PrinterSettings

CONNECT_TIMEOUT_S = 2.0


class Transport(Protocol):
    """A connection to a printer. `stays_open` where opening resets the printer, so it is done once."""

    stays_open: bool

    def send(self, data: bytes, deadline_s: float) -> None:
        """Send all, by CLOCK_MONOTONIC `deadline_s`. Raises: TimeoutError, PrinterConnectionLost."""
        ...

    def receive(self, timeout_s: float) -> bytes:
        """What came in, or b"" if nothing did in time. Raises: PrinterConnectionLost."""
        ...

    def close(self, abandon: bool) -> None:
        """Hang up; `abandon` drops what was not sent yet, so that no slip is finished later, unseen."""
        ...


def _remaining_s(deadline_s: float) -> float:
    return max(0.001, deadline_s - time.monotonic())


class NetworkTransport:
    """TCP, usually port 9100."""

    stays_open = False

    def __init__(self, host: str, port: int) -> None:
        self._socket = socket.create_connection((host, port), CONNECT_TIMEOUT_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data: bytes, deadline_s: float) -> None:  # noqa: D102
        self._socket.settimeout(_remaining_s(deadline_s))
        try:
            self._socket.sendall(data)
        except TimeoutError:
            raise
        except OSError as error:
            raise PrinterConnectionLost(error.strerror) from error

    def receive(self, timeout_s: float) -> bytes:  # noqa: D102
        self._socket.settimeout(timeout_s)
        try:
            data = self._socket.recv(256)
        except TimeoutError:
            return b""
        except OSError as error:
            raise PrinterConnectionLost(error.strerror) from error
        if not data:
            raise PrinterConnectionLost("the printer hung up")
        return data

    def close(self, abandon: bool) -> None:  # noqa: D102
        if abandon:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()


class FileTransport:
    """A device file such as /dev/usb/lp0; a plain file takes bytes and never answers."""

    stays_open = False

    def __init__(self, path: str) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)

    def send(self, data: bytes, deadline_s: float) -> None:  # noqa: D102
        rest = memoryview(data)
        while rest:
            if not select.select([], [self._fd], [], _remaining_s(deadline_s))[1]:
                raise TimeoutError
            try:
                rest = rest[os.write(self._fd, rest) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise PrinterConnectionLost(error.strerror) from error

    def receive(self, timeout_s: float) -> bytes:  # noqa: D102
        if not select.select([self._fd], [], [], timeout_s)[0]:
            return b""
        try:
            return os.read(self._fd, 256)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise PrinterConnectionLost(error.strerror) from error

    def close(self, abandon: bool) -> None:  # noqa: D102
        os.close(self._fd)


class SerialTransport(FileTransport):
    """A serial port set up by python-escpos, then used like any other device file."""

    def __init__(self, path: str, baud_rate: int) -> None:
        from escpos.printer import Serial

        self._port = _opened(Serial(devfile=path, baudrate=baud_rate, timeout=0)).device
        self._fd = self._port.fileno()

    def close(self, abandon: bool) -> None:  # noqa: D102
        with contextlib.suppress(OSError, termios.error):  # a port that was unplugged has nothing to abandon
            if abandon:
                self._port.reset_output_buffer()
        self._port.close()


class UsbTransport:
    """A USB printer by python-escpos, which resets it on opening: so it stays open."""

    stays_open = True

    def __init__(self, vendor_id: int, product_id: int) -> None:
        from escpos.printer import Usb

        self._printer = _opened(Usb(vendor_id, product_id))

    def send(self, data: bytes, deadline_s: float) -> None:  # noqa: D102
        timeout_ms = int(_remaining_s(deadline_s) * 1000) or 1
        try:
            self._printer.device.write(self._printer.out_ep, data, timeout_ms)
        except OSError as error:
            if error.errno == errno.ETIMEDOUT:
                raise TimeoutError from error
            raise PrinterConnectionLost(str(error)) from error

    def receive(self, timeout_s: float) -> bytes:  # noqa: D102
        try:
            return bytes(self._printer.device.read(self._printer.in_ep, 64, int(timeout_s * 1000) or 1))
        except OSError as error:
            if error.errno == errno.ETIMEDOUT:
                return b""
            raise PrinterConnectionLost(str(error)) from error

    def close(self, abandon: bool) -> None:  # noqa: D102
        self._printer.close()


def _opened(printer: Any) -> Any:
    from escpos.exceptions import DeviceNotFoundError

    try:
        printer.open()
    except DeviceNotFoundError as error:
        raise PrinterUnreachable(type(printer).__name__) from error
    return printer


def open_transport(settings: PrinterSettings) -> Transport:
    """Connect by the driver named in the settings. Raises: PrinterUnreachable."""
    try:
        match settings.driver:
            case "network":
                return NetworkTransport(settings.host, settings.port)
            case "file":
                return FileTransport(settings.device)
            case "serial":
                return SerialTransport(settings.device, settings.baud_rate)
            case "usb":
                vendor, _, product = settings.device.partition(":")
                return UsbTransport(int(vendor, 16), int(product, 16))
    except (OSError, ValueError) as error:
        raise PrinterUnreachable(f"{settings.driver}: {type(error).__name__}") from error
