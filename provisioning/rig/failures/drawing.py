"""docs/reference/failures.md: the table with each row's screen in both languages; `make failures`.

Each row is rehearsed once; at the screen that tells the visitor, the language is changed for the second picture.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from provisioning.rig import failures, rehearsal
from provisioning.rig.failures import Failure
from provisioning.rig.glass import PilotedGlass
from provisioning.rig.pictures import shrink
from provisioning.rig.rig import Rig
from screens import pilot_service as p

PICTURES, PAGE = Path("docs/pictures/failures"), Path("docs/reference/failures.md")
WIDTH_PX = 230
LANGUAGES = ("vi", "en")
HEAD = """# What goes wrong, and what happens then

Drawn by `make failures` from `provisioning/rig/failures/*.toml`. Every row is also a test through the real stack
(`tests/stories/test_failures.py`) and a rehearsal: `kiosk rehearse` with the options named, or with
`--failure` and the row's id. On the rig's control page each can be tried by hand.
"""
PART_TITLES = {
    "chip": "The card and its chip",
    "reader": "The card reader",
    "face": "The face check",
    "hospital": "The hospital and the network",
    "printer": "The printer",
    "visitor": "The visitor",
    "processes": "The kiosk's own programs and power",
}


class TellingGlass(PilotedGlass):
    """Keeps the last picture of one step, in each language."""

    def __init__(self, rig: Rig, step: str | None, name: str, directory: Path) -> None:
        super().__init__(rig)
        self._step, self._files = step, {language: directory / f"{name}-{language}.png" for language in LANGUAGES}

    def picture(self, view: dict[str, Any]) -> None:
        """Both languages of the telling screen, the visitor's own last."""
        if not self._tells(view):
            return
        for language in reversed(LANGUAGES):
            self.tap(f"language.{language}")
            self._rig.pilot.screenshot(p.Screenshot(path=str(self._files[language])))

    def _tells(self, view: dict[str, Any]) -> bool:
        if self._step is None:
            return view["kind"] in ("outcome", "welcome")
        step, _, prompt = self._step.partition(".")
        return view["step"] == step and (not prompt or view["prompt"]["key"].endswith(f".{prompt}"))


def page() -> str:
    """The page as the rows have it."""
    parts = []
    for part in failures.PARTS:
        lines = [_line(row) for row in failures.rows() if row.part == part]
        table = [
            "| what happens | what must be | `kiosk rehearse` | Vietnamese | English |",
            "|---|---|---|---|---|",
        ]
        parts.append("\n".join([f"\n## {PART_TITLES[part]}\n", *table, *lines]))
    return HEAD + "\n".join(parts) + "\n"


def _line(row: Failure) -> str:
    pictures = " | ".join(f"![](../pictures/failures/{row.id}-{language}.png)" for language in LANGUAGES)
    return f"| {row.what.en} | {row.must.en} | `{row.options}` | {pictures} |"


def main() -> None:
    """Rehearse every row, keep its screens, and write the page."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for overrides, rows in _by_settings():
        with Rig(overrides=overrides) as rig:
            for row in rows:
                _draw(rig, row)
    PAGE.write_text(page(), encoding="utf-8")


def _by_settings() -> list[tuple[dict[str, Any], list[Failure]]]:
    """Rows that want the same kiosk together."""
    groups: list[tuple[dict[str, Any], list[Failure]]] = []
    for row in failures.rows():
        wanted = rehearsal.overrides(row.choices)
        for overrides, rows in groups:
            if overrides == wanted:
                rows.append(row)
                break
        else:
            groups.append((wanted, [row]))
    return groups


def _draw(rig: Rig, row: Failure) -> None:
    with tempfile.TemporaryDirectory() as directory:
        glass = TellingGlass(rig, row.screen, row.id, Path(directory))
        rehearsal.rehearse(rig, row.choices, glass)
        for picture in Path(directory).glob("*.png"):
            shrink(picture, PICTURES / picture.name, WIDTH_PX)
    rehearsal.ready_again(rig)


if __name__ == "__main__":
    main()
