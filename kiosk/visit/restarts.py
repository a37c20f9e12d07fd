"""A process of the kiosk's own that died is started again by the supervisor: those who need it wait for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from kiosk import logs
from kiosk import messages as m
from kiosk.errors import CallError, ProcessAway
from kiosk.ports import Link
from kiosk.visit.workers import Order

BACK_WITHIN_S = 15.0
"""Five times what a restart should take: a slow machine costs the visitor time, not the visit."""
ASK_EVERY_S = 0.1

T = TypeVar("T")


def wait_until_back(answers: Callable[[m.Nothing], object], order: Order) -> bool:
    """Wait for a process whose `answers` answers; False once nobody waits any more. Raises: ProcessAway."""
    until_s = time.monotonic() + BACK_WITHIN_S
    while order.wanted():
        try:
            answers(m.Nothing())
        except CallError as error:
            if time.monotonic() > until_s:
                raise ProcessAway("it stays away") from error
            time.sleep(ASK_EVERY_S)
        else:
            return True
    return False


def ask_link(link: Link, order: Order, ask: Callable[[], T]) -> T:
    """What the link says, asked once more when it did not answer; only for what may be asked twice.

    Raises: what `ask` raises, ProcessAway if the link stays away or nobody waits any more.
    """
    try:
        return ask()
    except CallError as error:
        logs.event("link_asked_again", code=error.code, part=type(order.effect).__name__)
    if not wait_until_back(link.health, order):
        raise ProcessAway("nobody waits any more")
    return ask()
