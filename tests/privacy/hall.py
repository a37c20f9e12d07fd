"""A whole rig for canaries, with everything it may write in one directory, and eyes on that directory."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from kiosk.supervisor import ProcessName
from provisioning.rig import people, rehearsal
from provisioning.rig.choices import Choices
from provisioning.rig.rig import Rig

from . import canaries, memory, rasters
from .canaries import Canary
from .needles import Found, Needles
from .shut_in import shut_in

PATIENCE = {"face": {"coach_s": 4.0, "challenge_s": 4.0, "total_s": 16.0}}


class CanaryHall:
    """Sends canaries to a rig and searches what it left, but for the hospital's record in `rig.directory/site`."""

    def __init__(self, rig: Rig, people_dir: Path, faces_dir: Path, baked_dir: Path) -> None:
        self.rig = rig
        self.visitors: list[Canary] = []
        self._people_dir, self._faces_dir, self._baked_dir = people_dir, faces_dir, baked_dir

    def canary(self) -> Canary:
        """A new one."""
        canary = canaries.make(len(self.visitors), self._baked_dir, self._people_dir, self._faces_dir)
        self.visitors.append(canary)
        return canary

    def visit(self, **choices: Any) -> rehearsal.Report:
        """The next canary's visit; afterwards the kiosk is at its welcome screen again."""
        return self.visit_of(self.canary(), **choices)

    def visit_of(self, canary: Canary, **choices: Any) -> rehearsal.Report:
        """One canary's visit, and all around the kiosk put right again: what waited is delivered from now on."""
        report = self.send(canary, **choices)
        rehearsal.ready_again(self.rig)
        return report

    def send(self, canary: Canary, **choices: Any) -> rehearsal.Report:
        """One canary's visit; its last screen stays, and the hospital is as it was."""
        return rehearsal.rehearse(self.rig, Choices.model_validate({"persona": canary.id, **choices}))

    def tell_to_end(self) -> None:
        """All processes are told to end (SIGTERM), and do; nobody starts them again."""
        children, self.rig.kiosk.children = self.rig.kiosk.children, {}
        for child in children.values():
            child.terminate()
        for child in children.values():
            assert child.wait(30) == 0

    def protections(self) -> dict[str, dict[str, str]]:
        """What the kernel says of each process: its limit on core dumps, what of it is locked and what swapped."""
        told = {}
        for name, pid in self.pids().items():
            status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
            (limit,) = re.findall(r"Max core file size +(\S+ +\S+)", Path(f"/proc/{pid}/limits").read_text())
            fields = dict(line.split(":\t", 1) for line in status)
            told[name] = {"core": limit, "locked": fields["VmLck"].strip(), "swapped": fields["VmSwap"].strip()}
        return told

    def crash(self) -> dict[str, bool]:
        """All processes crash; whether the kernel dumped each. Nobody starts them again."""
        children, self.rig.kiosk.children = self.rig.kiosk.children, {}
        dumped = {}
        for name, child in children.items():
            child.send_signal(signal.SIGSEGV)
            ended = os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
            assert ended
            assert ended.si_status == signal.SIGSEGV
            dumped[str(name)] = ended.si_code == os.CLD_DUMPED
            child.wait()
        return dumped

    def deliver_everything(self) -> None:
        """Wait until the hospital has all and every process has been told of the last visit's end."""
        self.rig.site.faults.set("up")
        deadline = time.monotonic() + 60
        while (health := self.rig.link_health()).outbox_waiting:
            assert time.monotonic() < deadline, health
            time.sleep(0.1)

    def texts(self) -> Needles:
        """Everything written of everybody who came."""
        return Needles(needle for canary in self.visitors for needle in canary.texts())

    def files(self) -> dict[str, Path]:
        """Every file the kiosk's processes may have written, by its place."""
        inside = self.rig.directory
        return {
            str(path.relative_to(inside)): path
            for path in sorted(inside.rglob("*"))
            if path.is_file() and path.relative_to(inside).parts[0] != "site"
        }

    def search_files(self, needles: Needles) -> list[Found]:
        """What is found in them, in their names, and in the pictures they hold."""
        found, names = [], {canary.id: canary.persona.card.name for canary in self.visitors}
        for name, path in self.files().items():
            data = path.read_bytes()
            found += needles.search(name.encode() + b"\n" + data, name)
            found += rasters.search(data, name, names, needles)
        return found

    def search_open_files(self, needles: Needles) -> list[Found]:
        """What is found in files that have no name any more, or never had one, and that a process holds open."""
        found = []
        for process, pid in self.pids().items():
            for descriptor in sorted(Path(f"/proc/{pid}/fd").iterdir()):
                target = str(descriptor.readlink())
                if target.endswith(" (deleted)") or target.startswith("/memfd:"):
                    found += needles.search(descriptor.read_bytes(), f"{process}: {target}")
        return found

    def search_memory(self, needles: Needles) -> list[Found]:
        """What is found in the memory of the three processes."""
        found = []
        for process, pid in self.pids().items():
            for region, data in memory.regions(pid):
                found += needles.search(data, f"{process}: {region}")
        return found

    def pids(self) -> Mapping[ProcessName, int]:
        """The kiosk's processes."""
        return {name: child.pid for name, child in self.rig.kiosk.children.items()}


@contextlib.contextmanager
def open_hall(programs: Mapping[ProcessName, Path] | None = None, **overrides: Any) -> Iterator[CanaryHall]:
    """A running rig of its own, whose working directory, home and temporary directory are empty ones."""
    baked_dir, trust_dir, site_dir = (Path("var/rig", name).resolve() for name in ("faces", "trust", "site"))
    with pytest.MonkeyPatch.context() as patch, _outside() as outside:
        faces_dir, people_dir = outside / "var/rig/faces", outside / "people"
        faces_dir.mkdir(parents=True)
        for file in baked_dir.iterdir():
            (faces_dir / file.name).symlink_to(file)
        (outside / "var/rig/trust").symlink_to(trust_dir)
        (outside / "var/rig/site").symlink_to(site_dir)
        shutil.copytree(people.PEOPLE_DIR, people_dir)
        patch.chdir(outside)
        patch.setattr(people, "PEOPLE_DIR", people_dir)
        rig = Rig(overrides={**PATIENCE, **overrides})
        rig._command = shut_in(rig.directory, programs)
        for variable in ("TMPDIR", "HOME"):
            (rig.directory / variable.lower()).mkdir()
            patch.setenv(variable, str(rig.directory / variable.lower()))
        tempfile.tempdir = None
        with rig:
            yield CanaryHall(rig, people_dir, faces_dir, baked_dir)


@contextlib.contextmanager
def _outside() -> Iterator[Path]:
    """The working directory: not below the rig's, so that nothing there can be written."""
    memory = Path("/dev/shm")
    directory = Path(tempfile.mkdtemp(prefix="canaries-", dir=memory if memory.is_dir() else None))
    kept, limits = tempfile.tempdir, resource.getrlimit(resource.RLIMIT_CORE)
    # whoever does not see to it is dumped
    resource.setrlimit(resource.RLIMIT_CORE, (limits[1], limits[1]))
    try:
        yield directory
    finally:
        tempfile.tempdir = kept
        resource.setrlimit(resource.RLIMIT_CORE, limits)
        shutil.rmtree(directory)
