"""The project's figures: ratios gate, absolute figures are reported. One JSON object a line."""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from kiosk.supervisor import PROCESSES, ProcessName
from printer import benchmark as printing
from provisioning.rig import rehearsal
from provisioning.rig.choices import Choices
from provisioning.rig.faces.measure import frame_work
from provisioning.rig.prepare import FACES_DIR
from provisioning.rig.rig import Rig
from screens import bench

VISITS = 3
IDLE_S = 10.0
FIRST_FRAME_RUNS = 5
PARTS = {
    "qr": ("ScanQr",),
    "chip": ("ReadingChip",),
    "face": ("CheckingFace",),
    "site": ("LookUpInsurance", "ListDepartments", "RegisterVisit"),
    "print": ("PrintTicket",),
}
"""The device steps of a visit by part; all the others are the screen's own drawing."""


@dataclass(frozen=True)
class Figure:
    """One measurement; `limit` is None where a figure is only reported."""

    name: str
    value: float
    unit: str
    limit: float | None
    ok: bool


def at_most(name: str, value: float, unit: str, limit: float | None) -> Figure:
    """A figure that should not pass `limit`."""
    return Figure(name, round(value, 3), unit, limit, limit is None or value <= limit)


def run(out: Path) -> int:
    """Measure everything, print it, write `benchmark.jsonl`; returns 1 if a figure passed its limit."""
    out.mkdir(exist_ok=True)
    figures = []
    with (out / "benchmark.jsonl").open("w", encoding="utf-8") as file:
        for figure in measure():
            line = json.dumps(asdict(figure))
            print(line, flush=True)
            file.write(line + "\n")
            figures.append(figure)
    return 0 if all(figure.ok for figure in figures) else 1


def measure() -> Iterator[Figure]:
    """Every figure, in order."""
    with Rig(lockstep=False) as rig:
        yield at_most("ui.idle_cpu_percent", idle_cpu_percent(rig), "%", 3.0)
        yield from visit_figures(rig)
        yield from (at_most(f"{name}.rss_mb", rss_mb(rig, name), "MB", None) for name in PROCESSES)
    glass = bench.report("portrait", FIRST_FRAME_RUNS)
    yield at_most("ui.first_frame.vs_bare_kivy", glass["first_frame_ratio"], "ratio", 2.0)
    yield at_most("ui.first_frame_s", glass["first_frame_s"], "s", None)
    yield at_most("ui.view_change_s", glass["view_change_s"], "s", None)
    yield from face_figures()
    paper = printing.figures()
    yield at_most("printer.encode.vs_python_escpos", 1 / paper["encoding_ratio"], "ratio", None)
    yield at_most("printer.bytes.vs_raw_raster", paper["bytes_part"], "ratio", None)


def face_figures() -> Iterator[Figure]:
    """Per-frame work of the face check, embeddings apart, against FaceMesh alone on the same frames."""
    work = frame_work(FACES_DIR)
    yield at_most("liveness.frame.vs_bare_facemesh", work.ratio, "ratio", 2.0)
    yield at_most("liveness.frame_ms", work.whole_check_ms, "ms", None)


def visit_figures(rig: Rig) -> Iterator[Figure]:
    """Machine time of real-time visits, median of three after one that warms up, split by part."""
    reports = []
    for number in range(VISITS + 1):
        report = rehearsal.rehearse(rig, Choices())
        if report.outcome != "registered":
            raise RuntimeError(f"a visit of the benchmark ended as {report.outcome}: {report.reason}")
        rehearsal.ready_again(rig)
        if number:
            reports.append(report)
    yield at_most("visit.machine_seconds", statistics.median(r.machine_seconds for r in reports), "s", None)
    named = {step for steps in PARTS.values() for step in steps}
    for part, steps in PARTS.items():
        yield _part(part, reports, set(steps))
    yield _part("screen", reports, {step.name for report in reports for step in report.steps} - named)


def _part(part: str, reports: list[rehearsal.Report], names: set[str]) -> Figure:
    seconds = [sum(step.machine_seconds for step in report.steps if step.name in names) for report in reports]
    return at_most(f"visit.machine_seconds.{part}", statistics.median(seconds), "s", None)


def idle_cpu_percent(rig: Rig) -> float:
    """CPU time of the screen process over ten seconds at its welcome screen, in percent of one core."""
    time.sleep(2)
    before = _cpu_s(rig.kiosk.children["screen"].pid)
    time.sleep(IDLE_S)
    return 100 * (_cpu_s(rig.kiosk.children["screen"].pid) - before) / IDLE_S


def rss_mb(rig: Rig, process: ProcessName) -> float:
    """Resident memory of a process now."""
    status = Path(f"/proc/{rig.kiosk.children[process].pid}/status").read_text(encoding="ascii")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(kilobytes) / 1024


def _cpu_s(pid: int) -> float:
    """User and system time of a process. proc(5): fields 14 and 15 of stat, after the command in brackets."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
