"""A vision process that dies in the middle of its work is waited for, and the work begins anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from kiosk import logs
from kiosk.errors import CallTimedOut, ProcessAway, StaleSession
from kiosk.flows import events as e
from kiosk.ports import Vision
from kiosk.session import CAMERA_RESTARTS
from kiosk.visit.restarts import wait_until_back
from kiosk.visit.workers import Order

RESTARTS_A_VISIT = 2
GONE = (ProcessAway, CallTimedOut, StaleSession)
"""How its death shows: it is away, it hangs, or another process answers that knows nothing of this visit."""

T = TypeVar("T")


def with_restarts(vision: Vision, order: Order, work: Callable[[], T]) -> T | None:
    """What `work` returns; it is called anew, with nothing carried over, when the vision process dies in it.

    None when the visit no longer waits for it. Raises: ProcessAway if it dies too often or stays away.
    """
    restarts = order.session.tries.get(CAMERA_RESTARTS, 0)
    while True:
        try:
            return work()
        except GONE as error:
            if not order.wanted():
                return None
            logs.event("vision_gone", code=error.code, count=restarts)
            if restarts >= RESTARTS_A_VISIT:
                raise ProcessAway("the vision process died too often") from error
        restarts += 1
        order.post(e.CameraRestarting())
        if not wait_until_back(vision.health, order):
            return None
        order.post(e.CameraBack())
