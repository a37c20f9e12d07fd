"""`python -m provisioning.rig.page.picture`: the control page's picture for the README, after three visits."""

from __future__ import annotations

import io
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from provisioning.rig import rehearsal
from provisioning.rig.choices import AccessChoice, Choices, LanguageChoice, SiteChoice
from provisioning.rig.hall import Hall
from provisioning.rig.page.server import ControlPage, listen
from provisioning.rig.prepare import prepare
from provisioning.rig.rig import Rig

PICTURE = Path("docs/pictures/control-page.png")
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
"""As root in a container, without a graphics card, with little shared memory."""
WIDTH_PX, HEIGHT_PX, COLOURS = 1360, 850, 128
ALL_DRAWN = "document.querySelector('#slips img') && [...document.images].every((image) => image.complete)"
PATIENCE_S = 60.0


def main() -> None:
    """Three visits, the second while the hospital is away; then the page as it is."""
    prepare()
    with Rig(overrides={"timers": {"result_s": 120}}) as rig:
        rehearsal.rehearse(rig, Choices(persona="minh", access=AccessChoice.DIGITS))
        rehearsal.ready_again(rig)
        rehearsal.rehearse(rig, Choices(persona="tu", access=AccessChoice.DIGITS, site=SiteChoice.AWAY))
        rehearsal.ready_again(rig)
        _until_delivered(rig)
        rehearsal.rehearse(rig, Choices(persona="lan", language=LanguageChoice.EN, access=AccessChoice.DIGITS))
        with ControlPage(rig, Hall(rig), listen()) as page:
            _keep(_shot(page.url))
    print(PICTURE)


def _until_delivered(rig: Rig) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while rig.link_health().outbox_waiting:
        if time.monotonic() > deadline:
            raise TimeoutError("the hospital did not hear of the visit")
        time.sleep(0.1)


def _shot(url: str) -> bytes:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_OPTIONS))
        page = browser.new_page(viewport={"width": WIDTH_PX, "height": HEIGHT_PX})
        page.goto(f"{url}?language=en")
        page.wait_for_selector("#picture:not([hidden])")
        page.wait_for_function(ALL_DRAWN)
        png = page.screenshot()
        browser.close()
    return png


def _keep(png: bytes) -> None:
    with Image.open(io.BytesIO(png)) as picture:
        PICTURE.parent.mkdir(exist_ok=True)
        picture.convert("RGB").quantize(COLOURS).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
