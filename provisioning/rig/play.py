"""`kiosk rig` for a person, who plays visitor and world: on the control page, and by keys in the kiosk's window."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from kiosk import messages as m
from kiosk import rpc
from provisioning.rig import people
from provisioning.rig.choices import CARDS, CameraChoice, SiteChoice
from provisioning.rig.hall import Hall
from provisioning.rig.page.board import LIGHTS_LUX
from provisioning.rig.page.server import ControlPage
from provisioning.rig.rig import Rig
from screens.keys import KeyListener, KeyPressed

LEGEND = """
The kiosk's window is a touchscreen: use the mouse. These keys, pressed in the window, play the world around it:

  1 2 3 …   whose card and face: {people}
  c         lay the card down, or take it off
  v         another card: genuine, forged, expired, …
  f         who stands there: the person, somebody else, a photo, a video, nobody
  h         the hospital: up, away
  l         light in the hall: 300, 2000, 20 lux
  q         quit

The control page does all this and more, in any browser on this machine.
"""
SLIPS = Path("out/slips")
LOOK_EVERY_S = 0.2

Value = TypeVar("Value")


class Player:
    """What the keys change; the same surroundings as the control page's."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._people = people.everybody()
        self._keys: dict[str, Callable[[], object]] = {
            "c": lambda: hall.change(card_on_reader=not hall.state.card_on_reader),
            "v": lambda: hall.change(card=_next(CARDS, hall.state.card)),
            "f": lambda: hall.change(camera=_next([str(choice) for choice in CameraChoice], hall.state.camera)),
            "h": lambda: hall.change(site=_next((SiteChoice.AWAY, SiteChoice.UP), hall.state.site)),
            "l": lambda: hall.change(light_lux=_next(LIGHTS_LUX, hall.state.light_lux)),
        }
        self.quit = False
        self._show()

    def pressed(self, message: KeyPressed) -> m.Nothing:
        """Take a key; one that means nothing here is ignored."""
        if message.key == "q":
            self.quit = True
        elif message.key.isdigit() and (number := int(message.key) or 10) <= len(self._people):
            self._hall.change(persona=self._people[number - 1].id)
            self._show()
        elif message.key in self._keys:
            self._keys[message.key]()
            self._show()
        return m.Nothing()

    def _show(self) -> None:
        state = self._hall.state
        card = people.load(state.persona).card
        print(
            f"{card.name} (last six digits {card.can}) · "
            f"card {state.card}, {'on the reader' if state.card_on_reader else 'in the hand'} · "
            f"{state.camera} before the camera · {state.light_lux:.0f} lux · hospital {state.site}",
            flush=True,
        )


def play(shape: str, door: socket.socket) -> int:
    """With a window, until it is closed or q is pressed; returns an exit code."""
    names = ", ".join(f"{n % 10} {person.card.name}" for n, person in enumerate(people.everybody()[:10], 1))
    print(LEGEND.format(people=names), flush=True)
    with _running(shape, door, offscreen=False) as (rig, hall):
        player = Player(hall)
        with rpc.Server(KeyListener, player, rig.files.keys):
            _keep_going(rig, lambda: player.quit)
    return 0


def serve(shape: str, door: socket.socket) -> int:
    """Without a window, the kiosk's screen being on the page, until Ctrl-C; returns an exit code."""
    with _running(shape, door, offscreen=True) as (rig, _):
        _keep_going(rig, lambda: False)
    return 0


@contextlib.contextmanager
def _running(shape: str, door: socket.socket, *, offscreen: bool) -> Iterator[tuple[Rig, Hall]]:
    shutil.rmtree(SLIPS, ignore_errors=True)
    SLIPS.mkdir(parents=True)
    with (
        door,
        Path("out/kiosk.log").open("wb") as log,
        Rig(shape=shape, offscreen=offscreen, lockstep=False, slips_dir=SLIPS.resolve(), log=log) as rig,
    ):
        hall = Hall(rig)
        with ControlPage(rig, hall, door) as page:
            print(f"control page: {page.url}", flush=True)
            yield rig, hall


def _keep_going(rig: Rig, is_over: Callable[[], bool]) -> None:
    """Start again what dies and show new slips, until it is over, Ctrl-C is pressed, or the window was closed."""
    printed: set[Path] = set()
    with contextlib.suppress(KeyboardInterrupt):
        while not is_over() and not _window_was_closed(rig):
            rig.kiosk.watch_once()
            printed |= _show(set(SLIPS.glob("*.png")) - printed)
            time.sleep(LOOK_EVERY_S)


def _window_was_closed(rig: Rig) -> bool:
    """A screen that died or has no power is no closed window."""
    screen = rig.kiosk.children.get("screen")
    return screen is not None and screen.poll() == 0


def _show(slips: set[Path]) -> set[Path]:
    """Open each new slip, where the desktop has a viewer."""
    viewer = shutil.which("xdg-open")
    for path in sorted(slips):
        print(f"printed: {path}", flush=True)
        if viewer:
            subprocess.Popen([viewer, str(path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return slips


def _next(values: Sequence[Value], present: object) -> Value:
    """The value after the present one; the first where that is none of them."""
    index = values.index(present) if present in values else -1
    return values[(index + 1) % len(values)]
