"""The simulated printer on a TCP port: one host at a time, a small buffer, and faults on demand."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Self

from PIL import Image

from printer.simulated.interpreter import DLE, Interpreter
from printer.simulated.paper import Paper
from printer.simulated.state import CONDITIONS, Mishap, State, automatic_status, paper_status, real_time_status

RECEIVE_BUFFER_BYTES = 4096
"""Small, as in the real ones: a host that sends on to a stalled printer is soon made to wait."""


class SimulatedPrinter:
    """Prints into `slips` (and PNG files in `out_dir`) what a host sends to `port`; a printer, not a test double.

    Faults: set `state`; `stall_after_bytes` stops taking bytes, `reset_after_bytes` breaks the connection and
    forgets the job, once; `befalls` is what comes about, once, when so many rows in all are printed, and so in the
    middle of a slip. `real_time_in_data` counts the real-time commands that pictures happened to contain;
    `unknown` holds bytes that were no command. Without
    `reports_completion` it is one of the cheap ones that answer DLE EOT only.
    """

    def __init__(self, port: int = 0, out_dir: Path | None = None, width_dots: int = 576) -> None:
        self._wanted_port, self._out_dir = port, out_dir
        self.slips: list[Image.Image] = []
        self.stall_after_bytes: int | None = None
        self.reset_after_bytes: int | None = None
        self.befalls: tuple[int, State | Mishap] | None = None
        self._breaking = False
        self.reports_completion = True
        self.real_time_in_data = 0
        self._paper = Paper(width_dots, self._keep)
        self._interpreter = Interpreter(self._paper, self._answer_request)
        self._state, self._automatic = State.OK, False
        self._recent, self._connection_bytes = b"", 0
        self._connection: socket.socket | None = None
        self._lock = threading.RLock()
        self._send_back: Callable[[bytes], object] = self._to_connection

    def start(self) -> Self:
        """Listen on the loopback address and print until `stop`."""
        self._listener = socket.create_server(("127.0.0.1", self._wanted_port), backlog=4)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        self._wake_read, self._wake_write = os.pipe()
        self._thread = threading.Thread(target=self._serve, name="simulated-printer", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Switch off: close the port and the connection."""
        os.write(self._wake_write, b"x")
        self._thread.join()
        self._hang_up()
        self._listener.close()
        os.close(self._wake_read)
        os.close(self._wake_write)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._listener.getsockname()[1])

    @property
    def unknown(self) -> bytes:
        """Bytes that were no command it knows."""
        return bytes(self._interpreter.unknown)

    @property
    def state(self) -> State:
        """What is the matter; setting it to a good state prints what is still buffered."""
        return self._state

    @state.setter
    def state(self, state: State | str) -> None:
        with self._lock:
            self._state = State(state)
            if self._automatic:
                self._send(automatic_status(self._state))
            self._work()

    def befall_in(self, rows: int, what: State | Mishap) -> None:
        """Let it come about when so many more rows are printed."""
        self.befalls = (self._paper.rows_printed + rows, what)

    def _keep(self, page: Image.Image) -> None:
        self.slips.append(page)
        if self._out_dir:
            self._out_dir.mkdir(parents=True, exist_ok=True)
            page.save(self._out_dir / f"slip-{len(self.slips):04d}.png")

    def _serve(self) -> None:
        poll = select.poll()
        poll.register(self._wake_read, select.POLLIN)
        poll.register(self._listener, select.POLLIN)
        while True:
            for fd, events in poll.poll():
                if fd == self._wake_read:
                    return
                if fd == self._listener.fileno():
                    self._connection, _ = self._listener.accept()
                    self._connection_bytes = 0
                    poll.unregister(self._listener)
                    poll.register(self._connection, select.POLLIN | select.POLLRDHUP)
                elif not self._hear(events):
                    poll.unregister(fd)
                    self._hang_up()
                    poll.register(self._listener, select.POLLIN)
                elif self.stalled:
                    poll.modify(fd, select.POLLRDHUP)

    @property
    def stalled(self) -> bool:
        """Whether it has stopped taking bytes."""
        return self.stall_after_bytes is not None and self._connection_bytes >= self.stall_after_bytes

    def _hear(self, events: int) -> bool:
        """Take what came in; False once the host, or this printer, has hung up."""
        connection = self._connection
        if connection is None or (self.stalled and events & (select.POLLRDHUP | select.POLLHUP)):
            return False
        breaks_at, before = self.reset_after_bytes, self._connection_bytes
        try:
            data = connection.recv(self._allowance())
        except OSError:
            return False
        self._connection_bytes += len(data)
        with self._lock:
            self.receive(data)
        if self._breaking or (breaks_at is not None and before < breaks_at <= self._connection_bytes):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._interpreter.clear()
            self.reset_after_bytes, self._breaking = None, False
            return False
        return bool(data)

    def _allowance(self) -> int:
        limits = (self.stall_after_bytes, self.reset_after_bytes)
        return max(1, min([512, *(limit - self._connection_bytes for limit in limits if limit is not None)]))

    def _hang_up(self) -> None:
        with self._lock:
            if self._connection:
                self._connection.close()
            self._connection = None

    def send_with(self, send: Callable[[bytes], object]) -> None:
        """Answer another way than by TCP: for a serial cable whose far end calls `receive`."""
        self._send_back = send

    def receive(self, data: bytes) -> None:
        """Take bytes as they come in: real-time commands at once, wherever they stand, the rest in order."""
        for byte in data:
            in_data = self._interpreter.in_data()
            self._interpreter.buffer.append(byte)
            self._recent = (self._recent + bytes((byte,)))[-10:]
            if self._real_time():
                self.real_time_in_data += in_data
            self._work()

    def _real_time(self) -> bool:
        """DLE EOT 1–4, DLE ENQ 1–2, DLE DC4 1, 2, 8: whether the last bytes made one up."""
        recent = self._recent
        if recent == bytes((DLE, 0x14, 8, 1, 3, 20, 1, 6, 2, 8)):
            self._interpreter.clear()
            self._send(b"\x37\x25\x00")
            return True
        if recent[-3:-1] == bytes((DLE, 0x04)) and 1 <= recent[-1] <= 4:
            self._send(real_time_status(self._state, recent[-1]))
            return True
        return recent[-3:] in (b"\x10\x05\x01", b"\x10\x05\x02", b"\x10\x14\x01", b"\x10\x14\x02")

    def _work(self) -> None:
        while CONDITIONS[self._state].online and self._interpreter.step():
            if self.befalls is not None and self._paper.rows_printed >= self.befalls[0]:
                (_, what), self.befalls = self.befalls, None
                self._befall(what)

    def _befall(self, what: State | Mishap) -> None:
        if isinstance(what, State):
            self._state = what
        elif what is Mishap.STALLS:
            self.stall_after_bytes = self._connection_bytes
        else:
            self._breaking = True

    def _answer_request(self, kind: str, parameters: bytes) -> None:
        if not self.reports_completion:
            return
        if kind == "paper" and parameters in (b"\x01", b"1"):
            self._send(paper_status(self._state))
        elif kind == "process":
            self._send(b"\x37\x22" + parameters + b"\x00")
        elif kind == "automatic":
            self._automatic = parameters != b"\x00"
            if self._automatic:
                self._send(automatic_status(self._state))

    def _send(self, data: bytes) -> None:
        if self._state != State.SILENT:
            self._send_back(data)

    def _to_connection(self, data: bytes) -> None:
        if self._connection:
            with contextlib.suppress(OSError):  # the host has gone; _hear notices
                self._connection.sendall(data)
