"""What the glass costs: `python -m screens.bench` prints one JSON object. Every figure from fresh processes.

first_frame: seconds from the process's start to the first flipped frame of the welcome screen, and of a bare
Kivy window with one label under the same configuration; idle: share of one core while a still view shows;
view_change: seconds from `show` to the flip.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

from screens.gallery import SHAPES, screens_for
from screens.samples import SAMPLES, face

IDLE_S = 4.0
RUNS = 5
CHANGES = ("welcome", "consent", "digits_empty", "departments_six", "reading", "confirm", "registered")


def _started_s() -> float:
    """When this process began, on CLOCK_MONOTONIC. proc(5): field 22 of stat, in clock ticks since boot."""
    ticks = int(Path("/proc/self/stat").read_text().rsplit(")", 1)[1].split()[19])
    since_boot_s = time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / 100
    return time.monotonic() - since_boot_s


def bare(shape: str) -> dict[str, float]:
    """A Kivy window with one label: what the toolkit costs by itself."""
    from screens import environment

    environment.prepare(SHAPES[shape])
    from kivy.base import runTouchApp, stopTouchApp
    from kivy.core.window import Window
    from kivy.uix.label import Label

    seen: dict[str, float] = {}

    def flipped(_window: object) -> bool:
        Window.flip()
        seen.setdefault("first_frame_s", time.monotonic() - _started_s())
        stopTouchApp()
        return True

    Window.bind(on_flip=flipped)
    runTouchApp(Label(text="Kiosk"))
    return seen


def kiosk(shape: str) -> dict[str, float]:
    """The kiosk's own glass, from the start to a still welcome screen."""
    screens = screens_for(shape)
    screens.show(SAMPLES["welcome"])
    figures: dict[str, float] = {}
    first = threading.Event()

    def flipped() -> None:
        figures["first_frame_s"] = time.monotonic() - _started_s()
        first.set()

    screens.before_flip(flipped)

    def watch() -> None:
        first.wait(30)
        time.sleep(1.0)
        used, began = time.process_time(), time.monotonic()
        time.sleep(IDLE_S)
        figures["idle_percent"] = 100 * (time.process_time() - used) / (time.monotonic() - began)
        figures["rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        screens.stop()

    threading.Thread(target=watch).start()
    screens.run()
    return figures


def changes(shape: str) -> dict[str, float]:
    """From `show` to the flip: a new screen, and a new prompt on the camera screen."""
    drawn = threading.Event()
    screens = screens_for(shape, on_shown=lambda _view: drawn.set())
    figures: dict[str, float] = {}

    def timed(view: object) -> float:
        drawn.clear()
        began = time.monotonic()
        screens.show(view)  # type: ignore[arg-type]
        drawn.wait(10)
        return time.monotonic() - began

    def watch() -> None:
        for _ in range(2):  # the first round makes screens and drawings
            times = [timed(SAMPLES[name]) for name in CHANGES]
        figures["view_change_s"] = statistics.median(times)
        timed(face(number=1))
        figures["prompt_change_s"] = statistics.median(
            timed(face("flash" if n % 2 else "turn_left", n, colour=(255, 0, 0) if n % 2 else None))
            for n in range(2, 12)
        )
        screens.stop()

    threading.Thread(target=watch).start()
    screens.run()
    return figures


MEASURES = {"bare": bare, "kiosk": kiosk, "changes": changes}


def measure(shape: str, what: str) -> dict[str, float]:
    """One measure in a process of its own."""
    command = [sys.executable, "-m", "screens.bench", "--shape", shape, "--only", what]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def report(shape: str, runs: int = RUNS) -> dict[str, float]:
    """Medians over fresh processes."""
    bares = [measure(shape, "bare")["first_frame_s"] for _ in range(runs)]
    own = [measure(shape, "kiosk") for _ in range(runs)]
    figures = {name: statistics.median(run[name] for run in own) for name in own[0]}
    figures["bare_first_frame_s"] = statistics.median(bares)
    figures["first_frame_ratio"] = figures["first_frame_s"] / figures["bare_first_frame_s"]
    return {name: round(value, 3) for name, value in {**figures, **measure(shape, "changes")}.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shape", choices=tuple(SHAPES), default="portrait")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--only", choices=tuple(MEASURES), help=argparse.SUPPRESS)
    options = parser.parse_args()
    figures = MEASURES[options.only](options.shape) if options.only else report(options.shape, options.runs)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
