"""The orders of identification: the card's QR, the chip, the face."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from kiosk import messages as m
from kiosk.errors import CallRefused, CardUnresponsive, ChipError, FaceError, KioskError, ReaderError
from kiosk.flows import effects
from kiosk.flows import events as e
from kiosk.identity import card_qr
from kiosk.ports import CardReader, Screen, Transceiver, Vision
from kiosk.session import AccessKeys, AuthenticatedDocument
from kiosk.visit.workers import Job, Order

PROMPT_TIMEOUT_S = 2.0
GLASS_TIMEOUT_S = 3.0
EARLIER_READ_S = 3.0
"""How long a reading waits for one that was given up to notice it."""

InspectDocument = Callable[[Transceiver, AccessKeys, Callable[[str, str | None], None]], AuthenticatedDocument]
"""Opens, reads and inspects a chip, telling (stage, name or None) as it goes."""


class VisitOver(Exception):
    """The visitor left while a device was working."""


def qr_job(vision: Vision) -> Job:
    """Read the card's QR and understand it."""

    def scan(order: Order) -> None:
        assert isinstance(order.effect, effects.ScanCardQr)
        try:
            message = m.FindCardQr(session_id=order.session.id, timeout_s=order.effect.timeout_s)
            found = vision.find_card_qr(message)
            if found.payload is None:
                order.post(e.QrNotRead(reason="card_qr_not_found"))
                return
            claimed = card_qr.parse(found.payload)
        except KioskError as error:
            order.post(e.QrNotRead(reason=error.code))
            return
        order.post(e.QrRead(claimed_identity=claimed))

    return scan


def chip_job(reader: CardReader, inspect: InspectDocument) -> Job:
    """Inspect the chip; one reading at a time."""
    one_at_a_time = threading.Lock()

    def read(order: Order) -> None:
        assert isinstance(order.effect, effects.ReadChip)
        keys = order.effect.access_keys

        def progress(stage: str, name: str | None) -> None:
            if not order.wanted():
                raise VisitOver
            order.post(e.ChipProgress(stage=stage, name=name))

        if not one_at_a_time.acquire(timeout=EARLIER_READ_S):
            order.post(e.ChipNotRead(reason=CardUnresponsive.code))
            return
        try:
            with reader.connect() as card:
                order.post(e.ChipRead(document=inspect(card, keys, progress)))
        except VisitOver:
            return
        except (ChipError, ReaderError) as error:
            order.post(e.ChipNotRead(reason=error.code))
        finally:
            one_at_a_time.release()

    return read


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
