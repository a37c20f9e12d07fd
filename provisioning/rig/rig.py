"""The whole kiosk on a laptop: pcscd with a virtual reader, a simulated printer, the stand-in hospital, and the
kiosk's own three processes, all in a directory of their own and on loopback.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from drivers.camera.world import World, WorldFile
from drivers.card_reader.virtual_chip.reader import VirtualReader
from drivers.card_reader.virtual_reader import start_pcscd
from drivers.panel.panel_service import PanelService
from kiosk import messages as m
from kiosk import ports, rpc
from kiosk.errors import KioskError
from kiosk.supervisor import Command, ProcessName, Supervisor, command
from kiosk.visit import timeline
from kiosk.wiring import RuntimeFiles
from printer.simulated.server import SimulatedPrinter
from provisioning.rig import cards
from provisioning.rig.network import Network
from provisioning.rig.prepare import SITE_DIR, TRUST_DIR
from provisioning.rig.rig_settings import write_settings
from provisioning.rig.site.server import StandInSite, free_port
from screens.pilot_service import PilotService

START_TIMEOUT_S = 60.0


class Rig:
    """A running kiosk with a world around it that can be changed; use as a context manager."""

    def __init__(
        self,
        *,
        shape: str = "portrait",
        offscreen: bool = True,
        lockstep: bool = True,
        slips_dir: Path | None = None,
        overrides: dict[str, Any] | None = None,
        log: IO[bytes] | None = None,
        command: Command = command,
    ) -> None:
        memory = Path("/dev/shm")  # noqa: S108 (sockets and previews must never reach a disk)
        self.directory = Path(tempfile.mkdtemp(prefix="kiosk-rig-", dir=memory if memory.is_dir() else None))
        self.files = RuntimeFiles(self.directory)
        self.log_file = self.directory / "kiosk.log"
        self._shape, self._offscreen, self._lockstep = shape, offscreen, lockstep
        self._overrides, self._log, self._slips_dir = overrides or {}, log, slips_dir
        self._command = command
        self._stack = contextlib.ExitStack()
        self._seen_moments = 0

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            # being asked to end is no reason to leave processes and a directory behind
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        try:
            self._start()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._stack.close()

    def _start(self) -> None:
        self._stack.callback(shutil.rmtree, self.directory, ignore_errors=True)
        self._pcscd = start_pcscd(self.directory / "pcscd")
        self._stack.callback(self.unplug_reader)
        self._reader = VirtualReader("127.0.0.1", self._pcscd.port)
        self._stack.callback(self._reader.take_off)
        self.printer = SimulatedPrinter(out_dir=self._slips_dir).start()
        self._stack.callback(self.printer.stop)
        shutil.copytree(SITE_DIR, self.directory / "site")
        site_port = free_port()
        self.network = self._stack.enter_context(Network(site_port))
        self.site = StandInSite(self.directory / "site", site_port, reached_at=self.network.port).start()
        self._stack.callback(self.site.stop)
        self.site.faults.watch(lambda mode: self.network.target_is_open(mode != "away"))
        self.world = WorldFile(self.files.world)
        self.world.write(World())
        settings = write_settings(
            self.directory,
            site=self.site,
            printer_port=self.printer.port,
            csca_dir=TRUST_DIR / "csca",
            shape=self._shape,
            offscreen=self._offscreen,
            lockstep=self._lockstep,
            overrides=self._overrides,
        )
        environment = {**os.environ, **self._pcscd.client_environment}
        log = self._log or self._stack.enter_context(self.log_file.open("ab"))
        self.kiosk = Supervisor(settings, environment, log, self._command)
        self._stack.callback(self.kiosk.stop)
        self.kiosk.start()
        self.pilot = rpc.client(PilotService, self.files.pilot, timeout_s=20.0)
        self.panel = rpc.client(PanelService, self.files.panel)
        self.link = rpc.client(ports.Link, self.files.link)
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        """Until the welcome screen shows. Raises: ChildProcessError, TimeoutError."""
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            self.kiosk.watch_once()
            with contextlib.suppress(KioskError):
                if self.step() == "Welcome":
                    return
            time.sleep(0.1)
        raise TimeoutError(f"the kiosk did not come up in {START_TIMEOUT_S:.0f} s: {self.log_tail()}")

    def step(self) -> str:
        """The step whose view is on the glass."""
        return str(self.view()["step"])

    def view(self) -> dict[str, Any]:
        """The view on the glass, as plain values."""
        view: dict[str, Any] = json.loads(self.pilot.current_view(m.Nothing()).view)
        return view or {"step": "", "kind": ""}

    def lay_down(self, persona: str, variant: str = "genuine") -> None:
        """Put a persona's card on the reader; one that is unplugged does not notice."""
        try:
            self._reader.lay_down(cards.card(persona, variant))
        except ConnectionError:
            if self.has_reader:
                raise

    def take_off(self) -> None:
        """Take the card off the reader."""
        self._reader.take_off()

    def pull_card_at(self, stage: str) -> None:
        """Let the next card that is laid down leave the reader while its chip gives this part of itself."""
        self._reader.leave_at(stage)

    def given_by_card(self) -> Mapping[int, int]:
        """Bytes that were read of each file, by its identifier, of the card that was laid down last."""
        return self._reader.given

    def unplug_reader(self) -> None:
        """Take the reader from the kiosk; a virtual one goes with its pcscd."""
        if self._pcscd.is_running:
            self._pcscd.stop()

    def plug_in_reader(self) -> None:
        """Give it back, with no card on it."""
        if not self.has_reader:
            self._reader.take_off()
            self._pcscd = start_pcscd(self._pcscd.runtime_dir, self._pcscd.port)

    @property
    def has_reader(self) -> bool:
        """Whether the kiosk has its card reader."""
        return self._pcscd.is_running

    @property
    def has_power(self) -> bool:
        """Whether the kiosk is running at all."""
        return bool(self.kiosk.children)

    def kill(self, process: ProcessName) -> None:
        """End one of the kiosk's processes as a crash would (SIGKILL)."""
        self.kiosk.children[process].kill()

    def cut_power(self) -> None:
        """All of the kiosk stops at once, and stays so until `restore_power`."""
        self.kiosk.kill_all()

    def restore_power(self) -> None:
        """The kiosk starts as after a power cut."""
        self.kiosk.start()

    @property
    def holds_card(self) -> bool:
        """Whether a card lies on the reader."""
        return self._reader.holds_card

    def moments(self) -> list[timeline.Moment]:
        """What happened on the kiosk since this was last asked."""
        everything = timeline.read(self.files.timeline)
        new, self._seen_moments = everything[self._seen_moments :], len(everything)
        return new

    def link_health(self) -> m.LinkHealth:
        """Printer, site and outbox as the link process sees them."""
        return self.link.health(m.Nothing())

    def kiosk_files(self) -> list[Path]:
        """Every file the kiosk's own processes write: record, sockets, previews, logs; not the hospital's."""
        return [path for path in self.directory.rglob("*") if "site" not in path.relative_to(self.directory).parts]

    def log_tail(self, count: int = 12) -> str:
        """The last lines the kiosk's processes logged."""
        if not self.log_file.exists():
            return ""
        return "\n".join(self.log_file.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])
