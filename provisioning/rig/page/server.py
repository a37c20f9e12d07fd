"""The control page on the machine's own loopback address, served from a thread."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from types import TracebackType
from typing import Self

import uvicorn

from provisioning.rig.hall import Hall
from provisioning.rig.page.app import make_app
from provisioning.rig.page.board import Board
from provisioning.rig.page.watch import Watch
from provisioning.rig.rig import Rig

HOST = "127.0.0.1"


def listen(port: int = 0) -> socket.socket:
    """The page's door, before the rig is started. Raises: OSError if the port is taken."""
    return socket.create_server((HOST, port), backlog=64)


class ControlPage:
    """The page of a running rig, at `url`; a context manager that closes the door it was given."""

    def __init__(self, rig: Rig, hall: Hall, door: socket.socket) -> None:
        self._door, self._stack = door, contextlib.ExitStack()
        self._watch = Watch(rig)
        config = uvicorn.Config(
            make_app(Board(rig, hall, self._watch)),
            ws="none",
            lifespan="off",
            loop="asyncio",
            log_config=None,
            log_level=logging.CRITICAL,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [door]}, name="control-page", daemon=True
        )

    @property
    def url(self) -> str:
        """Where a browser on this machine finds it."""
        return f"http://{HOST}:{self._door.getsockname()[1]}/"

    def __enter__(self) -> Self:
        self._stack.enter_context(self._door)
        self._stack.enter_context(self._watch)
        self._thread.start()
        self._stack.callback(self._close)
        while not self._server.started:
            self._thread.join(0.005)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._stack.close()

    def _close(self) -> None:
        self._server.should_exit = True
        self._thread.join()
