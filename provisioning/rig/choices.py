"""What a rehearsal can be told: every choice by name, as the command line lists them."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from provisioning.rig import scenes
from provisioning.rig.people import everybody

PersonaChoice = StrEnum("PersonaChoice", {persona.id.upper(): persona.id for persona in everybody()})  # type: ignore[misc]
"""Whose card lies on the reader and, unless the camera says otherwise, who stands there."""


class CardChoice(StrEnum):
    """Which card is laid down."""

    GENUINE = "genuine"
    WRONG_DIGITS = "wrong-digits"
    FORGED_SOD = "forged-sod"
    ALTERED_DG1 = "altered-dg1"
    ALTERED_DG2 = "altered-dg2"
    CLONED = "cloned"
    EXPIRED = "expired"
    UNKNOWN_ISSUER = "unknown-issuer"
    BAC_ONLY = "bac-only"


CameraChoice = StrEnum("CameraChoice", {name.upper().replace("-", "_"): name for name in scenes.names()})  # type: ignore[misc]
"""Who or what stands before the camera: the files in `scenes/`."""


class AccessChoice(StrEnum):
    """How the visitor opens the chip."""

    QR = "qr"
    DIGITS = "digits"


class SiteChoice(StrEnum):
    """How the hospital is."""

    UP = "up"
    SLOW = "slow"
    AWAY = "away"
    ERROR_500 = "500"
    HTML = "html"
    LOST_REPLY = "lost-reply"


class VisitorChoice(StrEnum):
    """What the visitor does."""

    PATIENT = "patient"
    DECLINES_CONSENT = "declines-consent"
    CANCELS = "cancels"
    WALKS_AWAY = "walks-away"
    ASKS_FOR_STAFF = "asks-for-staff"


class ShapeChoice(StrEnum):
    """How the screen is mounted."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


class LanguageChoice(StrEnum):
    """The language the visitor picks."""

    VI = "vi"
    EN = "en"


class Choices(BaseModel):
    """One rehearsal."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    persona: str = "lan"
    card: CardChoice = CardChoice.GENUINE
    camera: str = "person"
    access: AccessChoice = AccessChoice.QR
    site: SiteChoice = SiteChoice.UP
    visitor: VisitorChoice = VisitorChoice.PATIENT
    language: LanguageChoice = LanguageChoice.VI
    light_lux: float = 300.0
    card_at_once: bool = False
    department: str | None = None
