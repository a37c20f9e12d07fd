"""Canaries visit, and whatever they leave behind is looked for: in every file that the kiosk's processes could
write, in files without a name, and in the processes' memory; while they run and after they have ended.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any

import pytest

from drivers.face_embedding.dlib_resnet import DlibResnetEmbedder
from drivers.face_mesh.mediapipe_mesh import MediapipeFaceMesh
from provisioning.rig.incidents import Incidents
from provisioning.rig.prepare import prepare

from . import canaries, faces
from .frames import FramesSeen
from .hall import CanaryHall, open_hall
from .needles import Found, Needle, Needles

pytestmark = pytest.mark.timeout(3600)
"""The first test waits for all visits."""

VISITS: tuple[dict[str, Any], ...] = (
    {},
    {"card": "forged-sod", "access": "digits"},
    {"site": "away", "access": "digits"},
    {"card": "pulled-for-good", "pull_at": "dg2"},
    {"kill": "IsThisYou", "process": "screen"},
    {"kill": "CheckingFace", "process": "vision", "access": "digits"},
    {"kill": "RegisterVisit", "process": "link", "access": "digits"},
    {"language": "en", "access": "digits"},
    {"visitor": "cancels"},
    {"camera": "another-person", "access": "digits"},
    {"card": "expired"},
    {"card": "cloned", "access": "digits"},
    {"site": "lost-reply"},
    {"site": "500", "access": "digits"},
)
"""The first seven make up the ordinary test: well, refused, pending, abandoned in mid-read, each process killed."""
OUTCOMES = {"registered", "pending", "refused", "staff", "abandoned", "restarted"}


@dataclass
class Left:
    """What was found, and who came to which end."""

    outcomes: list[str] = field(default_factory=list)
    files_searched: list[str] = field(default_factory=list)
    in_files: list[Found] = field(default_factory=list)
    in_open_files: list[Found] = field(default_factory=list)
    in_memory: list[Found] = field(default_factory=list)
    in_files_at_the_end: list[Found] = field(default_factory=list)
    protections: dict[str, dict[str, str]] = field(default_factory=dict)
    may_be_swapped: bool = False
    dumped: dict[str, bool] = field(default_factory=dict)
    in_files_after_a_crash: list[Found] = field(default_factory=list)


@pytest.fixture(scope="module", params=[pytest.param(7, id="7"), pytest.param(50, id="50", marks=pytest.mark.long)])
def left(request: pytest.FixtureRequest) -> Left:
    prepare()
    left = Left()
    with open_hall(timers={"card_gone_s": 5}) as hall, FramesSeen(hall.rig.files.preview) as seen:
        for choices in islice(cycle(VISITS), request.param):
            left.outcomes.append(hall.visit(**choices).outcome)
        hall.deliver_everything()
        hall.canary()  # who comes last
        needles = Needles(_everything(hall.visitors) | seen.needles())
        left.files_searched = list(hall.files())
        left.in_files = hall.search_files(needles)
        left.in_open_files = hall.search_open_files(needles)
        left.in_memory = hall.search_memory(needles)
        left.protections = hall.protections()
        left.may_be_swapped = "memory_may_be_swapped" in hall.rig.log_file.read_text(encoding="utf-8")
        _end_in_the_middle(hall, needles, left)
        left.dumped = hall.crash()
        left.in_files_after_a_crash = hall.search_files(needles)
    return left


def _end_in_the_middle(hall: CanaryHall, needles: Needles, left: Left) -> None:
    """The processes are told to end while the last canary's face is checked; then they start again."""

    def end() -> None:
        hall.tell_to_end()
        left.in_files_at_the_end = hall.search_files(needles)
        hall.rig.restore_power()

    with Incidents(hall.rig.files.timeline, {"CheckingFace": end}):
        left.outcomes.append(hall.visit_of(hall.visitors[-1], access="digits").outcome)


def _everything(visitors: list[canaries.Canary]) -> set[Needle]:
    embedder, needles = DlibResnetEmbedder(), set[Needle]()
    with MediapipeFaceMesh() as mesh:
        for canary in visitors:
            embedding = faces.of_embedding(canary.id, "embedding", canary.embedding(mesh, embedder))
            needles |= canary.texts() | canary.portrait_needles() | embedding
    return needles


def test_visits_came_to_every_kind_of_end(left: Left) -> None:
    assert set(left.outcomes) <= OUTCOMES
    assert {"registered", "pending", "refused", "abandoned", "restarted"} <= set(left.outcomes)


def test_all_that_the_kiosk_keeps_was_searched(left: Left) -> None:
    assert {"kiosk.db", "kiosk.db-wal", "kiosk.db-shm", "kiosk.log", "preview"} <= set(left.files_searched)
    assert {"world.json", "glass.json", "timeline.jsonl", "pcscd/pcscd.log"} <= set(left.files_searched)


def test_no_file_holds_anything_of_anybody(left: Left) -> None:
    assert left.in_files == []
    assert left.in_open_files == []


def test_no_file_holds_anything_once_the_kiosk_has_ended(left: Left) -> None:
    assert left.in_files_at_the_end == []
    assert left.in_files_after_a_crash == []


def test_no_face_is_left_in_memory(left: Left) -> None:
    """Neither the portrait, as bytes or pixels, nor its embedding, nor a frame of the camera."""
    faces = ("portrait", "embedding", "frame")
    assert [found for found in left.in_memory if found.what.startswith(faces)] == []


def test_no_name_and_no_number_is_left_in_memory(left: Left) -> None:
    assert left.in_memory == []


def test_the_kernel_dumps_none_of_the_processes_and_swaps_nothing_of_them_out(left: Left) -> None:
    assert set(left.protections) == set(left.dumped) == {"screen", "vision", "link"}
    assert not any(left.dumped.values())
    for told in left.protections.values():
        assert told["core"].split() == ["0", "0"]
        assert told["swapped"] == "0 kB"
        # who may not lock pages, as on some laptops, says so in the log
        assert (told["locked"] != "0 kB") != left.may_be_swapped
