"""A PostgreSQL of the tests' own, from Debian's packages, on a socket in a temporary directory."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
WHOLE_MACHINE = ["0", "0", "4294967295"]
"""/proc/self/uid_map where no user namespace was made. user_namespaces(7)."""


@contextmanager
def running_postgresql() -> Iterator[str]:
    """Its address for SQLAlchemy, while it runs. Raises: FileNotFoundError if it is not installed."""
    if not PROGRAMS:
        raise FileNotFoundError("PostgreSQL is not there: apt install postgresql")
    directory = Path(tempfile.mkdtemp(prefix="kiosk-postgresql-"))
    user = _not_root(directory)

    def run(program: str, *arguments: str) -> None:
        command = [*user, PROGRAMS[-1] / program, "-D", directory / "data", *arguments]
        subprocess.run(command, cwd=directory, check=True, stdout=subprocess.DEVNULL)

    try:
        run("initdb", "-A", "trust", "-U", "hospital", "--no-sync", "--no-locale", "-E", "UTF8")
        options = f"-F -k {directory} -c listen_addresses=''"  # nobody needs it after a power cut
        run("pg_ctl", "-w", "-o", options, "-l", str(directory / "log"), "start")
        try:
            yield f"postgresql+psycopg://hospital@/postgres?host={directory}"
        finally:
            run("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(directory)


def _not_root(directory: Path) -> list[str]:
    """What to put before a command so that it does not run as root, which PostgreSQL refuses to."""
    if os.geteuid() != 0:
        return []
    if Path("/proc/self/uid_map").read_text(encoding="ascii").split() != WHOLE_MACHINE:
        return [
            "unshare",
            "--user",
            "--map-user=1000",
            "--map-group=1000",
        ]  # root by name only: another name will do
    shutil.chown(directory, "postgres", "postgres")
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
