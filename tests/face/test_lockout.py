from __future__ import annotations

from kiosk.face.lockout import FAILURES, KIOSK_WIDE_FAILURES, WINDOW_S, Lockout


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_five_failures_lock_a_document_and_only_that_one():
    lockout = Lockout(Clock())
    ours, other = lockout.tag(b"portrait one"), lockout.tag(b"portrait two")
    for _ in range(FAILURES - 1):
        lockout.failed(ours)
    assert not lockout.is_locked(ours)
    lockout.failed(ours)
    assert lockout.is_locked(ours)
    assert not lockout.is_locked(other)


def test_a_lock_ends_when_the_window_has_passed():
    clock = Clock()
    lockout = Lockout(clock)
    for _ in range(FAILURES):
        lockout.failed(lockout.tag(b"portrait"))
    clock.now += WINDOW_S + 1
    assert not lockout.is_locked(lockout.tag(b"portrait"))


def test_success_clears_earlier_failures():
    lockout = Lockout(Clock())
    tag = lockout.tag(b"portrait")
    for _ in range(FAILURES - 1):
        lockout.failed(tag)
    lockout.succeeded(tag)
    lockout.failed(tag)
    assert not lockout.is_locked(tag)


def test_tags_do_not_carry_over_to_another_process():
    assert Lockout().tag(b"portrait") != Lockout().tag(b"portrait")


def test_failures_across_documents_call_for_a_look():
    lockout = Lockout(Clock())
    for number in range(KIOSK_WIDE_FAILURES):
        assert not lockout.needs_a_look
        lockout.failed(lockout.tag(f"portrait {number}".encode()))
    assert lockout.needs_a_look
