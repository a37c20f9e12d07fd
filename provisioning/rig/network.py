"""The kiosk's own network, as a cable that can be pulled: a TCP relay between the kiosk and what it talks to.

TLS passes through untouched, so certificates, tokens and signatures are what they are without it.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from types import TracebackType
from typing import Literal, Self, get_args

HOST = "127.0.0.1"
Mode = Literal["connected", "cut", "refusing"]
MODES: tuple[Mode, ...] = get_args(Mode)
BACKLOG = 64
HANDSHAKE_S = 0.05
"""Longer than a connection takes on loopback."""


class Network:
    """Relays connections to `target_port`; safe to use from any thread.

    connected: passes on every byte. cut: packets get lost, so new connections hang and open ones go silent;
    what TCP was still carrying arrives when the cable is back. refusing: nobody listens, open ones are ended.
    """

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._turn = threading.RLock()
        self._mode: Mode = "connected"
        self._target_is_open, self._running = True, False
        self._flows = threading.Event()
        self._listener = _bound(0)
        self.port = int(self._listener.getsockname()[1])
        self._plugs: list[socket.socket] = []
        self._plug_addresses: set[tuple[str, int]] = set()
        self._ends: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._wake, self._woken = socket.socketpair()

    @property
    def mode(self) -> Mode:
        """How the network is."""
        return self._mode

    @mode.setter
    def mode(self, mode: str) -> None:
        if mode not in MODES:
            raise ValueError(f"no such network: {mode}")
        with self._turn:
            self._mode = mode
            self._apply()

    def target_is_open(self, is_open: bool) -> None:
        """Whether the other end takes connections; where it does not, they are refused here as they are there."""
        with self._turn:
            self._target_is_open = is_open
            self._apply()

    def start(self) -> Self:
        """Take connections."""
        with self._turn:
            self._running = True
            self._apply()
        self._spawn(self._accept)
        return self

    def stop(self) -> None:
        """End all connections and close."""
        with self._turn:
            if not self._running:
                return
            self._running = False
            self._apply()
            threads = list(self._threads)
        for thread in threads:
            thread.join()
        for held in (self._listener, self._wake, self._woken):
            held.close()

    # the door -------------------------------------------------------------------------------------------------

    def _apply(self) -> None:
        """Make the door what mode and target say."""
        self._unplug()
        refuses = not self._running or self._mode == "refusing" or not self._target_is_open
        if self._mode == "cut" and self._running:
            self._flows.clear()
            self._listener.listen(0)
            self._plug()
        elif refuses:
            self._listener.close()
            self._listener = _bound(self.port)  # not listening, but nobody else gets the port
            self._plug_addresses.clear()
            self._flows.set()
            for end in self._ends:
                _end(end)
        else:
            self._listener.listen(BACKLOG)
            self._flows.set()
        self._wake.send(b"!")

    def _plug(self) -> None:
        """Fill the listener's queue: Linux then drops every SYN, as a cable that is out does (tcp(7))."""
        while True:
            plug = socket.socket()
            plug.setblocking(False)
            plug.connect_ex((HOST, self.port))
            self._plugs.append(plug)
            with selectors.DefaultSelector() as selector:
                selector.register(plug, selectors.EVENT_WRITE)
                if not selector.select(HANDSHAKE_S):
                    return
            self._plug_addresses.add(plug.getsockname())

    def _unplug(self) -> None:
        for plug in self._plugs:
            plug.close()
        self._plugs.clear()

    def _accept(self) -> None:
        while self._running:
            with selectors.DefaultSelector() as selector:
                selector.register(self._woken, selectors.EVENT_READ)
                with self._turn:
                    if self._flows.is_set() and self._listener.fileno() >= 0:
                        selector.register(self._listener, selectors.EVENT_READ)
                for key, _ in selector.select():
                    if key.fileobj is self._woken:
                        self._woken.recv(64)
                    else:
                        self._take()

    def _take(self) -> None:
        with self._turn:
            if not self._flows.is_set():
                return
            self._listener.setblocking(False)
            try:
                near, address = self._listener.accept()
            except OSError:  # whoever knocked has gone, or the door is shut by now
                return
            if address in self._plug_addresses:
                self._plug_addresses.discard(address)
                near.close()
            else:
                self._connect(near)

    # a connection ---------------------------------------------------------------------------------------------

    def _connect(self, near: socket.socket) -> None:
        near.setblocking(True)
        try:
            far = socket.create_connection((HOST, self._target_port))
        except OSError:
            near.close()
            return
        self._ends |= {near, far}
        forth = self._spawn(self._pump, near, far)
        back = self._spawn(self._pump, far, near)
        self._spawn(self._close_after, (forth, back), (near, far))

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        """Carry bytes one way until the source ends; nothing passes while the cable is out."""
        try:
            while data := source.recv(65536):
                self._flows.wait()
                sink.sendall(data)
            self._flows.wait()
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            self._flows.wait()
            _end(source)
            _end(sink)

    def _close_after(self, pumps: tuple[threading.Thread, ...], ends: tuple[socket.socket, ...]) -> None:
        for pump in pumps:
            pump.join()
        with self._turn:
            self._ends -= set(ends)
            for end in ends:
                end.close()

    def _spawn(self, work: object, *arguments: object) -> threading.Thread:
        thread = threading.Thread(target=work, args=arguments, name="network", daemon=True)  # type: ignore[arg-type]
        with self._turn:
            self._threads = [known for known in self._threads if known.is_alive()] + [thread]
            thread.start()
        return thread

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.stop()


def _bound(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    return listener


def _end(end: socket.socket) -> None:
    """End a connection both ways; whoever waits on it wakes up."""
    with contextlib.suppress(OSError):  # it may have ended by itself
        end.shutdown(socket.SHUT_RDWR)
