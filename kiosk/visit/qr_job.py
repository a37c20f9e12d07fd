"""The order to look for the card's QR."""

from __future__ import annotations

from kiosk import messages as m
from kiosk.errors import KioskError
from kiosk.flows import effects
from kiosk.flows import events as e
from kiosk.identity import card_qr
from kiosk.ports import Vision
from kiosk.visit.workers import Job, Order


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
