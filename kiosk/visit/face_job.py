"""The order to check the face: prompts from the vision process to the glass, until there is a verdict."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime

from kiosk import messages as m
from kiosk.errors import CallRefused, FaceError
from kiosk.flows import effects
from kiosk.flows import events as e
from kiosk.ports import Screen, Vision
from kiosk.visit.vision_again import with_restarts
from kiosk.visit.workers import Job, Order

PROMPT_TIMEOUT_S = 2.0
GLASS_TIMEOUT_S = 3.0


def face_job(vision: Vision, screen: Screen) -> Job:
    """Run the face check; where the vision process dies in it, the check begins anew under a new nonce."""

    def check(order: Order) -> None:
        glass = _Glass(screen, order)
        verdict = with_restarts(vision, order, lambda: _one_check(vision, glass, order))
        if verdict is not None:
            order.post(e.FaceChecked(verdict=verdict, at=datetime.now(UTC)))

    return check


def _one_check(vision: Vision, glass: _Glass, order: Order) -> m.FaceVerdict | None:
    """One check from its first prompt to its verdict, bound to a nonce of its own. Raises: CallError."""
    assert isinstance(order.effect, effects.CheckFace)
    portrait = order.effect.document.portrait
    if portrait is None or not len(portrait):
        raise CallRefused("no portrait to compare with")
    nonce = secrets.token_hex(16)
    # pydantic takes the portrait as base64 on the way in
    start = m.StartFaceCheck.model_construct(
        session_id=order.session.id, nonce=nonce, portrait=bytes(portrait.view)
    )
    glass.begin()
    try:
        vision.start_face_check(start)
        return _prompts(vision, glass, order, nonce)
    except FaceError as error:
        return m.FaceVerdict(decision="staff", reason=error.code)


def _prompts(vision: Vision, glass: _Glass, order: Order, nonce: str) -> m.FaceVerdict | None:
    session_id = order.session.id
    shown, shown_at_s = 0, time.monotonic()
    while order.wanted():
        prompt = vision.await_face_prompt(
            m.AwaitFacePrompt(
                session_id=session_id,
                nonce=nonce,
                shown_sequence=shown,
                shown_at_s=shown_at_s,
                timeout_s=PROMPT_TIMEOUT_S,
            )
        )
        if (prompt.session_id, prompt.nonce) != (session_id, nonce):
            raise CallRefused("a face prompt of another check")
        if prompt.verdict is not None:
            return prompt.verdict
        if prompt.sequence != shown:
            seen_at_s = glass.show(prompt)
            if seen_at_s is not None:
                shown, shown_at_s = prompt.sequence, seen_at_s
    return None


class _Glass:
    """Numbers prompts through the whole visit's step: each check counts from 1, the glass must not mix them up."""

    def __init__(self, screen: Screen, order: Order) -> None:
        self._screen, self._order = screen, order
        self._before, self._highest = 0, 0

    def begin(self) -> None:
        """A check begins: whatever was shown before is not one of its prompts."""
        self._before = self._highest

    def show(self, prompt: m.FacePrompt) -> float | None:
        """Show a prompt; the CLOCK_MONOTONIC second at which it was on the glass, or None if too late."""
        number = self._before + prompt.sequence
        self._highest = max(self._highest, number)
        self._order.post(e.FacePromptChanged(prompt=prompt.model_copy(update={"sequence": number})))
        return self._screen.wait_until_shown(number, GLASS_TIMEOUT_S)
