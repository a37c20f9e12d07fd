"""The FHIR driver against the stand-in hospital, and against a server that says whatever a test wants."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from drivers.site.fhir_site import FhirSite
from kiosk.messages import Person
from kiosk.settings import SiteSettings
from provisioning.rig.site.capability import capability_statement
from provisioning.rig.site.credentials import Credentials, make_credentials
from provisioning.rig.site.server import StandInSite

Reply = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class SaysAnything:
    """An HTTPS server: a good token and CapabilityStatement, and `fhir` for everything else."""

    credentials: Credentials
    fhir: Reply
    requests: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    token: Reply | None = None
    metadata: Reply | None = None
    host: str = "127.0.0.1"

    def start(self) -> None:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                outer.requests.append((self.command, self.path, dict(self.headers), body))
                outer.reply(self)

            do_GET = do_POST  # noqa: N815 (http.server's own spelling)

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        class Server(ThreadingHTTPServer):
            block_on_close = True
            daemon_threads = False

            def handle_error(self, request: object, client_address: object) -> None:
                """A client that hangs up is what some tests are about."""

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.credentials.server_file, self.credentials.server_key_file)
        self.server = Server((self.host, 0), Handler)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.address = f"https://{self.host}:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def reply(self, handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/token":
            granted = {"access_token": "t", "token_type": "bearer", "expires_in": 300}
            (self.token or says(200, json.dumps(granted).encode()))(handler)
        elif handler.path == "/fhir/metadata":
            (self.metadata or says(200, json.dumps(capability_statement("", "")).encode()))(handler)
        else:
            self.fhir(handler)

    def settings(self, **over: Any) -> SiteSettings:
        values = {
            "base_url": f"{self.address}/fhir",
            "token_url": f"{self.address}/token",
            "client_id": "kiosk",
            "client_key_file": self.credentials.client_key_file,
            "ca_file": self.credentials.ca_file,
            "name": {"vi": "x", "en": "x"},
            "timeout_s": 2.0,
        }
        return SiteSettings.model_validate({**values, **over})


def says(status: int, body: bytes, kind: str = "application/fhir+json", **headers: str) -> Reply:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        handler.send_header("Connection", "close")
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return reply


@pytest.fixture(scope="session")
def credentials(tmp_path_factory: pytest.TempPathFactory) -> Credentials:
    return make_credentials(tmp_path_factory.mktemp("site"))


@pytest.fixture
def server(credentials: Credentials) -> Iterator[Callable[..., SaysAnything]]:
    """Starts a server that gives this reply."""
    started: list[SaysAnything] = []

    def start(
        status: int = 200, body: bytes = b"{}", *, reply: Reply | None = None, host: str = "127.0.0.1", **more: Any
    ) -> SaysAnything:
        made = SaysAnything(credentials, reply or says(status, body, **more), host=host)
        made.start()
        started.append(made)
        return made

    yield start
    for made in started:
        made.stop()


@pytest.fixture
def reply() -> Callable[..., Reply]:
    return says


@pytest.fixture
def site_for() -> Iterator[Callable[[SiteSettings], FhirSite]]:
    """A driver for these settings."""
    opened: list[FhirSite] = []

    def open_site(settings: SiteSettings) -> FhirSite:
        opened.append(FhirSite(settings))
        return opened[-1]

    yield open_site
    for site in opened:
        site.close()


@pytest.fixture
def hospital(tmp_path: Path) -> Iterator[StandInSite]:
    with StandInSite(tmp_path / "hospital") as site:
        yield site


@pytest.fixture
def person() -> Person:
    return Person(
        citizen_number="098185004127",
        name="Nguyễn Thị Ngọc Lan",
        date_of_birth=date(1985, 4, 12),
        gender="female",
    )
