"""What a rehearsal can be told: every choice by name, as the command line lists them."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from kiosk.flows import clinic_check_in
from provisioning.rig import scenes
from provisioning.rig.people import everybody

PersonaChoice = StrEnum("PersonaChoice", {persona.id.upper(): persona.id for persona in everybody()})  # type: ignore[misc]
"""Whose card lies on the reader and, unless the camera says otherwise, who stands there."""


class CardChoice(StrEnum):
    """Which card is laid down, or, from `wrong-digits` on, what is done with a genuine one."""

    GENUINE = "genuine"
    FORGED_SOD = "forged-sod"
    ALTERED_DG1 = "altered-dg1"
    ALTERED_DG2 = "altered-dg2"
    CLONED = "cloned"
    WITHOUT_CHIP_PROOF = "without-chip-proof"
    EXPIRED = "expired"
    UNKNOWN_ISSUER = "unknown-issuer"
    BAC_ONLY = "bac-only"
    NO_PORTRAIT = "no-portrait"
    WRONG_DIGITS = "wrong-digits"
    PULLED = "pulled"
    PULLED_FOR_GOOD = "pulled-for-good"
    SWAPPED = "swapped"


HANDLED = (CardChoice.WRONG_DIGITS, CardChoice.PULLED, CardChoice.PULLED_FOR_GOOD, CardChoice.SWAPPED)
"""Choices that are no other card but another way with it."""
CARDS = tuple(choice for choice in CardChoice if choice not in HANDLED)


class PullChoice(StrEnum):
    """What the chip was giving when the card was pulled."""

    ACCESS = "access"
    DG1 = "dg1"
    SOD = "sod"
    DG13 = "dg13"
    DG14 = "dg14"
    PROOF = "proof"
    DG2 = "dg2"


CameraChoice = StrEnum("CameraChoice", {name.upper().replace("-", "_"): name for name in scenes.names()})  # type: ignore[misc]
"""Who or what stands before the camera: the files in `scenes/`."""


class AccessChoice(StrEnum):
    """How the visitor opens the chip."""

    QR = "qr"
    DIGITS = "digits"


class ReaderChoice(StrEnum):
    """Whether there is a card reader, or what happens to it."""

    PLUGGED_IN = "plugged-in"
    UNPLUGGED = "unplugged"
    RESTARTS = "restarts"
    """The service that speaks to it ends, and starts again at once."""


class PrinterChoice(StrEnum):
    """How the printer is; from `stalls` on, what happens in the middle of the next slip."""

    FULL = "full"
    LOW = "low"
    OUT = "out"
    COVER_OPEN = "cover-open"
    CUTTER_JAM = "cutter-jam"
    SILENT = "silent"
    STALLS = "stalls"
    RUNS_OUT = "runs-out"
    COVER_OPENED = "cover-opened"
    JAMS = "jams"
    CUT_OFF = "cut-off"


class NetworkChoice(StrEnum):
    """The kiosk's own network."""

    CONNECTED = "connected"
    CUT = "cut"


class ClockChoice(StrEnum):
    """Whether the kiosk's clock can be believed."""

    KEPT = "kept"
    LOST = "lost"


class PowerChoice(StrEnum):
    """The kiosk's mains."""

    ON = "on"
    CUT = "cut"


class ProcessChoice(StrEnum):
    """The kiosk's own processes; all of them at once is a power cut."""

    SCREEN = "screen"
    VISION = "vision"
    LINK = "link"
    ALL = "all"


class SiteChoice(StrEnum):
    """How the hospital is."""

    UP = "up"
    SLOW = "slow"
    AWAY = "away"
    ERROR_500 = "500"
    HTML = "html"
    LOST_REPLY = "lost-reply"
    TOKEN_REFUSED = "token-refused"  # noqa: S105 (a name of a fault)
    SEVERAL_MATCH = "several-match"
    REFUSES_DATA = "refuses-data"
    PORTAL_DOWN = "portal-down"


class NumbersChoice(StrEnum):
    """The queue numbers the hospital has leased to the kiosk for when it is away."""

    LEASED = "leased"
    USED_UP = "used-up"


class VisitorChoice(StrEnum):
    """What the visitor does."""

    PATIENT = "patient"
    DECLINES_CONSENT = "declines-consent"
    CANCELS = "cancels"
    WALKS_AWAY = "walks-away"
    ASKS_FOR_STAFF = "asks-for-staff"
    TAPS_TEN_TIMES = "taps-ten-times"
    CHANGES_LANGUAGE = "changes-language"
    PRINTS_AGAIN = "prints-again"
    CARER_FIRST = "carer-first"
    """A child's carer is verified, and then says that the visit is for the child."""
    NO_CARER = "no-carer"
    """A child's card is laid down, and nobody is there who could be the carer."""
    FORGETS_CARD = "forgets-card"
    """The first of two cards is left lying until the screen asks for it to be taken off."""


class ShapeChoice(StrEnum):
    """How the screen is mounted."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


class LanguageChoice(StrEnum):
    """The language the visitor picks."""

    VI = "vi"
    EN = "en"


def step_names() -> tuple[str, ...]:
    """Every step of the clinic's visit, by name."""
    return tuple(step.__name__ for step in clinic_check_in.FLOW.table)


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
    pull_at: PullChoice = PullChoice.DG2
    reader: ReaderChoice = ReaderChoice.PLUGGED_IN
    printer: PrinterChoice = PrinterChoice.FULL
    network: NetworkChoice = NetworkChoice.CONNECTED
    numbers: NumbersChoice = NumbersChoice.LEASED
    clock: ClockChoice = ClockChoice.KEPT
    when: str | None = None
    """The step at which reader, printer, site and network become as chosen; without it, from the start."""
    kill: str | None = None
    """The step at which `process` is killed."""
    process: ProcessChoice = ProcessChoice.SCREEN

    @model_validator(mode="after")
    def _digits_are_typed_where_they_are_wrong(self) -> Self:
        if self.card is CardChoice.WRONG_DIGITS and self.access is not AccessChoice.DIGITS:
            return self.model_copy(update={"access": AccessChoice.DIGITS})
        return self
