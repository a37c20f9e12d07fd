"""A pcscd of one's own with vsmartcard's vpcd as its only reader, for the rig and the tests.

Debian's libpcsclite and pcscd agree on one socket, /run/pcscd/pcscd.comm. Here pcscd runs in a mount namespace
in which a private directory lies over /run/pcscd, so that runs never meet; it needs root, or a user namespace.
Clients find it through the environment variable PCSCLITE_CSOCK_NAME, which libpcsclite reads once a process, at
the first SCardEstablishContext: set it (`RunningPcscd.client_environment`) before anything touches pyscard.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

SOCKET_VARIABLE = "PCSCLITE_CSOCK_NAME"
_DRIVER = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
_SOCKET_NAME = "pcscd.comm"
_START_TIMEOUT_S = 10.0
_STOP_TIMEOUT_S = 5.0
_POLL_S = 0.02
_MOUNT_AND_RUN = """
[ -d /run/pcscd ] || { mount -t tmpfs tmpfs /run && mkdir /run/pcscd; } || exit
mount --bind "$1" /run/pcscd && exec pcscd --foreground --error --config "$2" $3
"""
"""Where the directory is not there yet, /run itself becomes the namespace's own, for any user."""


class PcscdFailed(RuntimeError):
    """pcscd did not come up; the text says where its output is."""


@dataclass
class RunningPcscd:
    """A pcscd with a virtual reader of two places; cards connect to `port` and `port` + 1."""

    runtime_dir: Path
    port: int
    _process: subprocess.Popen[bytes]

    @property
    def socket_path(self) -> Path:
        """Where clients reach it."""
        return self.runtime_dir / _SOCKET_NAME

    @property
    def client_environment(self) -> dict[str, str]:
        """What a client's environment needs before its first PC/SC call."""
        return {SOCKET_VARIABLE: str(self.socket_path)}

    @property
    def is_running(self) -> bool:
        """Whether the process is alive."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End it, with its reader and every client's connection."""
        self._process.terminate()
        try:
            self._process.wait(_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._clear_away()

    def kill(self) -> None:
        """End it as a crash would (SIGKILL)."""
        self._process.kill()
        self._clear_away()

    def _clear_away(self) -> None:
        self._process.wait()
        self.socket_path.unlink(missing_ok=True)
        (self.runtime_dir / "pcscd.pid").unlink(missing_ok=True)


def start_pcscd(runtime_dir: Path, port: int | None = None, *, has_reader: bool = True) -> RunningPcscd:
    """Start pcscd on a socket in `runtime_dir` (made if absent) and wait until it and vpcd answer.

    vpcd cannot be unplugged from a running pcscd, which takes serial readers from its configuration at the start;
    what a client meets when a reader was unplugged is a pcscd without one: `has_reader=False`.
    Raises: PcscdFailed.
    """
    runtime_dir.mkdir(parents=True, exist_ok=True)
    port = port or _two_free_ports()
    config = runtime_dir / "reader.conf"
    reader = f'FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:{port}\nLIBPATH {_DRIVER}\nCHANNELID {port}\n'
    config.write_text(reader if has_reader else "", encoding="ascii")
    log = runtime_dir / "pcscd.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            ["unshare", *_namespaces(), "sh", "-c", _MOUNT_AND_RUN, "pcscd", runtime_dir, config, _polkit_option()],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    running = RunningPcscd(runtime_dir, port, process)
    deadline = time.monotonic() + _START_TIMEOUT_S
    while not (running.socket_path.exists() and _is_listening(port) is has_reader):
        if not running.is_running or time.monotonic() > deadline:
            running.stop()
            raise PcscdFailed(f"pcscd did not start: {log}")
        time.sleep(_POLL_S)
    return running


def _namespaces() -> list[str]:
    """Mounts of its own; for that anyone but root needs to be root in a user namespace of their own."""
    return ["--mount"] if os.geteuid() == 0 else ["--user", "--map-root-user", "--mount"]


def _polkit_option() -> str:
    """Later builds ask polkit, which a rig has not; Debian 12's 1.9.9 knows no such option and needs none."""
    usage = subprocess.run(["pcscd", "--help"], capture_output=True, text=True, check=False)
    return "--disable-polkit" if "--disable-polkit" in usage.stdout + usage.stderr else ""


def _two_free_ports() -> int:
    """vpcd takes a port for each of its two places."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            with contextlib.suppress(OSError):
                second.bind(("127.0.0.1", port + 1))
                return port


def _is_listening(port: int) -> bool:
    """Look it up rather than connect: to vpcd a connection is a card."""
    wanted = f":{port:04X}"
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text(encoding="ascii").splitlines()[1:]:
                local, state = line.split()[1], line.split()[3]
                if local.endswith(wanted) and state == "0A":
                    return True
    return False
