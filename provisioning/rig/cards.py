"""The rig's cards, personalised from a persona and its portrait, made once a run."""

from __future__ import annotations

from functools import cache

from drivers.card_reader.virtual_chip.image import ChipImage
from provisioning.rig import people
from provisioning.rig.prepare import FACES_DIR, TRUST_DIR
from provisioning.trust.issuer import make_demo_trust
from provisioning.trust.personalise import Variant, personalise


@cache
def card(persona: str, variant: str = Variant.GENUINE) -> ChipImage:
    """A persona's card, wrong as `variant` says."""
    portrait = (FACES_DIR / f"{persona}.jpg").read_bytes()
    return personalise(people.load(persona), portrait, make_demo_trust(TRUST_DIR), variant)
