"""The Idempotency-Key header: the same request again changes nothing and gets the same answer.

draft-ietf-httpapi-idempotency-key-header §2.6: same key and body, replay; other body, 422; in flight, 409.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from provisioning.rig.site.problem import Refused
from provisioning.rig.site.tables import Delivery, Sessions

ABANDONED_AFTER_S = 60.0


@dataclass(frozen=True)
class Replay:
    """The answer the first request got."""

    status: int
    answer: dict[str, Any]


def claim(sessions: Sessions, key: str, body_sha256: str) -> Replay | None:
    """Begin work under `key`; a Replay if it was done before. Raises: Refused 409 or 422."""
    fresh = Delivery(key=key, body_sha256=body_sha256, started_at_s=time.time(), status=None, answer=None)
    try:
        with sessions.begin() as session:
            known = session.get(Delivery, key, with_for_update=True)
            if known is None:
                session.add(fresh)
                return None
            return _again(known, body_sha256)
    except IntegrityError:  # two first requests at the same moment
        raise Refused(409, "lock-error", "a request with this key is being worked on") from None


def _again(known: Delivery, body_sha256: str) -> Replay | None:
    if known.body_sha256 != body_sha256:
        raise Refused(422, "conflict", "this key came with another body before")
    if known.status is not None and known.answer is not None:
        return Replay(known.status, json.loads(known.answer))
    if time.time() - known.started_at_s < ABANDONED_AFTER_S:
        raise Refused(409, "lock-error", "a request with this key is being worked on")
    known.started_at_s = time.time()
    return None


def release(sessions: Sessions, key: str) -> None:
    """The work under `key` came to nothing: it may begin anew."""
    with sessions.begin() as session:
        session.execute(delete(Delivery).where(Delivery.key == key, Delivery.status.is_(None)))
