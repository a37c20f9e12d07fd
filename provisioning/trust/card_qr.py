"""The QR code on a demonstration card. See kiosk.identity.card_qr, which reads it.

The 2021 card's seven fields are known from cards in use. What the 2024 card adds has not been published: here it
repeats the seven and goes on with an empty field, both parents' names and another empty field, which is invented.
"""

from __future__ import annotations

from provisioning.rig.people import CardData

_GENDER_WORDS = {"male": "Nam", "female": "Nữ"}


def card_qr_payload(card: CardData) -> str:
    """number|old number|name|ddmmyyyy|Nam or Nữ|address|ddmmyyyy of issue, and more on a card of 2024."""
    fields = [
        card.citizen_number,
        card.old_number,
        card.name,
        f"{card.date_of_birth:%d%m%Y}",
        _GENDER_WORDS[card.gender],
        card.residence,
        f"{card.date_of_issue:%d%m%Y}",
    ]
    if card.generation == 2024:
        fields += ["", card.father, card.mother, ""]
    return "|".join(fields)
