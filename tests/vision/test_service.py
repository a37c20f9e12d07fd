"""What the service refuses, wipes, and survives."""

from __future__ import annotations

import io
import threading
import time
from uuid import uuid4

import numpy as np
import pytest
from PIL import Image as Pictures

from drivers.camera.world import Glass, World
from kiosk import messages as m
from kiosk import ports, rpc
from kiosk.errors import PortraitUnreadable, StaleSession
from kiosk.face.challenge import draw
from kiosk.vision import portrait
from provisioning.rig.people import load
from provisioning.trust.card_qr import card_qr_payload

PERSON = World(scene="person", persona="lan")
FLASH_FIRST = next(nonce for nonce in map("nonce {}".format, range(99)) if draw(nonce).tasks[0] == "flash")


def ask(session, nonce, shown=0, timeout_s=0.4):
    return m.AwaitFacePrompt(
        session_id=session, nonce=nonce, shown_sequence=shown, shown_at_s=time.monotonic(), timeout_s=timeout_s
    )


def advance(stage, session, nonce, until):
    """Show prompts until one of kind `until`."""
    sequence = 0
    while True:
        prompt = stage.vision.await_face_prompt(ask(session, nonce, sequence, 5.0))
        if prompt.kind == until:
            return prompt
        stage.show(prompt)
        sequence = prompt.sequence


def test_another_nonce_or_session_is_refused(stage):
    stage.world = PERSON
    session = stage.start("lan", "nonce")
    with pytest.raises(StaleSession):
        stage.vision.await_face_prompt(ask(session, "another nonce"))
    with pytest.raises(StaleSession):
        stage.vision.await_face_prompt(ask(uuid4(), "nonce"))


def test_every_prompt_is_bound_to_session_and_nonce(stage):
    stage.world = PERSON
    session = stage.start("lan", "nonce")
    prompt = stage.vision.await_face_prompt(ask(session, "nonce"))
    assert (prompt.session_id, prompt.nonce, prompt.verdict) == (session, "nonce", None)


def test_a_nonce_serves_once(stage):
    stage.start("lan", "nonce")
    with pytest.raises(StaleSession):
        stage.start("lan", "nonce")


def test_an_ended_session_cannot_come_back(stage):
    session = stage.start("lan", "nonce")
    stage.vision.end_session(m.SessionEnded(session_id=session))
    with pytest.raises(StaleSession):
        stage.vision.await_face_prompt(ask(session, "nonce"))
    with pytest.raises(StaleSession):
        stage.start("lan", "new nonce", session)
    with pytest.raises(StaleSession):
        stage.vision.find_card_qr(m.FindCardQr(session_id=session, timeout_s=1))


def test_ending_a_session_wipes_faces_embeddings_and_preview(stage):
    stage.world = PERSON
    session = stage.start("lan", FLASH_FIRST)
    advance(stage, session, FLASH_FIRST, "flash")
    job = stage.vision._job
    kept, reference = list(job.check.evidence.kept.values()), job.check._reference
    assert kept
    assert all(face.image.any() for face in kept)
    assert reference.any()
    assert stage.preview.read() is not None
    stage.vision.end_session(m.SessionEnded(session_id=session))
    assert not any(face.image.any() or face.landmarks.any() for face in kept)
    assert not reference.any()
    assert stage.preview.read() is None
    assert not any(stage.preview._map[16:])


def test_another_visitors_end_does_not_disturb(stage):
    stage.world = PERSON
    session = stage.start("lan", "nonce")
    stage.vision.end_session(m.SessionEnded(session_id=uuid4()))
    assert stage.vision.await_face_prompt(ask(session, "nonce")).session_id == session


def test_the_preview_is_mirrored(stage):
    stage.world = World(scene="nobody")
    frame = stage.camera_again().read().image
    session = stage.start("lan", "nonce")
    advance(stage, session, "nonce", "coach")
    preview = stage.preview.read()
    small, mirrored = frame[::16, ::16].astype(int), preview[:, ::-1][::16, ::16].astype(int)
    assert np.abs(small - mirrored).mean() < 3
    assert np.abs(small - preview[::16, ::16]).mean() > 6


