from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pictures
from pydantic import ValidationError

from drivers.camera.synthetic.assets import load_head
from drivers.camera.synthetic.source import SyntheticCamera
from drivers.camera.world import Glass, World
from drivers.qr_scanner.zxing import ZxingQrScanner
from kiosk.identity import card_qr
from provisioning.rig import people
from provisioning.rig.faces import bake, likeness
from provisioning.rig.faces.recipe import Recipe
from provisioning.trust.card_qr import card_qr_payload

FACES = Path(__file__).parents[4] / "var" / "rig" / "faces"
EVERYBODY = [persona.id for persona in people.everybody()]
FACED = [persona.id for persona in people.with_faces()]
FRAMES_TO_READ_A_CODE = 3


@pytest.fixture(scope="module", autouse=True)
def _baked():
    bake(FACES)


def test_baking_again_does_nothing():
    before = {file: file.stat().st_mtime_ns for file in FACES.glob("[a-z]*")}
    assert not bake(FACES)
    assert {file: file.stat().st_mtime_ns for file in FACES.glob("[a-z]*")} == before


def test_the_proof_covers_everybody_and_every_pair():
    distances = json.loads((FACES / "baked.json").read_text())["distances"]
    for name in FACED:
        assert distances[name] <= likeness.MAX_FROM_PORTRAIT
    pairs = [value for name, value in distances.items() if "/" in name]
    assert len(pairs) == len(FACED) * (len(FACED) - 1) // 2
    assert min(pairs) > likeness.MIN_APART


@pytest.mark.parametrize("name", FACED)
def test_the_chips_portrait_fits_a_chip_and_has_the_size_of_an_identity_photo(name):
    file = FACES / f"{name}.jpg"
    assert file.stat().st_size <= 20_000
    with Pictures.open(file) as picture:
        assert picture.format == "JPEG"
        assert picture.size == (414, 532)


@pytest.mark.parametrize("name", FACED)
def test_a_scene_file_holds_a_whole_head(name):
    head = load_head(FACES, name)
    assert head.texture.shape[2] == 4
    assert head.mesh.triangles.max() < len(head.mesh.vertices) == len(head.twist) == len(head.normals)
    used = np.unique(head.mesh.triangles)
    assert np.linalg.norm(head.normals[used], axis=1) == pytest.approx(1, abs=1e-3)
    nose, ears = head.mesh.vertices[:, 2].min(), head.mesh.vertices[np.abs(head.mesh.vertices[:, 0]) > 60, 2]
    assert nose < ears.min() - 20


@pytest.mark.parametrize("name", EVERYBODY)
def test_the_cards_code_says_what_the_card_says(name):
    persona = people.load(name)
    text = ZxingQrScanner().scan(np.asarray(Pictures.open(FACES / f"{name}-card.png").convert("RGB")))
    assert text == card_qr_payload(persona.card)
    assert card_qr.parse(text).citizen_number == persona.card.citizen_number


@pytest.mark.parametrize("name", EVERYBODY)
def test_the_kiosks_camera_reads_the_card_held_before_it(name):
    persona = people.load(name)
    world = World(scene="person", persona=persona.before_the_camera, holds_card=name)
    glass = Glass(kind="camera", target="card_qr")
    camera = SyntheticCamera(lambda: world, lambda: glass, FACES, likeness.CAMERA)
    scanner, texts = ZxingQrScanner(), set()
    for _ in range(FRAMES_TO_READ_A_CODE):
        texts.add(scanner.scan(camera.read().image))
    assert card_qr_payload(persona.card) in texts


def test_nobody_without_a_face_is_given_one():
    for name in set(EVERYBODY) - set(FACED):
        assert [file.name for file in FACES.glob(f"{name}*")] == [f"{name}-card.png"]


@pytest.fixture(scope="module")
def lan_with_tus_portrait(tmp_path_factory):
    directory = tmp_path_factory.mktemp("faces")
    shutil.copy(FACES / "lan.npz", directory / "lan.npz")
    shutil.copy(FACES / "tu.jpg", directory / "lan.jpg")
    return likeness.look_at("lan", directory)


def test_a_portrait_of_somebody_else_is_refused(lan_with_tus_portrait):
    with pytest.raises(likeness.FaceUnlikeItself, match="lan"):
        likeness.prove({"lan": lan_with_tus_portrait})


def test_two_personas_with_one_face_are_refused(lan_with_tus_portrait):
    twin = replace(lan_with_tus_portrait, portrait=lan_with_tus_portrait.live[0])
    with pytest.raises(likeness.FacesTooAlike, match="one, other"):
        likeness.prove({"one": twin, "other": twin})


def test_a_recipe_out_of_bounds_or_misspelt_is_refused():
    with pytest.raises(ValidationError):
        Recipe.of({"geometry": {"jaw_width": 1.5}})
    with pytest.raises(ValidationError):
        Recipe.of({"texture": {"moustashe": 0.5}})
