"""The one place that knows concrete classes: builds each process from the settings and runs it.

Imports stand inside the functions, so that no process loads another's toolkit.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from kiosk import hardening, logs, ports, rpc, trusted_clock
from kiosk.errors import SettingsInvalid
from kiosk.flows import effects
from kiosk.preview import PreviewReader, PreviewWriter
from kiosk.settings import Settings

if TYPE_CHECKING:
    from kiosk.flows.views import View
    from kiosk.session import Place, Session
    from kiosk.visit.chip_job import InspectDocument
    from screens.app import KioskScreens

RIG_FACES_DIR = Path("var/rig/faces")
VISION_TIMEOUT_S = 10.0
"""Longer than a job takes to let go of the camera."""


class RuntimeFiles:
    """Sockets and shared files of one kiosk, in its memory-backed runtime directory."""

    def __init__(self, directory: Path) -> None:
        self.vision, self.link, self.pilot = (directory / f"{name}.sock" for name in ("vision", "link", "pilot"))
        self.keys, self.panel = directory / "keys.sock", directory / "panel.sock"
        self.preview, self.lockout = directory / "preview", directory / "lockout.json"
        self.world, self.glass = directory / "world.json", directory / "glass.json"
        self.timeline = directory / "timeline.jsonl"


def run_process(name: str, settings: Settings) -> int:
    """Run one of the kiosk's processes until it is told to end; returns an exit code."""
    hardening.protect_memory()
    settings.runtime_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    run = {"screen": _run_screen, "vision": _run_vision, "link": _run_link}[name]
    logs.event("process_started", process=name)
    if settings.profile == "production":
        # tracebacks quote values, which may be personal: in production only type and place are told
        sys.excepthook = lambda _kind, error, _trace: logs.failure("process_failed", error)
        threading.excepthook = lambda failed: logs.failure("thread_failed", failed.exc_value)
    run(settings, RuntimeFiles(settings.runtime_dir))
    logs.event("process_ended", process=name)
    return 0


