"""The vision process dies while a visitor stands before it: the work begins anew, and nothing old counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from kiosk import messages as m
from kiosk.errors import CallTimedOut, CameraFrozen, KioskError, ProcessAway, StaleSession
from kiosk.flows import effects
from kiosk.flows import events as e
from kiosk.session import CAMERA_RESTARTS, SecretBuffer
from kiosk.visit import restarts
from kiosk.visit.face_job import face_job
from kiosk.visit.qr_job import qr_job
from kiosk.visit.workers import Job, Order

from ..flows.conftest import Story, document

VERIFIED = m.FaceVerdict(decision="verified", reason=None)
PROMPTS = ("look_straight", "turn_left", "flash", "compare")


class Vision:
    """A vision process that can die: a new one knows nothing of the checks of the one before."""

    def __init__(self) -> None:
        self.nonces: list[str] = []
        self.scans = 0
        self.shown: list[int] = []
        self.down_for = 0
        self.dies: Callable[[str], bool] = lambda kind: False
        self.error: KioskError = ProcessAway("vision.sock: ConnectionResetError")
        self._at = 0
        self._known: set[str] = set()

    def die(self) -> None:
        self._known.clear()
        self.down_for = 2
        raise self.error

    def _is_up(self) -> None:
        if self.down_for:
            self.down_for -= 1
            raise ProcessAway("vision.sock: ConnectionRefusedError")

    def health(self, message: m.Nothing) -> m.VisionHealth:
        self._is_up()
        return m.VisionHealth(camera="ready", simulated=True)

    def start_face_check(self, message: m.StartFaceCheck) -> m.Nothing:
        self._is_up()
        assert message.nonce not in self.nonces
        self.nonces.append(message.nonce)
        self._known, self._at = {message.nonce}, 0
        return m.Nothing()

    def await_face_prompt(self, message: m.AwaitFacePrompt) -> m.FacePrompt:
        self._is_up()
        if message.nonce not in self._known:
            raise StaleSession("no such check")
        self.shown.append(message.shown_sequence)
        common = {"session_id": message.session_id, "nonce": message.nonce, "sequence": self._at + 1}
        if self._at == len(PROMPTS):
            return m.FacePrompt.model_validate({**common, "kind": "finished", "verdict": VERIFIED})
        kind = PROMPTS[self._at]
        if message.shown_sequence == self._at + 1:
            if self.dies(kind):
                self.die()
            self._at += 1
            return self.await_face_prompt(message.model_copy(update={"shown_sequence": 0}))
        return m.FacePrompt.model_validate({**common, "kind": kind})

    def find_card_qr(self, message: m.FindCardQr) -> m.CardQrFound:
        self._is_up()
        self.scans += 1
        if self.dies("scan"):
            self.die()
        return m.CardQrFound(session_id=message.session_id, payload=None)


class Screen:
    """A glass that shows at once what it was told to."""

    def __init__(self) -> None:
        self.numbers: list[int] = []

    def wait_until_shown(self, number: int, timeout_s: float) -> float:
        self.numbers.append(number)
        return 100.0 + number


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restarts, "ASK_EVERY_S", 0.001)


@pytest.fixture
def vision() -> Vision:
    return Vision()


class Visit:
    """One step of a visit whose job is carried out here and now."""

    def __init__(self, effect: effects.Effect, restarts: int = 0) -> None:
        session = replace(Story().session, tries={CAMERA_RESTARTS: restarts})
        self.events: list[e.Event] = []
        self.wanted = True
        self.order = Order(effect, session, self.events.append, lambda: self.wanted)

    def run(self, job: Job) -> list[str]:
        job(self.order)
        return self.names()

    def names(self) -> list[str]:
        return [type(event).__name__ for event in self.events]

    def prompts(self) -> list[m.FacePrompt]:
        return [event.prompt for event in self.events if isinstance(event, e.FacePromptChanged)]


def face(restarts: int = 0) -> Visit:
    return Visit(effects.CheckFace(document(portrait=SecretBuffer(b"a portrait"))), restarts)


def once(kind: str) -> Callable[[str], bool]:
    """True at the first such kind alone."""
    left = [kind]
    return lambda seen: bool(left) and seen == left[0] and bool(left.pop())


@pytest.mark.parametrize("error", [ProcessAway("reset"), CallTimedOut("hangs"), StaleSession("another process")])
@pytest.mark.parametrize("kind", PROMPTS)
def test_a_check_whose_process_dies_begins_anew_under_a_new_nonce(
    vision: Vision, kind: str, error: KioskError
) -> None:
    vision.dies, vision.error = once(kind), error
    visit = face()
    names = visit.run(face_job(vision, Screen()))  # type: ignore[arg-type]
    assert names.count("CameraRestarting") == names.count("CameraBack") == 1
    assert len(vision.nonces) == 2
    again = names.index("CameraBack") + 1
    assert [event.prompt.kind for event in visit.events[again:-1]] == list(PROMPTS)  # type: ignore[attr-defined]
    (checked,) = [event for event in visit.events if isinstance(event, e.FaceChecked)]
    assert checked.verdict == VERIFIED
    assert {prompt.nonce for prompt in visit.prompts()[-len(PROMPTS) :]} == {vision.nonces[-1]}


def test_a_prompt_of_the_check_before_is_never_taken_for_one_of_the_new_check(vision: Vision) -> None:
    vision.dies, screen = once("flash"), Screen()
    face().run(face_job(vision, screen))  # type: ignore[arg-type]
    assert len(screen.numbers) == len(set(screen.numbers)), "the glass was asked twice for one number"
    assert max(vision.shown) <= len(PROMPTS), "the vision process counts each check from 1"


def test_a_verdict_of_another_nonce_never_verifies(vision: Vision) -> None:
    visit, real = face(), vision.await_face_prompt

    def of_the_old_process(message: m.AwaitFacePrompt) -> m.FacePrompt:
        if vision.nonces[1:]:
            old = {"session_id": message.session_id, "nonce": vision.nonces[0], "sequence": 9, "kind": "finished"}
            return m.FacePrompt.model_validate({**old, "verdict": VERIFIED})
        return real(message)

    vision.dies, vision.await_face_prompt = once("flash"), of_the_old_process  # type: ignore[method-assign]
    with pytest.raises(KioskError):
        visit.run(face_job(vision, Screen()))  # type: ignore[arg-type]
    assert "FaceChecked" not in visit.names()


def test_the_third_death_in_a_visit_goes_to_staff(vision: Vision) -> None:
    vision.dies, visit = lambda kind: kind == "flash", face()
    with pytest.raises(ProcessAway):
        visit.run(face_job(vision, Screen()))  # type: ignore[arg-type]
    assert visit.names().count("CameraRestarting") == 2
    assert len(vision.nonces) == 3


def test_deaths_while_the_qr_was_looked_for_count_too(vision: Vision) -> None:
    vision.dies, visit = lambda kind: kind == "flash", face(restarts=1)
    with pytest.raises(ProcessAway):
        visit.run(face_job(vision, Screen()))  # type: ignore[arg-type]
    assert visit.names().count("CameraRestarting") == 1


def test_a_process_that_stays_away_goes_to_staff(vision: Vision, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restarts, "BACK_WITHIN_S", 0.05)
    vision.down_for, visit = 10**9, face()
    with pytest.raises(ProcessAway):
        visit.run(face_job(vision, Screen()))  # type: ignore[arg-type]
    assert visit.names() == ["CameraRestarting"]


def test_nothing_begins_anew_for_a_visitor_who_has_left(vision: Vision) -> None:
    visit = face()

    def die(kind: str) -> bool:
        visit.wanted = False
        return True

    vision.dies = die
    assert "CameraRestarting" not in visit.run(face_job(vision, Screen()))  # type: ignore[arg-type]
    assert len(vision.nonces) == 1


def test_a_scan_whose_process_dies_goes_on_by_itself(vision: Vision) -> None:
    vision.dies = once("scan")
    names = Visit(effects.ScanCardQr()).run(qr_job(vision))  # type: ignore[arg-type]
    assert names == ["CameraRestarting", "CameraBack", "QrNotRead"]
    assert vision.scans == 2


def test_a_camera_that_fails_at_the_qr_is_not_answered_with_asking_for_digits(vision: Vision) -> None:
    """The face check needs the camera: typing would be in vain."""
    vision.dies, vision.error, visit = once("scan"), CameraFrozen("stuck"), Visit(effects.ScanCardQr())
    with pytest.raises(CameraFrozen):
        visit.run(qr_job(vision))  # type: ignore[arg-type]
    assert visit.events == []


def test_an_order_of_a_visit_without_a_portrait_is_refused(vision: Vision) -> None:
    with pytest.raises(KioskError):
        Visit(effects.CheckFace(document(portrait=None))).run(face_job(vision, Screen()))  # type: ignore[arg-type]
    assert not vision.nonces
