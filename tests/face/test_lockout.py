from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.face.lockout import FAILURES, KIOSK_WIDE_FAILURES, WINDOW_S, Lockout


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_five_failures_lock_a_document_and_only_that_one():
    lockout = Lockout(now=Clock())
    ours, other = lockout.tag(b"portrait one"), lockout.tag(b"portrait two")
    for _ in range(FAILURES - 1):
        lockout.failed(ours)
    assert not lockout.is_locked(ours)
    lockout.failed(ours)
    assert lockout.is_locked(ours)
    assert not lockout.is_locked(other)


def test_a_lock_ends_when_the_window_has_passed():
    clock = Clock()
    lockout = Lockout(now=clock)
    for _ in range(FAILURES):
        lockout.failed(lockout.tag(b"portrait"))
    clock.now += WINDOW_S + 1
    assert not lockout.is_locked(lockout.tag(b"portrait"))


def test_success_clears_earlier_failures():
    lockout = Lockout(now=Clock())
    tag = lockout.tag(b"portrait")
    for _ in range(FAILURES - 1):
        lockout.failed(tag)
    lockout.succeeded(tag)
    lockout.failed(tag)
    assert not lockout.is_locked(tag)


def test_tags_do_not_carry_over_to_another_kiosk_or_boot():
    assert Lockout().tag(b"portrait") != Lockout().tag(b"portrait")


def test_failures_across_documents_call_for_a_look():
    lockout = Lockout(now=Clock())
    for number in range(KIOSK_WIDE_FAILURES):
        assert not lockout.needs_a_look
        lockout.failed(lockout.tag(f"portrait {number}".encode()))
    assert lockout.needs_a_look


def test_a_process_that_starts_again_goes_on_counting(tmp_path: Path):
    clock, file = Clock(), tmp_path / "lockout.json"
    for _ in range(FAILURES):
        lockout = Lockout(file, clock)
        lockout.failed(lockout.tag(b"portrait"))
    assert Lockout(file, clock).is_locked(lockout.tag(b"portrait"))
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"portrait".hex() not in file.read_text()
    clock.now += WINDOW_S + 1
    assert not Lockout(file, clock).is_locked(lockout.tag(b"portrait"))
    assert lockout.tag(b"portrait").hex() not in file.read_text(), "what is over is forgotten"


UNREADABLE = ["", "{", "[]", '{"key": "no hex", "failures": {}}', '{"key": "00", "failures": {"x": 1}}']


@pytest.mark.parametrize("text", UNREADABLE)
def test_a_file_that_cannot_be_read_is_begun_anew(tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]):
    file = tmp_path / "lockout.json"
    file.write_text(text)
    lockout = Lockout(file, Clock())
    assert "lockout_unreadable" in capsys.readouterr().err
    for _ in range(FAILURES):
        lockout.failed(lockout.tag(b"portrait"))
    assert lockout.is_locked(lockout.tag(b"portrait"))


def test_times_of_an_earlier_boot_do_not_count(tmp_path: Path):
    clock, file = Clock(), tmp_path / "lockout.json"
    lockout = Lockout(file, clock)
    for _ in range(FAILURES):
        lockout.failed(lockout.tag(b"portrait"))
    clock.now = 30.0
    assert not Lockout(file, clock).is_locked(lockout.tag(b"portrait"))
