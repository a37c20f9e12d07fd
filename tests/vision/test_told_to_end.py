"""The vision process is told to end while somebody stands before the camera."""

from __future__ import annotations

from drivers.camera.world import World
from kiosk import messages as m
from kiosk.face.challenge import draw

from .conftest import Stage

FLASH_FIRST = next(nonce for nonce in map("nonce {}".format, range(99)) if draw(nonce).tasks[0] == "flash")


def test_the_face_that_is_being_checked_is_overwritten(stage: Stage) -> None:
    stage.world = World(scene="person", persona="lan")
    session, sequence, kind = stage.start("lan", FLASH_FIRST), 0, ""
    while kind != "flash":
        message = m.AwaitFacePrompt(
            session_id=session, nonce=FLASH_FIRST, shown_sequence=sequence, shown_at_s=0.0, timeout_s=5.0
        )
        prompt = stage.vision.await_face_prompt(message)
        stage.show(prompt)
        sequence, kind = prompt.sequence, prompt.kind
    check = stage.vision._job.check  # type: ignore[union-attr]
    kept, reference = list(check.evidence.kept.values()), check._reference
    assert any(face.image.any() for face in kept)
    stage.vision.close()
    assert not any(face.image.any() or face.landmarks.any() for face in kept)
    assert not reference.any()
    assert stage.preview.read() is None
