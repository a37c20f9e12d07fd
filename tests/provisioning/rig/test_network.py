"""The cable between the kiosk and the hospital, as it feels at either end."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from provisioning.rig.network import HOST, Network

SOON_S = 0.2
"""Nothing comes within this where nothing can."""


class Echo:
    """Says back what it hears, on every connection."""

    def __init__(self) -> None:
        self.heard = 0
        self._listener = socket.create_server((HOST, 0), backlog=16)
        self.port = int(self._listener.getsockname()[1])
        self._threads = [threading.Thread(target=self._serve)]
        self._threads[0].start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                end, _ = self._listener.accept()
                self.heard += 1
                self._threads.append(threading.Thread(target=self._say_back, args=(end,)))
                self._threads[-1].start()

    def _say_back(self, end: socket.socket) -> None:
        with end, suppress(OSError):
            while data := end.recv(1024):
                end.sendall(data)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()


@pytest.fixture
def echo() -> Iterator[Echo]:
    made = Echo()
    yield made
    made.close()


@pytest.fixture
def network(echo: Echo) -> Iterator[Network]:
    with Network(echo.port) as network:
        yield network


@pytest.fixture
def talk(network: Network) -> Iterator[socket.socket]:
    with socket.create_connection((HOST, network.port), timeout=5) as end:
        end.sendall(b"hello")
        assert end.recv(16) == b"hello"
        yield end


def connect(network: Network, timeout_s: float = SOON_S) -> None:
    socket.create_connection((HOST, network.port), timeout=timeout_s).close()


def test_cable_that_is_cut_lets_new_connections_hang_and_open_ones_go_silent(network, talk, echo):
    network.mode = "cut"
    talk.settimeout(SOON_S)
    talk.sendall(b"are you there")
    with pytest.raises(TimeoutError):
        talk.recv(16)
    for _ in range(4):
        with pytest.raises(TimeoutError):
            connect(network)
    assert echo.heard == 1


def test_cable_that_is_back_carries_what_was_under_way(network, talk, echo):
    network.mode = "cut"
    talk.sendall(b"are you there")
    network.mode = "connected"
    assert talk.recv(16) == b"are you there"
    connect(network, timeout_s=5)


def test_connection_begun_while_the_cable_is_out_comes_about_when_it_is_back(network, echo):
    network.mode = "cut"
    with socket.socket() as end:
        end.setblocking(False)
        end.connect_ex((HOST, network.port))
        network.mode = "connected"
        select.select([], [end], [], 10)  # the next SYN goes out after a second
        end.settimeout(5)
        end.sendall(b"late")
        assert end.recv(16) == b"late"


def test_refusing_network_refuses_at_once_and_ends_what_was_open(network, talk):
    network.mode = "refusing"
    assert talk.recv(16) == b""
    with pytest.raises(ConnectionRefusedError):
        connect(network)
    network.mode = "connected"
    connect(network)


def test_target_that_takes_no_connections_refuses_them_here_too(network):
    network.target_is_open(False)
    with pytest.raises(ConnectionRefusedError):
        connect(network)
    network.mode = "cut"
    with pytest.raises(TimeoutError):
        connect(network)
    network.target_is_open(True)
    network.mode = "connected"
    connect(network)


def test_end_of_one_side_is_the_end_of_the_other(network, talk):
    talk.shutdown(socket.SHUT_WR)
    assert talk.recv(16) == b""


def test_unknown_network_is_refused(network):
    with pytest.raises(ValueError, match="no such network"):
        network.mode = "on fire"


def test_network_can_be_taken_away_while_it_is_cut_and_talked_over(network, talk):
    network.mode = "cut"
    talk.sendall(b"nobody hears this")
    network.stop()
    talk.settimeout(5)
    assert talk.recv(16) == b""
