"""The kiosk's screen as a picture that is taken anew only when the screen has changed."""

from __future__ import annotations

import io
import json

from PIL import Image

from kiosk import messages as m
from kiosk import rpc
from provisioning.rig.page.state import Picture, Touchable
from provisioning.rig.rig import Rig
from screens import pilot_service as p

MOST_PIXELS = 1_100_000
"""Sharp enough on a desktop and on a phone; the whole of a tall glass would be twice the work."""
PATIENCE_S = 4.0


class GlassPicture:
    """Looks at the glass for the page; `png` is the last picture."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self._pilot = rpc.client(p.PilotService, rig.files.pilot, timeout_s=PATIENCE_S)
        self._file = rig.directory / "control-page.png"
        self._frames: tuple[int | None, int] | None = None
        self._picture: Picture | None = None
        self.png = b""

    def look(self) -> Picture:
        """The picture of now. Raises: KioskError if the kiosk's screen does not answer."""
        frames = (self._process(), self._pilot.current_view(m.Nothing()).frames)
        if self._picture is None or frames != self._frames:
            self._picture = self._take()
            self._frames = frames
        return self._picture

    def touch(self, x: float, y: float) -> None:
        """Touch the glass there, in shares from its upper left. Raises: KioskError."""
        self._pilot.touch(p.Touch(x=x, y=y))

    def _process(self) -> int | None:
        """Frames are counted anew by each process of the screen."""
        child = self._rig.kiosk.children.get("screen")
        return child.pid if child else None

    def _take(self) -> Picture:
        """Picture first, then the rest: what comes onto the glass with a frame we asked for is not counted."""
        png = self._shoot()
        width_px, height_px = _size(png)
        glass, view = self._pilot.touchables(m.Nothing()), self._pilot.current_view(m.Nothing())
        changed = png != self.png
        self.png = png
        return Picture(
            version=(self._picture.version if self._picture else 0) + changed,
            step=json.loads(view.view).get("step", ""),
            language=view.language,
            width_px=width_px,
            height_px=height_px,
            touchables=tuple(_touchable(box, glass) for box in glass.boxes),
        )

    def _shoot(self) -> bytes:
        """People are on it: the file, in memory, is gone as soon as it is read."""
        self._pilot.screenshot(p.Screenshot(path=str(self._file), most_pixels=MOST_PIXELS))
        try:
            return self._file.read_bytes()
        finally:
            self._file.unlink()


def _size(png: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(png)) as picture:
        return picture.size


def _touchable(box: p.TouchableBox, glass: p.Touchables) -> Touchable:
    return Touchable(
        id=box.id,
        text=box.text,
        left=box.x / glass.width,
        top=1 - (box.y + box.height) / glass.height,
        width=box.width / glass.width,
        height=box.height / glass.height,
    )
