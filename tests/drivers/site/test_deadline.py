"""The deadline holds even where nothing below knows of it."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest

from drivers.site.https import Https
from kiosk.errors import SiteTimedOut
from provisioning.rig.site.credentials import make_credentials


def test_a_name_server_that_never_answers_holds_no_call_beyond_its_deadline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = threading.Event()

    def silent(*_: object, **__: object) -> list:
        answered.wait(20)
        raise socket.gaierror("no answer")

    https = Https(make_credentials(tmp_path).ca_file)
    monkeypatch.setattr(socket, "getaddrinfo", silent)
    try:
        with pytest.raises(SiteTimedOut):
            https.send("GET", "https://hospital.example/metadata", headers={}, timeout_s=0.2)
        assert not answered.is_set()
    finally:
        answered.set()
        https.close()
