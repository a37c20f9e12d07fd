"""The orders of identification: the card's QR, the chip, the face."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from kiosk import messages as m
from kiosk.errors import CallRefused, ChipError, FaceError, KioskError, ReaderError
from kiosk.flows import effects
from kiosk.flows import events as e
from kiosk.identity import card_qr
from kiosk.ports import CardReader, Screen, Transceiver, Vision
from kiosk.session import AccessKeys, AuthenticatedDocument, Session
from kiosk.visit.workers import Job, Post

PROMPT_TIMEOUT_S = 2.0
GLASS_TIMEOUT_S = 3.0

InspectDocument = Callable[[Transceiver, AccessKeys, Callable[[str, str | None], None]], AuthenticatedDocument]
"""Opens, reads and inspects a chip, telling (stage, name or None) as it goes."""

Wants = Callable[[UUID], bool]


class VisitOver(Exception):
    """The visitor left while a device was working."""


def qr_job(vision: Vision) -> Job:
    """Read the card's QR and understand it."""

    def scan(effect: effects.Effect, session: Session, post: Post) -> None:
        assert isinstance(effect, effects.ScanCardQr)
        try:
            found = vision.find_card_qr(m.FindCardQr(session_id=session.id, timeout_s=effect.timeout_s))
            if found.payload is None:
                post(e.QrNotRead(reason="card_qr_not_found"))
                return
            claimed = card_qr.parse(found.payload)
        except KioskError as error:
            post(e.QrNotRead(reason=error.code))
            return
        post(e.QrRead(claimed_identity=claimed))

    return scan


def chip_job(reader: CardReader, inspect: InspectDocument, wants: Wants) -> Job:
    """Inspect the chip; one reading at a time."""
    one_at_a_time = threading.Lock()

    def read(effect: effects.Effect, session: Session, post: Post) -> None:
        assert isinstance(effect, effects.ReadChip)

        def progress(stage: str, name: str | None) -> None:
            if not wants(session.id):
                raise VisitOver
            post(e.ChipProgress(stage=stage, name=name))

        try:
            with one_at_a_time, reader.connect() as card:
                document = inspect(card, effect.access_keys, progress)
        except VisitOver:
            return
        except (ChipError, ReaderError) as error:
            post(e.ChipNotRead(reason=error.code))
            return
        post(e.ChipRead(document=document))

    return read


def face_job(vision: Vision, screen: Screen, wants: Wants) -> Job:
    """Run the face check: show each prompt, say when it was on the glass, until there is a verdict."""

    def check(effect: effects.Effect, session: Session, post: Post) -> None:
        assert isinstance(effect, effects.CheckFace)
        portrait = effect.document.portrait
        if portrait is None or not len(portrait):
            raise CallRefused("no portrait to compare with")
        nonce = secrets.token_hex(16)
        # pydantic takes the portrait as base64 on the way in
        start = m.StartFaceCheck.model_construct(session_id=session.id, nonce=nonce, portrait=bytes(portrait.view))
        try:
            vision.start_face_check(start)
            verdict = _prompts(vision, screen, wants, session.id, nonce, post)
        except FaceError as error:
            verdict = m.FaceVerdict(decision="staff", reason=error.code)
        if verdict is not None:
            post(e.FaceChecked(verdict=verdict, at=datetime.now(UTC)))

    return check


def _prompts(
    vision: Vision, screen: Screen, wants: Wants, session_id: UUID, nonce: str, post: Post
) -> m.FaceVerdict | None:
    shown, shown_at_s = 0, time.monotonic()
    while wants(session_id):
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
            post(e.FacePromptChanged(prompt=prompt))
            seen_at_s = screen.wait_until_shown(prompt.sequence, GLASS_TIMEOUT_S)
            if seen_at_s is not None:
                shown, shown_at_s = prompt.sequence, seen_at_s
    return None
