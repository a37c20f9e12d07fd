"""The same hospital on PostgreSQL: its SQL is portable and its locks hold there too."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from provisioning.rig.site.server import StandInSite

pytestmark = pytest.mark.long

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
AS_POSTGRES = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]


@pytest.fixture(scope="module")
def database_url() -> Iterator[str]:
    """A PostgreSQL of its own, on a socket in a temporary directory."""
    if not PROGRAMS:
        pytest.fail("PostgreSQL is not there: apt install postgresql")
    directory = Path(tempfile.mkdtemp())  # not tmp_path, whose parents are root's alone
    shutil.chown(directory, "postgres")

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [*AS_POSTGRES, PROGRAMS[-1] / program, "-D", directory / "data", *arguments],
            cwd=directory,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    try:
        run("initdb", "-A", "trust", "--no-sync", "--no-locale", "-E", "UTF8")
        run("pg_ctl", "-w", "-o", f"-k {directory} -c listen_addresses=''", "-l", str(directory / "log"), "start")
        yield f"postgresql+psycopg://postgres@/postgres?host={directory}"
        run("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(directory)


@pytest.fixture(scope="module")
def running(database_url, tmp_path_factory, calendar_type):
    calendar = calendar_type()
    directory = tmp_path_factory.mktemp("hospital")
    with StandInSite(directory, today=calendar, database_url=database_url) as site:
        yield site, calendar


def numbers(hospital):
    return sorted(found["queue_number"] for found in hospital.encounters())


def test_thirty_registrations_at_once_get_thirty_numbers(client, hospital, bundle):
    sent = [bundle(f"0980000000{n % 4:02d}") for n in range(30)]
    with ThreadPoolExecutor(8) as pool:
        assert {answer.status_code for answer in pool.map(lambda one: client.post("", one), sent)} == {200}
    assert numbers(hospital) == [f"A{n:03d}" for n in range(13, 43)]
    assert len(hospital.hospital.all_of("Patient")) == 4


def test_same_event_from_many_sides_at_once_is_registered_once(client, hospital, bundle):
    sent = bundle()
    with ThreadPoolExecutor(8) as pool:
        found = {answer.status_code for answer in pool.map(lambda _: client.post("", sent, key='"k"'), range(16))}
    assert found <= {200, 409}
    assert numbers(hospital) == ["A013"]


def test_fault_takes_everything_back(client, hospital, bundle):
    sent = bundle()
    sent["entry"][-1]["resource"]["target"] = [{"reference": "Patient/nobody"}]
    assert client.post("", sent).status_code == 404
    assert hospital.hospital.all_of("Patient") == []
    client.post("", bundle())
    assert numbers(hospital) == ["A013"]
