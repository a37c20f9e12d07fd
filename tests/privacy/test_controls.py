"""The same search on a kiosk that does leave things behind: encryption off, something in every kind of place."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from drivers.face_embedding.dlib_resnet import DlibResnetEmbedder
from drivers.face_mesh.mediapipe_mesh import MediapipeFaceMesh
from kiosk.face.comparison import Embedding
from provisioning.rig.incidents import Incidents
from provisioning.rig.prepare import prepare
from screens import pilot_service as p

from . import faces, memory, planted
from .canaries import Canary
from .hall import CanaryHall, open_hall
from .needles import Found, Needles

pytestmark = pytest.mark.timeout(1200)

PLAIN_LINK = Path(__file__).with_name("plain_link.py")


@dataclass
class Careless:
    """What the search found."""

    before: list[Found] = field(default_factory=list)
    after: list[Found] = field(default_factory=list)
    during: set[tuple[str, str]] = field(default_factory=set)
    """Process and what it held while the face was checked."""

    def places(self, what: str) -> set[str]:
        """Where something of this kind was found, once everything was planted."""
        return {found.where for found in self.after if found.what.startswith(what)}


@pytest.fixture(scope="module")
def careless() -> Careless:
    prepare()
    found = Careless()
    with open_hall(programs={"link": PLAIN_LINK}) as hall, MediapipeFaceMesh() as mesh:
        canary, embedder = hall.canary(), DlibResnetEmbedder()
        reference = canary.embedding(mesh, embedder)
        needles = Needles(
            canary.texts() | canary.portrait_needles() | faces.of_embedding(canary.id, "embedding", reference)
        )
        at_step = {
            "CheckingFace": lambda: _while_the_face_is_checked(hall, canary, reference, found),
            "IsThisYou": lambda: hall.rig.pilot.screenshot(
                p.Screenshot(path=str(hall.rig.directory / "glass.png"))
            ),
        }
        with Incidents(hall.rig.files.timeline, at_step):
            report = hall.send(canary, access="digits", site="away", when="ConfirmVisit")
        assert report.outcome == "pending"
        found.before = hall.search_files(needles)
        _plant(hall, canary, reference)
        found.after = hall.search_files(needles)
    return found


def _while_the_face_is_checked(hall: CanaryHall, canary: Canary, reference: Embedding, found: Careless) -> None:
    """A quick look for one trace of each kind: the visit goes on meanwhile."""
    traces = {
        "name": canary.persona.card.name.encode("utf-16-le"),
        "portrait": canary.portrait[-400:-300],
        "embedding": reference[40:44].tobytes(),
    }
    # the check has just begun: until the first frame was judged the reference may still be in the making
    deadline = time.monotonic() + 20
    while ("vision", "embedding") not in found.during and time.monotonic() < deadline:
        for process, pid in hall.pids().items():
            for _, data in memory.regions(pid):
                found.during |= {(process, what) for what, trace in traces.items() if trace in data}
    planted.core_dump(hall.pids()["screen"], hall.rig.directory / "core", canary)


def _plant(hall: CanaryHall, canary: Canary, reference: Embedding) -> None:
    planted.embedding(hall.rig, reference)
    for plant in (planted.log_line, planted.temporary_file, planted.frame, planted.slip):
        plant(hall.rig, canary)


@pytest.mark.parametrize("what", ["name, NFC", "citizen number", "insurance card"])
def test_with_encryption_off_the_record_is_found_to_hold_whoever_waits_in_it(careless: Careless, what: str) -> None:
    places = {found.where for found in careless.before if found.what.startswith(what)}
    assert places & {"kiosk.db", "kiosk.db-wal"}


@pytest.mark.parametrize(
    ("what", "place"),
    [
        ("name, NFC", "kiosk.log"),
        ("portrait, JPEG", "tmpdir/tmpabcd1234"),
        ("portrait, RGB", "preview"),
        ("embedding", "home/faces.npy"),
        ("name as drawn", "slip.png, picture 0"),
        ("name as drawn", "glass.png, picture 0"),
        ("portrait, JPEG", "core"),
        ("name", "core"),
        ("citizen number", "core"),
    ],
)
def test_what_is_planted_is_found_where_it_lies(careless: Careless, what: str, place: str) -> None:
    assert place in careless.places(what)


@pytest.mark.parametrize(("what", "process"), [("portrait", "screen"), ("name", "screen"), ("embedding", "vision")])
def test_memory_is_found_to_hold_a_visitor_who_is_there(careless: Careless, what: str, process: str) -> None:
    assert (process, what) in careless.during
