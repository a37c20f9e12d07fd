"""Renders every sample view to PNG: `python -m screens.gallery OUT_DIR`, one process a shape.

`--shape portrait --language vi --only consent` narrows it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from kiosk.flows.views import View
from kiosk.settings import ScreenSettings
from kiosk.strings import LANGUAGES
from screens.app import KioskScreens
from screens.pilot import Pilot
from screens.samples import SAMPLES

SHAPES = {
    # a 15.6 inch panel standing, a 10.1 inch panel lying
    "portrait": ScreenSettings(width_px=1080, height_px=1920, pixels_per_mm=5.58, offscreen=True),
    "landscape": ScreenSettings(width_px=1280, height_px=800, pixels_per_mm=5.88, offscreen=True),
}

SITE_NAME = {"vi": "Bệnh viện Đa khoa Mẫu", "en": "Sample General Hospital"}
SIMULATED = ("reader", "camera", "printer")


def screens_for(shape: str, language: str = "vi", on_shown: Callable[[View], None] | None = None) -> KioskScreens:
    """The glass in one of the gallery's shapes, with nobody listening."""
    return KioskScreens(
        SHAPES[shape],
        language=language,
        simulated_parts=SIMULATED,
        site_name=SITE_NAME,
        on_event=lambda _event, _view: None,
        on_language=lambda _language: None,
        on_touch=lambda: None,
        on_shown=on_shown,
    )


def render(out: Path, shape: str, languages: tuple[str, ...], names: tuple[str, ...]) -> None:
    """Draw the named samples in one shape into `out`."""
    screens = screens_for(shape, languages[0])
    failures: list[BaseException] = []

    def draw() -> None:
        pilot = Pilot(screens)
        try:
            for language in languages:
                screens.set_language(language)
                for name in names:
                    _draw_one(screens, pilot, name, out / f"{name}-{shape}-{language}.png")
        except BaseException as error:
            failures.append(error)
        finally:
            screens.stop()

    worker = threading.Thread(target=draw)
    worker.start()
    screens.run()
    worker.join()
    if failures:
        raise failures[0]


def _draw_one(screens: KioskScreens, pilot: Pilot, name: str, file: Path) -> None:
    screens.forget()
    screens.show(SAMPLES[name])
    pilot.wait_for(SAMPLES[name].step)
    if name == "digits_four":
        pilot.type_digits("1234")
    pilot.screenshot(file)


def main() -> None:
    """Render the gallery."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--shape", choices=tuple(SHAPES))
    parser.add_argument("--language", choices=LANGUAGES)
    parser.add_argument("--only", nargs="*", choices=tuple(SAMPLES))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.shape is None:  # Kivy allows one window a process
        for shape in SHAPES:
            subprocess.run([sys.executable, "-m", "screens.gallery", *sys.argv[1:], "--shape", shape], check=True)
        return
    languages = (options.language,) if options.language else LANGUAGES
    render(options.out, options.shape, languages, tuple(options.only or SAMPLES))


if __name__ == "__main__":
    main()
