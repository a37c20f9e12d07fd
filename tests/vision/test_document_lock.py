"""Too many failed checks lock the document, not the place; what is not the visitor's doing never counts."""

from __future__ import annotations

import pytest

from drivers.camera.world import World
from kiosk import messages as m
from kiosk.face.lockout import FAILURES, Lockout

from .conftest import Stage

NOT_THE_VISITORS_DOING = {
    "face_not_found": World(scene="nobody"),
    "two_faces": World(scene="person", persona="lan", bystander="minh"),
    "face_inconclusive_light": World(scene="person", persona="lan", light_lux=2000),
    "camera_frozen": World(scene="person", persona="lan", lens="frozen"),
    "camera_dark": World(scene="person", persona="lan", lens="covered"),
}


def failures_of(stage: Stage, persona: str) -> Lockout:
    """The service's count, with all but one of the failures that lock a persona's document."""
    lockout: Lockout = stage.vision._lockout
    tag = lockout.tag((stage.faces / f"{persona}.jpg").read_bytes())
    for _ in range(FAILURES - 1):
        lockout.failed(tag)
    return lockout


def is_locked(stage: Stage, persona: str) -> bool:
    lockout: Lockout = stage.vision._lockout
    return lockout.is_locked(lockout.tag((stage.faces / f"{persona}.jpg").read_bytes()))


def test_five_failures_lock_a_document_and_another_visitor_is_served(stage: Stage) -> None:
    failures_of(stage, "lan")
    stage.world = World(scene="person", persona="minh")
    assert stage.check("lan", "the fifth").reason == "face_other_person"
    stage.world = World(scene="person", persona="lan")
    verdict = stage.check("lan", "now even the holder waits")
    assert (verdict.decision, verdict.reason) == ("staff", "face_document_locked")
    stage.world = World(scene="person", persona="minh")
    assert stage.check("minh", "another document").decision == "verified"


@pytest.mark.parametrize("reason", NOT_THE_VISITORS_DOING)
def test_what_is_not_the_visitors_doing_never_counts_against_the_document(stage: Stage, reason: str) -> None:
    failures_of(stage, "lan")
    stage.world = NOT_THE_VISITORS_DOING[reason]
    assert stage.check("lan", reason).reason == reason
    assert not is_locked(stage, "lan")


def test_a_failure_counts_even_if_nobody_fetches_the_verdict(stage: Stage) -> None:
    stage.world = World(scene="flat_photo", persona="lan")
    session = stage.start("lan", "nonce")
    job, lockout = stage.vision._job, stage.vision._lockout
    while not job.done:
        with stage.vision._changed:
            stage.show(job.prompt)
            job.shown(job.prompt.sequence, None)
            stage.vision._changed.notify_all()
            stage.vision._changed.wait(0.05)
    stage.vision.end_session(m.SessionEnded(session_id=session))
    for _ in range(FAILURES - 1):
        assert not lockout.is_locked(stage.vision._tag)
        lockout.failed(stage.vision._tag)
    assert lockout.is_locked(stage.vision._tag)
