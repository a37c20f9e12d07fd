"""Calls between the kiosk's processes: pydantic messages as JSON, HTTP/1.1 over a Unix socket.

`curl --unix-socket RUN/vision.sock -d '{}' http://kiosk/health` works by hand. Every call has a deadline,
the peer's user is checked (SO_PEERCRED), and errors cross by their stable code (RFC 9457 shape).
"""

from __future__ import annotations

import http.client
import inspect
import json
import os
import socket
import socketserver
import struct
import threading
import typing
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from pydantic import BaseModel, ValidationError

from kiosk import logs
from kiosk.errors import CallRefused, CallTimedOut, KioskError, ProcessAway, error_from_code

MAX_BODY_BYTES = 4 * 1024 * 1024
DEADLINE_MARGIN_S = 2.0


def _methods(protocol: type) -> dict[str, tuple[type[BaseModel], type[BaseModel]]]:
    """The calls of a Protocol: each takes one message and returns one."""
    found = {}
    for name, function in inspect.getmembers(protocol, inspect.isfunction):
        if name.startswith("_"):
            continue
        hints = typing.get_type_hints(function)
        found[name] = (hints["message"], hints["return"])
    return found


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path, timeout_s: float) -> None:
        super().__init__("kiosk", timeout=timeout_s)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


class _Client:
    """Calls a service by its Protocol's method names."""

    def __init__(self, protocol: type, path: Path, timeout_s: float) -> None:
        self._calls, self._path, self._timeout_s = _methods(protocol), path, timeout_s

    def __getattr__(self, name: str) -> Any:
        if name not in self._calls:
            raise AttributeError(name)
        _, answer = self._calls[name]

        def call(message: BaseModel) -> BaseModel:
            return self._call(name, message, answer)

        return call

    def _call(self, name: str, message: BaseModel, answer: type[BaseModel]) -> BaseModel:
        own = getattr(message, "timeout_s", None) or getattr(message, "deadline_s", None)
        timeout_s = own + DEADLINE_MARGIN_S if own else self._timeout_s
        connection = _UnixConnection(self._path, timeout_s)
        try:
            connection.request(
                "POST", f"/{name}", message.model_dump_json().encode(), {"Content-Type": "application/json"}
            )
            response = connection.getresponse()
            body = response.read()
        except TimeoutError as error:
            raise CallTimedOut(name) from error
        except (OSError, http.client.HTTPException) as error:
            raise ProcessAway(f"{self._path.name}: {type(error).__name__}") from error
        finally:
            connection.close()
        if response.status == 200:
            return answer.model_validate_json(body)
        problem = json.loads(body)
        raise error_from_code(problem["code"], f"{name}: {problem['code']}")


Service = TypeVar("Service")


def client(protocol: type[Service], path: Path, timeout_s: float = 5.0) -> Service:
    """A stand-in for `protocol` that calls the service listening at `path`.

    A message's own `timeout_s` or `deadline_s`, plus a margin, sets that call's deadline.
    Calls raise ProcessAway, CallTimedOut, or the error the service raised, rebuilt by its code.
    """
    return typing.cast(Service, _Client(protocol, path, timeout_s))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        try:
            length = int(self.headers.get("Content-Length", "0"))
            if length > MAX_BODY_BYTES:
                raise CallRefused("message too large")
            self._answer(200, self.server.dispatch(self.path.strip("/"), self.rfile.read(length)))
        except KioskError as error:
            self._problem(error.code or CallRefused.code)
        except ValidationError:
            self._problem(CallRefused.code)
        except Exception as error:
            self.server.report(error)
            self._problem(CallRefused.code)

    def _problem(self, code: str) -> None:
        self._answer(500, json.dumps({"title": code, "code": code}).encode(), "application/problem+json")

    def _answer(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: requests carry personal data."""


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Serves one service object on a Unix socket, mode 0600, to its own user (and root) only."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 16

    def __init__(self, protocol: type, service: object, path: Path) -> None:
        self._calls, self._service = _methods(protocol), service
        path.unlink(missing_ok=True)
        previous = os.umask(0o177)
        try:
            super().__init__(str(path), _Handler)
        finally:
            os.umask(previous)

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Refuse peers of another user."""
        credentials = request.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        _, uid, _ = struct.unpack("3i", credentials)
        return uid in (0, os.getuid())

    def dispatch(self, name: str, body: bytes) -> bytes:
        """Call the service's method `name` with the message in `body`."""
        if name not in self._calls:
            raise CallRefused(name)
        wanted, _ = self._calls[name]
        answer: BaseModel = getattr(self._service, name)(wanted.model_validate_json(body))
        return answer.model_dump_json().encode()

    def report(self, error: BaseException) -> None:
        """Keep the type of an unforeseen error; its text may be personal."""
        logs.failure("call_failed", error)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A peer that hangs up is no fault of the service."""

    def start(self) -> Self:
        """Serve from a thread until `stop`."""
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop serving and close the socket."""
        self.shutdown()
        self.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.stop()
