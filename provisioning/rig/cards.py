"""The rig's cards, personalised from a persona and its portrait, made once a run."""

from __future__ import annotations

from functools import cache

from drivers.card_reader.virtual_chip.image import ChipImage
from provisioning.rig import people
from provisioning.rig.prepare import FACES_DIR, TRUST_DIR
from provisioning.trust import demo
from provisioning.trust.personalisation import personalise


@cache
def card(persona: str, variant: str = "genuine") -> ChipImage:
    """A persona's card; variants as in `provisioning.trust.personalisation`."""
    portrait = (FACES_DIR / f"{persona}.jpg").read_bytes()
    return personalise(people.load(persona), portrait, demo.load(TRUST_DIR), variant)
