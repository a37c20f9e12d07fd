"""`kiosk rig` with a display: a person plays visitor and world, by touch (or mouse) and by keys in the window."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

from kiosk import messages as m
from kiosk import rpc
from provisioning.rig import people, scenes
from provisioning.rig.choices import CardChoice
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
"""
SLIPS = Path("out/slips")


class Player:
    """What the keys change."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self._people = people.everybody()
        self._persona = self._people[0]
        self._variants = cycle(choice for choice in CardChoice if choice is not CardChoice.WRONG_DIGITS)
        self._variant = next(self._variants)
        self._faces = cycle(scenes.names())
        self._face = next(self._faces)
        self._lights = cycle((300.0, 2000.0, 20.0))
        self._light = next(self._lights)
        self._keys: dict[str, Callable[[], None]] = {
            "c": self._card,
            "v": self._another_card,
            "f": self._another_face,
            "h": self._hospital,
            "l": self._another_light,
        }
        self.quit = False
        self._show()

    def pressed(self, message: KeyPressed) -> m.Nothing:
        """Take a key; one that means nothing here is ignored."""
        if message.key == "q":
            self.quit = True
        elif message.key.isdigit() and 0 < int(message.key) <= len(self._people):
            self._persona = self._people[int(message.key) - 1]
            self._show()
        elif message.key in self._keys:
            self._keys[message.key]()
            self._show()
        return m.Nothing()

    def _card(self) -> None:
        if self._rig.holds_card:
            self._rig.take_off()
        else:
            self._rig.lay_down(self._persona.id, self._variant)

    def _another_card(self) -> None:
        self._variant = next(self._variants)

    def _another_face(self) -> None:
        self._face = next(self._faces)

    def _another_light(self) -> None:
        self._light = next(self._lights)

    def _hospital(self) -> None:
        faults = self._rig.site.faults
        faults.set("up" if faults.mode == "away" else "away")

    def _show(self) -> None:
        self._rig.world.write(scenes.world(self._face, self._persona.id, self._light))
        card = "on the reader" if self._rig.holds_card else "in the hand"
        print(
            f"{self._persona.card.name} (last six digits {self._persona.card.can}) · "
            f"card {self._variant}, {card} · "
            f"{self._face} before the camera · {self._light:.0f} lux · hospital {self._rig.site.faults.mode}",
            flush=True,
        )


def play(shape: str) -> int:
    """Until the window is closed or q is pressed; returns an exit code."""
    shutil.rmtree(SLIPS, ignore_errors=True)
    SLIPS.mkdir(parents=True)
    names = ", ".join(f"{n} {person.card.name}" for n, person in enumerate(people.everybody(), 1))
    print(LEGEND.format(people=names), flush=True)
    with (
        Path("out/kiosk.log").open("wb") as log,
        Rig(shape=shape, offscreen=False, lockstep=False, slips_dir=SLIPS.resolve(), log=log) as rig,
    ):
        player = Player(rig)
        with rpc.Server(KeyListener, player, rig.files.keys):
            printed: set[Path] = set()
            while not player.quit and rig.kiosk.children["screen"].poll() is None:
                rig.kiosk.watch_once()
                printed |= _show(set(SLIPS.glob("*.png")) - printed)
                time.sleep(0.2)
    return 0


def _show(slips: set[Path]) -> set[Path]:
    """Open each new slip, where the desktop has a viewer."""
    viewer = shutil.which("xdg-open")
    for path in sorted(slips):
        print(f"printed: {path}", flush=True)
        if viewer:
            subprocess.Popen([viewer, str(path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return slips
