from __future__ import annotations

import numpy as np
import pytest
import skimage.data
from matplotlib import cbook
from PIL import Image as Pictures

from drivers.face_embedding.dlib_resnet import DlibResnetEmbedder, chip
from drivers.face_mesh.mediapipe_mesh import MediapipeFaceMesh


@pytest.fixture(scope="module")
def photographs():
    """Two people: the same two public-domain portraits that the rig's faces are made from."""
    hopper = Pictures.open(cbook.get_sample_data("grace_hopper.jpg", asfileobj=False))
    with hopper:
        return {
            "collins": np.ascontiguousarray(skimage.data.astronaut()[:256, 96:352]),
            "hopper": np.asarray(hopper.convert("RGB"))[:420],
        }


@pytest.fixture(scope="module")
def embed():
    embedder = DlibResnetEmbedder()
    with MediapipeFaceMesh() as mesh:
        yield lambda image: embedder.embed(image, mesh.still_landmarks(image))


def test_an_embedding_has_128_finite_numbers_of_about_unit_length(embed, photographs):
    vector = embed(photographs["collins"])
    assert vector.shape == (128,)
    assert np.linalg.norm(vector) == pytest.approx(1.4, abs=0.2)


def test_one_person_stays_near_in_other_light_size_and_sharpness(embed, photographs):
    plain = photographs["collins"]
    darker = (plain * 0.6).astype(np.uint8)
    smaller = np.asarray(Pictures.fromarray(plain).resize((200, 200)))
    for other in (darker, smaller):
        assert np.linalg.norm(embed(plain) - embed(other)) < 0.3


def test_two_people_are_far_apart(embed, photographs):
    assert np.linalg.norm(embed(photographs["collins"]) - embed(photographs["hopper"])) > 0.6


def test_the_chip_is_upright_whatever_the_head_does(photographs):
    with MediapipeFaceMesh() as mesh:
        tilted = np.asarray(Pictures.fromarray(photographs["hopper"]).rotate(20, expand=True))
        aligned = chip(tilted, mesh.still_landmarks(tilted))
        landmarks = mesh.still_landmarks(aligned)
    assert aligned.shape == (150, 150, 3)
    assert landmarks[33, 1] == pytest.approx(landmarks[263, 1], abs=4)
