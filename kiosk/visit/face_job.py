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
from kiosk.visit.workers import Job, Order

PROMPT_TIMEOUT_S = 2.0
GLASS_TIMEOUT_S = 3.0


def face_job(vision: Vision, screen: Screen) -> Job:
    """Run the face check: show each prompt, say when it was on the glass, until there is a verdict."""

    def check(order: Order) -> None:
        assert isinstance(order.effect, effects.CheckFace)
        portrait = order.effect.document.portrait
        if portrait is None or not len(portrait):
            raise CallRefused("no portrait to compare with")
        nonce = secrets.token_hex(16)
        # pydantic takes the portrait as base64 on the way in
        start = m.StartFaceCheck.model_construct(
            session_id=order.session.id, nonce=nonce, portrait=bytes(portrait.view)
        )
        try:
            vision.start_face_check(start)
            verdict = _prompts(vision, screen, order, nonce)
        except FaceError as error:
            verdict = m.FaceVerdict(decision="staff", reason=error.code)
        if verdict is not None:
            order.post(e.FaceChecked(verdict=verdict, at=datetime.now(UTC)))

    return check


def _prompts(vision: Vision, screen: Screen, order: Order, nonce: str) -> m.FaceVerdict | None:
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
            order.post(e.FacePromptChanged(prompt=prompt))
            seen_at_s = screen.wait_until_shown(prompt.sequence, GLASS_TIMEOUT_S)
            if seen_at_s is not None:
                shown, shown_at_s = prompt.sequence, seen_at_s
    return None
