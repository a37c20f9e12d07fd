"""The order to look for the card's QR."""

from __future__ import annotations

from kiosk import messages as m
from kiosk.errors import CallError, CameraError, KioskError
from kiosk.flows import effects
from kiosk.flows import events as e
from kiosk.identity import card_qr
from kiosk.ports import Vision
from kiosk.visit.vision_again import with_restarts
from kiosk.visit.workers import Job, Order


def qr_job(vision: Vision) -> Job:
    """Read the card's QR and understand it; a camera that fails is no matter of digits, for the face needs it."""

    def scan(order: Order) -> None:
        assert isinstance(order.effect, effects.ScanCardQr)
        message = m.FindCardQr(session_id=order.session.id, timeout_s=order.effect.timeout_s)
        try:
            found = with_restarts(vision, order, lambda: vision.find_card_qr(message))
            if found is not None:
                order.post(_read(found.payload))
        except (CameraError, CallError):
            raise
        except KioskError as error:
            order.post(e.QrNotRead(reason=error.code))

    return scan


def _read(payload: str | None) -> e.Event:
    """Raises: CardQrInvalid and its kin."""
    if payload is None:
        return e.QrNotRead(reason="card_qr_not_found")
    return e.QrRead(claimed_identity=card_qr.parse(payload))
