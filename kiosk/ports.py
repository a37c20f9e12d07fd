"""What the core asks of the world: small Protocols. Drivers, services and screens implement them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from kiosk import messages as m

if TYPE_CHECKING:
    from kiosk.flows.views import View

Image = NDArray[np.uint8]
"""Height × width × 3, RGB, uint8."""

Landmarks = NDArray[np.float32]
"""468 × 3: x and y in pixels, z in the same scale, MediaPipe FaceMesh order."""


class Transceiver(Protocol):
    """A card's command channel: one ISO 7816-4 command APDU in, the response with status word out."""

    def transmit(self, command: bytes) -> bytes:
        """Raises: CardRemoved if the card left, ReaderUnavailable if the reader did."""
        ...


@dataclass(frozen=True)
class ReaderEvent:
    """A change at the card reader."""

    kind: Literal["card_placed", "card_removed", "reader_lost", "reader_found"]


class CardReader(Protocol):
    """A contactless reader that tells when a card comes and goes."""

    def watch(self, notify: Callable[[ReaderEvent], None]) -> None:
        """Start telling of changes from a thread of its own; the present state is told first."""
        ...

    def connect(self) -> AbstractContextManager[Transceiver]:
        """Open the present card. Raises: CardRemoved, ReaderUnavailable."""
        ...

    def close(self) -> None:
        """Stop watching."""
        ...


@dataclass(frozen=True)
class Frame:
    """One camera frame; `sensor_time_s` is CLOCK_MONOTONIC at the sensor, or a simulated sensor's own clock.

    `ambient_lux` is the camera's own estimate of the light on the scene, where it has one.
    """

    image: Image
    sensor_time_s: float
    ambient_lux: float | None = None


class FrameSource(Protocol):
    """A camera. `paced_by_reader` is True when its time only advances as frames are asked for."""

    paced_by_reader: bool

    def read(self) -> Frame:
        """The next frame. Raises: CameraUnavailable."""
        ...

    def lock_exposure(self, locked: bool) -> None:
        """Hold exposure and white balance as they are, or let them follow the light again."""
        ...

    def close(self) -> None:
        """Release the camera."""
        ...


class FaceMesh(Protocol):
    """Finds faces and their 468 landmarks."""

    def landmarks(self, image: Image) -> Landmarks | None:
        """The tracked face, or None."""
        ...

    def still_landmarks(self, image: Image) -> Landmarks | None:
        """The face of a single picture that belongs to no sequence, or None."""
        ...

    def count_faces(self, image: Image) -> int:
        """How many faces are in the picture, up to two."""
        ...

    def reset(self) -> None:
        """Forget the tracked face."""
        ...

    def forget(self) -> None:
        """Overwrite what the last pictures left in the models."""
        ...


class FaceEmbedder(Protocol):
    """Turns a face into a vector whose Euclidean distance to another says how alike they are."""

    def embed(self, image: Image, landmarks: Landmarks) -> NDArray[np.float64]:
        """A 128-vector."""
        ...

    def forget(self) -> None:
        """Overwrite what the last face left in the model."""
        ...


class QrScanner(Protocol):
    """Reads QR codes in a picture."""

    def scan(self, image: Image) -> str | None:
        """The text of the first code found, or None."""
        ...


class Vision(Protocol):
    """The vision process as the screen process sees it."""

    def find_card_qr(self, message: m.FindCardQr) -> m.CardQrFound: ...  # noqa: D102
    def start_face_check(self, message: m.StartFaceCheck) -> m.Nothing: ...  # noqa: D102
    def await_face_prompt(self, message: m.AwaitFacePrompt) -> m.FacePrompt: ...  # noqa: D102
    def end_session(self, message: m.SessionEnded) -> m.Nothing: ...  # noqa: D102
    def health(self, message: m.Nothing) -> m.VisionHealth: ...  # noqa: D102


class Link(Protocol):
    """The link process as the screen process sees it."""

    def look_up_insurance(self, message: m.LookUpInsurance) -> m.InsuranceAnswer: ...  # noqa: D102
    def departments(self, message: m.Nothing) -> m.Departments: ...  # noqa: D102
    def register_visit(self, message: m.RegisterVisit) -> m.VisitAnswer: ...  # noqa: D102
    def print_slip(self, message: m.PrintSlip) -> m.SlipPrinted: ...  # noqa: D102
    def record_security_event(self, message: m.SecurityEvent) -> m.Nothing: ...  # noqa: D102
    def outbox(self, message: m.Nothing) -> m.Outbox: ...  # noqa: D102
    def release_parked(self, message: m.ReleaseParked) -> m.ParkedReleased: ...  # noqa: D102
    def end_session(self, message: m.SessionEnded) -> m.Nothing: ...  # noqa: D102
    def health(self, message: m.Nothing) -> m.LinkHealth: ...  # noqa: D102


class SlipPrinter(Protocol):
    """The printer as the link process sees it."""

    @property
    def paper_low(self) -> bool:
        """Whether the roll was near its end when last looked at; the printer still prints."""
        ...

    def status(self) -> str:
        """`ready`, or the code of what is wrong; a silent printer is `printer_silent`, never ready."""
        ...

    def print_slip(self, message: m.PrintSlip) -> m.SlipPrinted:
        """Draw, encode, send, and wait for what the printer says of it."""
        ...


class Site(Protocol):
    """A hospital's backend, as the link process sees it. Every call raises SiteUnreachable and its kin.

    `sign` asks nobody: it signs with the key the site knows this kiosk by, as a detached JWS (RFC 7515 appendix F).
    """

    def look_up_insurance(self, person: m.Person) -> m.InsuranceAnswer: ...  # noqa: D102
    def departments(self) -> tuple[m.Department, ...]: ...  # noqa: D102
    def lease_queue_numbers(self, kiosk_id: str, count: int) -> tuple[str, ...]: ...  # noqa: D102
    def deliver(self, event_id: str, body: bytes, timeout_s: float) -> m.VisitAnswer: ...  # noqa: D102
    def deliver_security_event(self, event_id: str, body: bytes, timeout_s: float) -> None: ...  # noqa: D102
    def sign(self, content: bytes) -> str: ...  # noqa: D102
    def ping(self, timeout_s: float) -> None: ...  # noqa: D102
    def clock_offset_s(self) -> float | None: ...  # noqa: D102


Lamp = Literal["free", "busy", "out_of_order"]
Sound = Literal["attention", "good", "warning"]


class Panel(Protocol):
    """The kiosk's own lamps, sounds and sensors."""

    def show(self, lamp: Lamp) -> None:
        """Set the traffic light."""
        ...

    def light_reader(self, on: bool) -> None:
        """Light the place where the card goes, or not."""
        ...

    def play(self, sound: Sound) -> None:
        """Sound the buzzer, without waiting for it."""
        ...

    def watch(self, notify: Callable[[Literal["presence", "absence", "call_staff"]], None]) -> None:
        """Tell of the presence sensor and the call-staff button."""
        ...

    def close(self) -> None:
        """Lamps out, pins released."""
        ...


class Screen(Protocol):
    """The glass: shows a view; what the visitor does comes back as the view's own events."""

    def show(self, view: View) -> None:
        """Show this view as soon as may be; safe to call from any thread."""
        ...

    def set_language(self, language: str) -> None:
        """Change every word on the glass, live."""
        ...

    def wait_until_shown(self, number: int, timeout_s: float) -> float | None:
        """The CLOCK_MONOTONIC second at which the camera view of that number was drawn, or None if too late."""
        ...

    def forget(self) -> None:
        """Drop typed digits, pictures and words of the visit that ended."""
        ...
