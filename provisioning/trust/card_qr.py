"""The QR code on a demonstration card, in the form of the 2021 card. See kiosk.identity.card_qr."""

from __future__ import annotations

from provisioning.rig.people import Persona

_GENDER_WORDS = {"male": "Nam", "female": "Nữ"}


def card_qr_payload(persona: Persona) -> str:
    """number|old number|name|ddmmyyyy|Nam or Nữ|address|ddmmyyyy of issue."""
    card = persona.card
    return "|".join(
        (
            card.citizen_number,
            card.old_number,
            card.name,
            f"{card.date_of_birth:%d%m%Y}",
            _GENDER_WORDS[card.gender],
            card.residence,
            f"{card.date_of_issue:%d%m%Y}",
        )
    )
