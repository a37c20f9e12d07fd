"""The open connections of the stand-in hospital, so that one can be dropped in the middle of things."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol


class Connections:
    """Knows every open connection; `protocol` is the class that uvicorn serves them with."""

    def __init__(self) -> None:
        self._open: dict[Any, tuple[asyncio.AbstractEventLoop, asyncio.Transport]] = {}
        self._turn = threading.Lock()
        connections = self

        class Protocol(H11Protocol):
            """uvicorn's own, which tells of its connections."""

            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                super().connection_made(transport)
                connections._opened(self.client, transport)

            def connection_lost(self, exc: Exception | None) -> None:
                connections._closed(self.client)
                super().connection_lost(exc)

        self.protocol = Protocol

    def drop(self, client: Any) -> None:
        """Break one connection, without goodbye; from the server's own thread."""
        with self._turn:
            _, transport = self._open[tuple(client)]
        transport.abort()

    def drop_all(self) -> None:
        """Break every connection; from any thread."""
        with self._turn:
            found = list(self._open.values())
        for loop, transport in found:
            loop.call_soon_threadsafe(transport.abort)

    def _opened(self, client: Any, transport: asyncio.Transport) -> None:
        with self._turn:
            self._open[tuple(client)] = (asyncio.get_running_loop(), transport)

    def _closed(self, client: Any) -> None:
        with self._turn:
            self._open.pop(tuple(client), None)
