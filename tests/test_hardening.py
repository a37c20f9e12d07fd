"""Each test runs real processes and asks the kernel about them."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.hardening import WIPES_WHAT_IS_FREED

ALONE = "import signal, sys; print('up', flush=True); signal.pause()"
PROTECTED = f"from kiosk.hardening import protect_memory; protect_memory(); {ALONE}"
LET_GO = (
    """
from kiosk.hardening import protect_memory
protect_memory()
def visit(number):
    name = "".join(("Canary", "Bird", str(number)))
    return {"name": name, "names": [name * 20], "bytes": (name * 5000).encode()}
for number in range(9):
    held = visit(number)
del held
"""
    + ALONE
)


def start(code: str, directory: Path, environment: dict[str, str] | None = None) -> subprocess.Popen[str]:
    """A Python that may leave core dumps, if nothing stops it."""
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=directory,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), **(environment or {})},
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2),
    )
    assert process.stdout
    assert process.stdout.readline() == "up\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def dumped_core(code: str, directory: Path) -> bool:
    """Whether the kernel says that a crash was dumped: to a file, or to a program."""
    process = start(code, directory)
    process.send_signal(signal.SIGSEGV)
    _, status = os.waitpid(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.communicate()
    assert process.returncode == -signal.SIGSEGV
    return os.WCOREDUMP(status)


def memory(pid: int) -> bytes:
    """What can be read of a process's memory."""
    found = []
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as file:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            where, rights, *_ = line.split()
            if rights.startswith("rw"):
                first, last = (int(address, 16) for address in where.split("-"))
                file.seek(first)
                found.append(file.read(last - first))
    return b"".join(found)


def test_a_crash_leaves_no_core_dump(tmp_path: Path) -> None:
    assert not dumped_core(PROTECTED, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_without_protection_a_crash_is_dumped(tmp_path: Path) -> None:
    assert dumped_core(ALONE, tmp_path)


def test_pages_stay_in_memory_or_the_log_says_that_they_may_not(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    process = start(PROTECTED, tmp_path)
    status = Path(f"/proc/{process.pid}/status").read_text()
    end(process)
    fields = dict(line.split(":", 1) for line in status.splitlines())
    is_locked = int(fields["VmLck"].split()[0]) > 0
    # only whoever may lock as much as they like does
    assert is_locked != ("memory_may_be_swapped" in capfd.readouterr().err)
    assert int(fields["VmSwap"].split()[0]) == 0


@pytest.mark.parametrize(("environment", "remains"), [(WIPES_WHAT_IS_FREED, False), ({}, True)], ids=["set", "not"])
def test_what_is_freed_is_overwritten(tmp_path: Path, environment: dict[str, str], remains: bool) -> None:
    process = start(LET_GO, tmp_path, environment)
    found = memory(process.pid)
    end(process)
    assert (b"CanaryBird" in found) == remains


def test_what_cannot_be_had_is_said(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROTECTED.replace("signal.pause()", "sys.exit()")]
    unprivileged = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", *command]
    done = subprocess.run(unprivileged, capture_output=True, text=True, check=True)
    assert '"event": "memory_may_be_swapped"' in done.stderr
    assert '"event": "freed_memory_not_wiped"' in done.stderr