def _wait_for_the_end() -> None:
    """Until SIGTERM or SIGINT."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    ended.wait()


# kiosk-link -----------------------------------------------------------------------------------------------------


def _run_link(settings: Settings, files: RuntimeFiles) -> None:
    from drivers.site.fhir_site import FhirSite
    from kiosk.link_service import LinkService
    from kiosk.sync.fhir.systems import Systems
    from kiosk.sync.store import Store
    from printer.device import EscPosPrinter
    from printer.typesetting import Fonts

    store = Store.open(
        settings.store.database_file,
        settings.store.key_file,
        kiosk_id=settings.kiosk_id,
        systems=Systems.from_settings(settings.site.identifier_systems),
    )
    site = FhirSite(settings.site)
    printer = EscPosPrinter(settings.printer, Fonts(settings.screen.font_regular, settings.screen.font_bold))
    service = LinkService(
        store,
        site,
        printer,
        kiosk_id=settings.kiosk_id,
        timeout_s=settings.site.timeout_s,
        leased_numbers=settings.site.leased_numbers,
        simulated=settings.printer.simulated,
    )
    service.start()
    try:
        with rpc.Server(ports.Link, service, files.link):
            _wait_for_the_end()
    finally:
        service.stop()
        printer.close()
        site.close()
        store.close()


# kiosk-vision ---------------------------------------------------------------------------------------------------


def _frame_source(settings: Settings, files: RuntimeFiles) -> ports.FrameSource:
    camera = settings.camera
    match camera.driver:
        case "picamera2":
            from drivers.camera.picamera2 import Picamera2Source

            return Picamera2Source(camera)
        case "v4l2":
            from drivers.camera.v4l2 import V4l2Source

            return V4l2Source(camera)
        case "video_file":
            from drivers.camera.video_file import VideoFileSource

            return VideoFileSource(camera)
        case "synthetic":
            from drivers.camera.synthetic.source import SyntheticCamera
            from drivers.camera.world import GlassFile, WorldFile

            world, glass = WorldFile(files.world), GlassFile(files.glass)
            return SyntheticCamera(world.read, glass.read, RIG_FACES_DIR, camera)


def _run_vision(settings: Settings, files: RuntimeFiles) -> None:
    from drivers.face_embedding.dlib_resnet import DlibResnetEmbedder
    from drivers.face_mesh.mediapipe_mesh import MediapipeFaceMesh
    from drivers.qr_scanner.zxing import ZxingQrScanner
    from kiosk.face.lockout import Lockout
    from kiosk.vision.service import VisionService

    preview = PreviewWriter(files.preview)
    service = VisionService(
        lambda: _frame_source(settings, files),
        mesh=MediapipeFaceMesh(),
        embedder=DlibResnetEmbedder(),
        scanner=ZxingQrScanner(),
        preview=preview,
        settings=settings.face,
        simulated="camera" in settings.simulated_parts,
        lockout=Lockout(files.lockout),
    )
    try:
        with rpc.Server(ports.Vision, service, files.vision):
            _wait_for_the_end()
    finally:
        service.close()
        preview.close()


# kiosk-screen ---------------------------------------------------------------------------------------------------


def _panel(settings: Settings) -> ports.Panel:
    from drivers.panel.gpio_panel import GpioPanel
    from drivers.panel.no_panel import NoPanel

    return NoPanel() if settings.panel.driver == "none" else GpioPanel(settings.panel, settings.runtime_dir)


def _place(settings: Settings) -> Place:
    from kiosk.session import Place

    return Place(
        site_name=settings.site.name,
        staff_desk=settings.staff_desk,
        unknown_issuer=settings.trust.unknown_issuer,
        chip_not_proven=settings.trust.chip_not_proven,
        expired=settings.trust.expired,
        no_clock=settings.trust.no_clock,
        card_gone_s=settings.timers.card_gone_s,
        result_s=settings.timers.result_s,
        result_without_slip_s=settings.timers.result_without_slip_s,
        face_tries=settings.face.tries_per_visit,
    )


def _session_maker(settings: Settings) -> Callable[[], Session]:
    from kiosk.flows.catalogue import FLOWS
    from kiosk.session import Language

    kind, place = FLOWS[settings.flow].session, _place(settings)
    return lambda: kind(
        id=uuid4(),
        language=Language(settings.language),
        started_at=datetime.now(trusted_clock.VIETNAM),
        place=place,
    )


def _inspector(settings: Settings) -> InspectDocument:
    """Chip inspection against the operator's trust store. Raises: TrustStoreInvalid, DemoIssuerRefused."""
    from kiosk.emrtd.csca import TrustStore
    from kiosk.emrtd.inspection import inspect
    from kiosk.emrtd.report import InspectionProgress, authenticated_document
    from kiosk.identity.unfinished_reading import UnfinishedReading
    from kiosk.session import AccessKeys, AuthenticatedDocument

    trust = TrustStore.load(settings.trust.csca_dir, allow_demo=settings.profile == "rig")
    for unusable in trust.unusable:
        logs.event("csca_unusable", part=unusable.file_name, reason=unusable.reason)
    if not trust.issuers:
        raise SettingsInvalid(f"{settings.trust.csca_dir}: no usable CSCA certificate")

    def inspect_document(
        card: ports.Transceiver,
        keys: AccessKeys,
        progress: Callable[[str, str | None], None],
        unfinished: UnfinishedReading,
    ) -> AuthenticatedDocument:
        def tell(reached: InspectionProgress) -> None:
            progress(reached.stage, reached.name)

        today = trusted_clock.today(settings.trust.clock)
        report = inspect(card, keys, trust, today=today, on_progress=tell, unfinished=unfinished)
        found = " ".join(report.reasons)
        logs.event("chip_read", verdict=report.verdict, access_protocol=report.access_protocol, reason=found)
        return authenticated_document(report)

    return inspect_document


def _reader(settings: Settings) -> ports.CardReader:
    from drivers.card_reader.pcsc import PcscReader

    return PcscReader(settings.reader.reader_name)


