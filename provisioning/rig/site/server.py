"""The stand-in hospital on the network: HTTPS in a thread of its own."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import uvicorn

from kiosk.settings import SiteSettings
from kiosk.sync.fhir.systems import Systems
from provisioning.rig.site.app import FHIR_PATH, TOKEN_PATH, make_app
from provisioning.rig.site.connections import Connections
from provisioning.rig.site.credentials import make_credentials
from provisioning.rig.site.faults import Faults, FaultyDoor
from provisioning.rig.site.hospital import Hospital, today_in_vietnam
from provisioning.rig.site.sign_in import SignIn
from provisioning.rig.site.tables import open_database, sqlite_url

HOST = "127.0.0.1"
CLIENT_ID = "kiosk-rig"
NAME = {"vi": "Bệnh viện Đa khoa Mẫu", "en": "Sample General Hospital"}


class StandInSite:
    """A hospital at `base_url`; keeps its record, its CA and the kiosk's client key in `directory`.

    `reached_at` is the port the kiosk knows it by, where a network lies between the two.
    """

    def __init__(
        self,
        directory: Path,
        port: int = 0,
        *,
        reached_at: int = 0,
        database_url: str | None = None,
        today: Callable[[], date] = today_in_vietnam,
    ) -> None:
        self.credentials = make_credentials(directory)
        self.ca_file, self.client_key_file = self.credentials.ca_file, self.credentials.client_key_file
        self.client_id = CLIENT_ID
        self._port = port or free_port()
        known_port = reached_at or self._port
        self.base_url, self.token_url = (f"https://{HOST}:{known_port}{path}" for path in (FHIR_PATH, TOKEN_PATH))
        self.faults = Faults(go_away=self._close_door, come_back=self._open_door)
        self._engine, sessions = open_database(database_url or sqlite_url(directory / "site.sqlite"))
        systems = Systems.from_settings(self.settings().identifier_systems)
        client_key = self.credentials.client_public_key()
        self.hospital = Hospital(sessions, systems, self.faults, client_key, today)
        self.sign_in = SignIn(sessions, CLIENT_ID, client_key)
        self._connections = Connections()
        app = make_app(self.hospital, self.sign_in, self.base_url, self.token_url)
        self._app = FaultyDoor(app, self.faults, self._connections.drop)
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def settings(self, **over: Any) -> SiteSettings:
        """The site table of a kiosk that works for this hospital."""
        values = {
            "base_url": self.base_url,
            "token_url": self.token_url,
            "client_id": self.client_id,
            "client_key_file": self.client_key_file,
            "ca_file": self.ca_file,
            "name": NAME,
        }
        return SiteSettings.model_validate({**values, **over})

    def start(self) -> Self:
        """Open for business; returns once connections are taken."""
        self._open_door()
        return self

    def stop(self) -> None:
        """Close for good."""
        self.faults.hurry()
        self._close_door()
        self._engine.dispose()

    def reset(self) -> None:
        """All well again, and an empty record; who has signed in stays so."""
        self.faults.reset()
        self.hospital.reset()

    def transactions(self) -> list[dict[str, Any]]:
        """Every transaction received: at, event_id, status, replayed, bundle."""
        return self.hospital.received()

    def last_transaction_json(self) -> str:
        """The transaction last received, as indented JSON; empty when there was none."""
        received = self.transactions()
        return json.dumps(received[-1]["bundle"], ensure_ascii=False, indent=2) if received else ""

    def encounters(self) -> list[dict[str, Any]]:
        """Every registered visit: visit_id, queue_number, pending_queue_number, department, patient, …"""
        return self.hospital.visits()

    def security_events(self) -> list[dict[str, Any]]:
        """Every document refused at a kiosk: event_id, at, kiosk, code, reasons, access_protocol."""
        return self.hospital.security_events()

    def _open_door(self) -> None:
        config = uvicorn.Config(
            self._app,
            http=self._connections.protocol,
            ws="none",
            lifespan="off",
            loop="asyncio",
            log_config=None,
            log_level=logging.CRITICAL,
            access_log=False,
            ssl_certfile=str(self.credentials.server_file),
            ssl_keyfile=str(self.credentials.server_key_file),
            timeout_graceful_shutdown=5,
        )
        listening = socket.create_server((HOST, self._port), backlog=64)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listening]}, name="stand-in-site", daemon=True
        )
        self._thread.start()
        while not self._server.started:
            self._thread.join(0.005)

    def _close_door(self) -> None:
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self._connections.drop_all()
        self._thread.join()
        self._server = self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.stop()


def free_port() -> int:
    """A TCP port that nobody listens at now."""
    with socket.create_server((HOST, 0)) as probe:
        return int(probe.getsockname()[1])