def test_paced_frames_wait_for_the_glass(stage):
    stage.world = PERSON
    session = stage.start("lan", FLASH_FIRST)
    prompt = advance(stage, session, FLASH_FIRST, "flash")
    read = stage.frames_read()
    again = stage.vision.await_face_prompt(ask(session, FLASH_FIRST, prompt.sequence - 1, 0.3))
    assert again.sequence == prompt.sequence
    assert stage.frames_read() == read


def test_the_cards_qr_is_read_from_the_scene(stage):
    stage.world = World(scene="person", persona="tu", holds_card="tu")
    stage.glass = Glass(kind="camera", target="card_qr")
    found = stage.vision.find_card_qr(m.FindCardQr(session_id=uuid4(), timeout_s=10))
    assert found.payload == card_qr_payload(load("tu").card)


def test_without_a_card_no_qr_is_found_in_time(stage):
    stage.world = World(scene="nobody")
    stage.glass = Glass(kind="camera", target="card_qr")
    assert stage.vision.find_card_qr(m.FindCardQr(session_id=uuid4(), timeout_s=1)).payload is None


def test_ending_the_session_ends_a_scan(stage):
    session = uuid4()
    stage.world = World(scene="nobody")
    ended: list[str] = []

    def scan():
        try:
            stage.vision.find_card_qr(m.FindCardQr(session_id=session, timeout_s=60))
        except StaleSession:
            ended.append("stale")

    thread = threading.Thread(target=scan)
    thread.start()
    while stage.vision._job is None:
        time.sleep(0.01)
    stage.vision.end_session(m.SessionEnded(session_id=session))
    thread.join(10)
    assert ended == ["stale"]


@pytest.mark.parametrize(
    "data", [b"", b"not a picture at all", b"\xff\xd8\xff\xe0 cut off", b"\xff\x4f\xff\x51 cut off"]
)
def test_an_unreadable_portrait_is_refused(stage, data):
    message = m.StartFaceCheck.model_construct(None, session_id=uuid4(), nonce="nonce", portrait=data)
    with pytest.raises(PortraitUnreadable):
        stage.vision.start_face_check(message)


def test_a_portrait_without_a_face_is_refused(stage):
    file = io.BytesIO()
    Pictures.new("RGB", (413, 531), (90, 120, 140)).save(file, "JPEG")
    message = m.StartFaceCheck.model_construct(None, session_id=uuid4(), nonce="nonce", portrait=file.getvalue())
    with pytest.raises(PortraitUnreadable):
        stage.vision.start_face_check(message)


@pytest.mark.parametrize(
    ("suffix", "start"), [("JPEG", b"\xff\xd8"), ("jp2", b"\0\0\0\x0cjP  "), ("j2k", b"\xff\x4f\xff\x51")]
)
def test_portraits_of_every_kind_a_chip_may_hold_are_decoded(faces, suffix, start):
    with Pictures.open(faces / "lan.jpg") as picture:
        wanted = np.asarray(picture.convert("RGB")).astype(int)
        file = io.BytesIO()
        if suffix == "JPEG":
            picture.save(file, "JPEG", quality=92)
        else:
            picture.save(file, "JPEG2000", no_jp2=suffix == "j2k", quality_layers=[20])
    assert file.getvalue().startswith(start)
    assert np.abs(portrait.decode(file.getvalue()) - wanted).mean() < 4


def test_calls_cross_a_socket(stage, tmp_path):
    stage.world = PERSON
    with rpc.Server(ports.Vision, stage.vision, tmp_path / "vision.sock"):
        vision = rpc.client(ports.Vision, tmp_path / "vision.sock")
        assert vision.health(m.Nothing()).simulated
        session = uuid4()
        data = (stage.faces / "lan.jpg").read_bytes()
        vision.start_face_check(
            m.StartFaceCheck.model_construct(None, session_id=session, nonce="n", portrait=data)
        )
        assert vision.await_face_prompt(ask(session, "n")).nonce == "n"
        with pytest.raises(StaleSession):
            vision.await_face_prompt(ask(session, "another"))
        vision.end_session(m.SessionEnded(session_id=session))