def _run_screen(settings: Settings, files: RuntimeFiles) -> None:
    from kiosk.flows.catalogue import FLOWS
    from kiosk.health_watch import HealthWatch
    from kiosk.visit.chip_job import chip_job
    from kiosk.visit.devices import panel_listener, reader_listener
    from kiosk.visit.face_job import face_job
    from kiosk.visit.link_jobs import link_jobs
    from kiosk.visit.loop import VisitLoop
    from kiosk.visit.qr_job import qr_job
    from kiosk.visit.security_job import security_job
    from kiosk.visit.workers import VisitWorkers, ending_jobs
    from screens.app import KioskScreens

    os.environ.setdefault("KIVY_HOME", str(settings.runtime_dir / "kivy"))  # its home may be read-only
    vision = rpc.client(ports.Vision, files.vision, timeout_s=VISION_TIMEOUT_S)
    # longer than the link waits for the site, so that its own answer to that comes through
    link = rpc.client(ports.Link, files.link, timeout_s=2 * settings.site.timeout_s + 4)
    inspect, reader, panel = _inspector(settings), _reader(settings), _panel(settings)
    rig = _RigHooks(files) if settings.profile == "rig" else None
    screen = KioskScreens(
        settings.screen,
        language=settings.language,
        on_event=lambda event, view: loop.touched(event, view),
        on_language=lambda language: loop.choose_language(language),
        on_touch=lambda: loop.stay(),
        on_shown=rig.shown if rig else None,
        simulated_parts=settings.simulated_parts,
        site_name=settings.site.name,
        preview=PreviewReader(files.preview),
    )
    loop = VisitLoop(
        FLOWS[settings.flow],
        screen,
        panel,
        _session_maker(settings),
        settings.timers,
        simulated_parts=settings.simulated_parts,
        observer=rig.timeline if rig else None,
    )
    jobs = {
        effects.ScanCardQr: qr_job(vision),
        effects.ReadChip: chip_job(reader, inspect, lambda hangs: health.reader_hangs(hangs)),
        effects.CheckFace: face_job(vision, screen),
        **link_jobs(link),
        effects.RaiseSecurityEvent: security_job(link),
        **ending_jobs(vision, link),
    }
    workers = VisitWorkers(jobs, loop.post, loop.wants)
    health = HealthWatch(vision, link, loop.post)
    died: list[BaseException] = []

    def serve_visits() -> None:
        try:
            loop.run(workers)
        except Exception as error:  # a glass nobody serves is worse than a restart
            died.append(error)
            logs.failure("visits_died", error)
            screen.forget()
            screen.stop()

    thread = threading.Thread(target=serve_visits, name="visits", daemon=True)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: screen.stop())
    thread.start()
    reader.watch(reader_listener(loop.post, health.reader_changed))
    panel.watch(panel_listener(loop.post, loop.approached))
    health.start()
    if rig:
        rig.serve(screen, panel)
    try:
        screen.run()
    finally:
        if rig:
            rig.close()
        health.stop()
        reader.close()
        loop.stop()
        thread.join()
        workers.close()
        panel.close()
    if died:
        sys.exit(1)


class _RigHooks:
    """What a rig adds to the screen process: sockets to glass and panel, the timeline, and what the glass shows."""

    def __init__(self, files: RuntimeFiles) -> None:
        from drivers.camera.world import GlassFile
        from kiosk.visit.timeline import TimelineWriter

        self.timeline = TimelineWriter(files.timeline)
        self._files, self._glass = files, GlassFile(files.glass)
        self._servers: list[rpc.Server] = []
        self._stop_keys: Callable[[], None] = lambda: None

    def shown(self, view: View) -> None:
        """A view came onto the glass: simulated people can see it now."""
        self._glass.shown(view)
        self.timeline.shown(view)

    def serve(self, screen: KioskScreens, panel: ports.Panel) -> None:
        """Let the rig's pilot and the rig's hands at the panel in."""
        from drivers.panel.gpio_panel import GpioPanel
        from drivers.panel.panel_service import MockPanelService, PanelService
        from screens import keys
        from screens.pilot_service import PilotService, ScreenPilot

        self._servers.append(rpc.Server(PilotService, ScreenPilot(screen), self._files.pilot).start())
        if isinstance(panel, GpioPanel):
            self._servers.append(rpc.Server(PanelService, MockPanelService(panel), self._files.panel).start())
        self._stop_keys = keys.listen(rpc.client(keys.KeyListener, self._files.keys))

    def close(self) -> None:
        """Let nobody in any more."""
        for server in self._servers:
            server.stop()
        self._stop_keys()
        self.timeline.close()
