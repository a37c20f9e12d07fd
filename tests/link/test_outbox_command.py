"""`kiosk outbox` as a technician types it, against a link that serves its socket."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from kiosk import ports, rpc
from kiosk.__main__ import app
from provisioning.rig import people

from ..test_settings import MINIMAL

ROOT = Path(__file__).parents[2]
LAN = people.load("lan").card


@pytest.fixture
def outbox(kiosk, tmp_path):
    """The command, on this kiosk's settings."""
    file = tmp_path / "kiosk.toml"
    file.write_text(f"runtime_dir = {json.dumps(str(tmp_path))}\n{MINIMAL}", encoding="utf-8")

    def run(*options):
        return CliRunner().invoke(app, ["outbox", "--settings", str(file), *options])

    with rpc.Server(ports.Link, kiosk.link, tmp_path / "link.sock"):
        yield run


def test_what_was_set_aside_is_listed_by_code_and_age_and_can_be_released_by_its_id(
    kiosk, hospital, visit, person, outbox
):
    kiosk.link.heartbeat.beat()
    hospital.faults.set("refuses_data", deliveries=1)
    kiosk.link.register_visit(visit(person("lan")))
    hospital.faults.set("away")
    kiosk.link.register_visit(visit(person("minh")))
    hospital.faults.set("up")

    shown = outbox()
    assert shown.exit_code == 0, shown.output
    rows = shown.stdout.splitlines()
    assert rows[1] == "alarms     site_refused"
    assert rows[2].startswith("waiting    2, the oldest since ")
    assert rows[3].startswith("set aside  2, the oldest since ")
    assert [row.split()[1:3] for row in rows[4:]] == [["a", "visit"], ["a", "pending"]]
    assert all(row.endswith("site_refused") for row in rows[4:])
    for personal in (LAN.name, LAN.citizen_number):
        assert personal not in shown.stdout

    event_id = rows[4].split()[0]
    released = outbox("--release", event_id)
    assert (released.exit_code, released.stdout) == (0, "2 to be delivered again\n")
    kiosk.deliver_everything()
    kiosk.deliver_everything()
    assert kiosk.waiting() == 0
    assert len(hospital.encounters()) == 2
    assert all(found["queue_number"] and found["pending_queue_number"] for found in hospital.encounters())


def test_releasing_what_there_is_not_says_so(outbox):
    unknown = outbox("--release", str(uuid4()))
    assert (unknown.exit_code, unknown.stdout) == (1, "0 to be delivered again\n")
    nonsense = outbox("--release", "everything")
    assert nonsense.exit_code == 2
    assert "or all" in nonsense.stderr


def test_without_a_running_link_it_says_so_in_one_line(tmp_path):
    file = tmp_path / "kiosk.toml"
    file.write_text(f"runtime_dir = {json.dumps(str(tmp_path))}\n{MINIMAL}", encoding="utf-8")
    command = [sys.executable, "-m", "kiosk", "outbox", "--settings", file]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT)
    assert shown.returncode == 1
    assert shown.stderr.startswith("kiosk: process_away: ")
