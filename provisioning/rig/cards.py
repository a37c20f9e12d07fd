"""The rig's cards, personalised from a persona and its portrait, made once a run."""

from __future__ import annotations

from functools import cache

from drivers.card_reader.virtual_chip.image import ChipImage
from provisioning.rig import people
from provisioning.rig.prepare import FACES_DIR, TRUST_DIR
from provisioning.trust.issuer import make_demo_trust
from provisioning.trust.personalise import Variant, personalise

COMMAND_S = 0.005
BYTES_PER_S = 424_000 / 8
"""A card at 424 kbit/s that takes 5 ms a command, so that a rehearsed reading lasts as long as a real one."""


@cache
def card(persona: str, variant: str = Variant.GENUINE) -> ChipImage:
    """A persona's card, wrong as `variant` says besides what is wrong with the persona's own."""
    holder = people.load(persona)
    portrait = (FACES_DIR / f"{persona}.jpg").read_bytes() if holder.face else None
    image = personalise(holder, portrait, make_demo_trust(TRUST_DIR), variant)
    pace = {"command_s": COMMAND_S, "bytes_per_s": BYTES_PER_S}
    return image.model_copy(update={"behaviour": image.behaviour.model_copy(update=pace)})
