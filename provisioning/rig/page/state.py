"""What the control page shows of a running rig, as one JSON object."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from drivers.panel.panel_service import PanelState
from provisioning.rig.failures import Words
from provisioning.rig.hall import HallState


class Part(BaseModel):
    """A frozen part of the state."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Touchable(Part):
    """Something on the glass that can be touched, in shares of the picture from its upper left."""

    id: str
    text: str
    left: float
    top: float
    width: float
    height: float


class Picture(Part):
    """What the kiosk's screen shows; `version` changes whenever its picture does."""

    version: int
    step: str
    language: str
    width_px: int
    height_px: int
    touchables: tuple[Touchable, ...]


class Told(Part):
    """A stable code with its words."""

    code: str
    words: Words


class Outbox(Part):
    """What waits for the hospital, and what wants a technician."""

    waiting: int
    oldest_s: float | None
    numbers_left: int
    printer: Told
    site: Told
    alarms: tuple[Told, ...]


class Visit(Part):
    """A visit as the hospital has it."""

    id: str
    queue_number: str | None
    pending_queue_number: str | None
    department: Words
    patient: str
    carer: str | None
    arrived_at: str
    reconcile: bool


class Alert(Part):
    """A refused document as the hospital was told of it, signed by the kiosk."""

    id: str
    recorded_at: str
    reason: Told


class Seen(Part):
    """What was last seen of the kiosk and around it; None where it does not answer just now."""

    kiosk: Literal["running", "starting", "no_power"]
    picture: Picture | None
    panel: PanelState | None
    outbox: Outbox | None
    slips: int
    visits: tuple[Visit, ...]
    alerts: tuple[Alert, ...]


class State(Part):
    """Everything on the page that changes."""

    hall: HallState
    seen: Seen
    tried: tuple[str, ...]
    """Rows of the table of failures that were ticked off."""
