"""What keeps a kiosk from letting anybody start."""

from __future__ import annotations

import json
import threading
from queue import Queue

import pytest

from kiosk import messages as m
from kiosk.errors import ProcessAway
from kiosk.flows.events import DevicesReady, DeviceTrouble, Event
from kiosk.health_watch import HealthWatch
from kiosk.ports import ReaderEvent


class Vision:
    camera = "ready"

    def health(self, message: m.Nothing) -> m.VisionHealth:
        return m.VisionHealth(camera=self.camera, simulated=True)


class Link:
    printer, site = "ready", "ready"
    alarms: tuple[str, ...] = ()
    away = False

    def health(self, message: m.Nothing) -> m.LinkHealth:
        if self.away:
            raise ProcessAway("link.sock")
        return m.LinkHealth(
            printer=self.printer, site=self.site, outbox_waiting=0, simulated=True, alarms=self.alarms
        )


@pytest.fixture
def watch() -> HealthWatch:
    events: list[Event] = []
    watch = HealthWatch(Vision(), Link(), events.append)  # type: ignore[arg-type]
    watch.reader_changed(ReaderEvent("reader_found"))
    return watch


def test_all_is_well_when_reader_camera_and_printer_are(watch: HealthWatch) -> None:
    assert watch.trouble() is None


def test_a_reader_that_was_never_seen_or_is_lost_is_trouble() -> None:
    watch = HealthWatch(Vision(), Link(), lambda event: None)  # type: ignore[arg-type]
    assert watch.trouble() == "reader_unavailable"
    watch.reader_changed(ReaderEvent("card_placed"))
    assert watch.trouble() is None
    watch.reader_changed(ReaderEvent("reader_lost"))
    assert watch.trouble() == "reader_unavailable"


@pytest.mark.parametrize(("part", "code"), [("printer", "printer_silent"), ("printer", "printer_paper_out")])
def test_a_printer_that_is_not_ready_is_trouble(
    watch: HealthWatch, monkeypatch: pytest.MonkeyPatch, part: str, code: str
) -> None:
    monkeypatch.setattr(Link, part, code)
    assert watch.trouble() == code


def test_a_camera_or_a_process_that_is_away_is_trouble(watch: HealthWatch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Vision, "camera", "camera_unavailable")
    assert watch.trouble() == "camera_unavailable"
    monkeypatch.setattr(Link, "away", True)
    assert watch.trouble() == "process_away"


def test_a_hospital_that_is_away_is_no_trouble(watch: HealthWatch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Link, "site", "site_unreachable")
    assert watch.trouble() is None


def test_an_alarm_is_told_once_while_it_lasts(
    watch: HealthWatch, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Link, "alarms", ("site_token_refused",))
    watch.trouble()
    watch.trouble()
    logged = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["code"] for line in logged if line["event"] == "alarm"] == ["site_token_refused"]


def test_a_reader_that_goes_is_told_at_once_whatever_the_others_are_doing() -> None:
    """The vision process takes its time, and says at last that all is well with it."""
    asked, answer = threading.Event(), threading.Event()

    class Slow(Vision):
        def health(self, message: m.Nothing) -> m.VisionHealth:
            asked.set()
            assert answer.wait(5)
            return super().health(message)

    events: Queue[Event] = Queue()
    watch = HealthWatch(Slow(), Link(), events.put, every_s=60)  # type: ignore[arg-type]
    watch.reader_changed(ReaderEvent("reader_found"))
    watch.start()
    try:
        assert asked.wait(5)
        watch.reader_changed(ReaderEvent("reader_lost"))
        assert events.get_nowait() == DeviceTrouble(reason="reader_unavailable")
        answer.set()
        assert events.get(timeout=5) == DeviceTrouble(reason="reader_unavailable")
    finally:
        answer.set()
        watch.stop()


def test_a_running_watch_posts_trouble_and_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    events: Queue[Event] = Queue()
    watch = HealthWatch(Vision(), Link(), events.put, every_s=0.02)  # type: ignore[arg-type]
    watch.start()
    try:
        assert events.get(timeout=5) == DeviceTrouble(reason="reader_unavailable")
        watch.reader_changed(ReaderEvent("reader_found"))
        while events.get(timeout=5) != DevicesReady():
            pass
    finally:
        watch.stop()


def test_a_reading_that_nothing_ends_is_trouble_until_it_ends(watch: HealthWatch) -> None:
    watch.reader_hangs(True)
    assert watch.trouble() == "reader_unavailable"
    watch.reader_hangs(False)
    assert watch.trouble() is None


def test_an_answer_that_nobody_foresaw_does_not_end_the_watch() -> None:
    events: Queue[Event] = Queue()
    nonsense = iter([ValueError("not JSON")])

    class Odd(Link):
        def health(self, message: m.Nothing) -> m.LinkHealth:
            for error in nonsense:
                raise error
            return super().health(message)

    watch = HealthWatch(Vision(), Odd(), events.put, every_s=0.01)  # type: ignore[arg-type]
    watch.reader_changed(ReaderEvent("reader_found"))
    watch.start()
    try:
        assert isinstance(events.get(timeout=10), DevicesReady)
    finally:
        watch.stop()
