"""The face models keep what they saw last, until they are shown nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from kiosk.hardening import WIPES_WHAT_IS_FREED
from provisioning.rig.prepare import FACES_DIR, prepare

from . import faces, memory
from .needles import Needles

ROOT = Path(__file__).parents[2]
LOOK = """
import sys
from pathlib import Path
from drivers.face_embedding.dlib_resnet import DlibResnetEmbedder
from drivers.face_mesh.mediapipe_mesh import MediapipeFaceMesh
from kiosk.hardening import let_go
from kiosk.vision import portrait

mesh, embedder = MediapipeFaceMesh(), DlibResnetEmbedder()

def tell(line):
    print(line, flush=True)
    sys.stdin.readline()

def look():
    picture = portrait.decode(Path(sys.argv[1]).read_bytes())
    mesh.landmarks(picture), mesh.count_faces(picture)
    embedding = embedder.embed(picture, mesh.still_landmarks(picture))
    tell(embedding.tobytes().hex())
    picture.fill(0)
    embedding.fill(0)

look()
let_go()
tell("wiped")
mesh.forget()
embedder.forget()
let_go()
tell("forgotten")
"""


@pytest.fixture(scope="module")
def seen() -> list[Counter[str]]:
    """What memory holds of a portrait while it is looked at, once wiped, and once the models have forgotten."""
    prepare()
    portrait = FACES_DIR.resolve() / "lan.jpg"
    process = subprocess.Popen(
        [sys.executable, "-c", LOOK, str(portrait)],
        cwd=ROOT,
        env={**os.environ, **WIPES_WHAT_IS_FREED},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    embedding = np.frombuffer(bytes.fromhex(process.stdout.readline()))
    pixels = faces.of_pixels("lan", "pixels", faces.decoded(portrait.read_bytes()))
    needles = Needles(pixels | faces.of_embedding("lan", "embedding", embedding))
    found = []
    for _ in range(3):
        found.append(_count(process.pid, needles))
        process.stdin.write("\n")
        process.stdin.flush()
        process.stdout.readline()
    process.communicate()
    return found


def _count(pid: int, needles: Needles) -> Counter[str]:
    hits = (hit for where, data in memory.regions(pid) for hit in needles.search(data, where))
    return Counter(hit.what.split(",")[0] for hit in hits)


def test_while_they_look_picture_and_embedding_are_there(seen: list[Counter[str]]) -> None:
    assert set(seen[0]) == {"pixels", "embedding"}


def test_a_wiped_picture_and_its_copies_are_gone_but_the_network_keeps_its_answer(seen: list[Counter[str]]) -> None:
    assert set(seen[1]) == {"embedding"}


def test_models_that_forget_keep_nothing(seen: list[Counter[str]]) -> None:
    assert seen[2] == Counter()
