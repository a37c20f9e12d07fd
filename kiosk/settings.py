"""Options of one kiosk: `kiosk.toml`, then `conf.d/*.toml` in order, merged deep; every field described."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from kiosk.errors import SettingsInvalid


class Section(BaseModel):
    """A table of the settings file; unknown keys are an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SiteSettings(Section):
    """The hospital or station this kiosk works for."""

    base_url: str = Field(description="FHIR R4 base address of the site, https only")
    token_url: str = Field(description="SMART Backend Services token endpoint, https only")
    client_id: str = Field(description="The kiosk's SMART client id at the site")
    client_key_file: Path = Field(description="Private key of the client (PEM, EC P-384), mode 0600")
    ca_file: Path = Field(description="CA certificate that the site's TLS certificate chains to (PEM)")
    name: dict[str, str] = Field(description="The site's name by language, shown on screens and slips")
    timeout_s: float = Field(4.0, gt=0, le=30, description="Deadline of one call to the site")
    leased_numbers: int = Field(
        40, ge=0, le=200, description="Queue numbers kept for hours without the site; without any, staff helps then"
    )
    identifier_systems: dict[str, str] = Field(
        default_factory=lambda: {
            "citizen_number": "urn:kiosk:citizen-number",
            "insurance_card": "urn:kiosk:bhyt",
            "visit": "urn:kiosk:visit",
            "queue_number": "urn:kiosk:queue-number",
            "pending_queue_number": "urn:kiosk:pending-queue-number",
            "department": "urn:kiosk:department",
        },
        description="FHIR identifier systems; there is no official Vietnamese guide, so they are configuration",
    )


class ReaderSettings(Section):
    """The chip reader."""

    driver: Literal["pcsc"] = Field("pcsc", description="Card reader driver")
    reader_name: str = Field("", description="Part of the PC/SC reader's name; empty takes the first reader")
    simulated: bool = Field(False, description="True when a virtual reader stands in for one")
    expected_cards: Literal["cccd"] = Field("cccd", description="Which documents this kiosk takes")


class CameraSettings(Section):
    """The camera."""

    driver: Literal["picamera2", "v4l2", "video_file", "synthetic"] = Field(
        "picamera2", description="Where frames come from"
    )
    device: str = Field("/dev/video0", description="Device or file for the v4l2 and video_file drivers")
    width_px: int = Field(640, ge=320, le=1280, description="Frame width")
    height_px: int = Field(480, ge=240, le=720, description="Frame height")
    frames_per_s: float = Field(15.0, gt=1, le=60, description="Frame rate asked of the camera")
    lockstep: bool = Field(False, description="synthetic only: scene time advances as frames are read")


class FaceSettings(Section):
    """Thresholds of the face check; the design's figures are its defaults. See docs/explanation/face.md."""

    accept_distance: float = Field(
        0.45, gt=0, le=0.5, description="At most this far from the chip's portrait: same"
    )
    retry_distance: float = Field(0.55, gt=0, le=0.6, description="At most this far: try again; above: staff")
    challenge_s: float = Field(6.0, gt=1, le=20, description="Time for one challenge")
    total_s: float = Field(25.0, gt=5, le=60, description="Time for all challenges together")
    coach_s: float = Field(15.0, gt=1, le=60, description="Time until a face stands well in the picture")
    tries_per_visit: int = Field(3, ge=1, le=10, description="Failed checks of one visit before staff must help")

    @model_validator(mode="after")
    def _same_is_nearer_than_unsure(self) -> Self:
        if self.accept_distance > self.retry_distance:
            raise ValueError("accept_distance must not be above retry_distance")
        return self


class PrinterSettings(Section):
    """The slip printer."""

    driver: Literal["network", "usb", "serial", "file"] = Field("network", description="python-escpos transport")
    host: str = Field("127.0.0.1", description="network: host")
    port: int = Field(9100, ge=1, le=65535, description="network: TCP port")
    device: str = Field("", description="serial, file: device path; usb: vendor:product in hex")
    baud_rate: int = Field(115200, ge=9600, le=921600, description="serial: speed, as set at the printer")
    completion: Literal["status", "process_id"] = Field(
        "status", description="Printed? status asks by GS r 1; process_id by GS ( H 48, on newer Epson models"
    )
    width_dots: Literal[576, 384] = Field(576, description="576 for 80 mm paper, 384 for 58 mm")
    simulated: bool = Field(False, description="True when a simulated printer stands in for one")


class PanelSettings(Section):
    """GPIO pins in BCM numbering; None where a part is not fitted."""

    driver: Literal["lgpio", "mock", "none"] = Field("lgpio", description="gpiozero pin factory, or no panel")
    free_lamp: int | None = Field(17, description="Green lamp")
    busy_lamp: int | None = Field(27, description="Yellow lamp")
    out_of_order_lamp: int | None = Field(22, description="Red lamp")
    reader_light: int | None = Field(23, description="Light at the card reader")
    buzzer: int | None = Field(24, description="Buzzer")
    presence: int | None = Field(25, description="Presence sensor")
    call_staff: int | None = Field(5, description="Call-staff button")
    active_high: bool = Field(True, description="Lamps and buzzer are on when their pin is high")


class ScreenSettings(Section):
    """The touchscreen."""

    width_px: int = Field(1080, ge=480, le=4096, description="Width as mounted")
    height_px: int = Field(1920, ge=480, le=4096, description="Height as mounted")
    pixels_per_mm: float = Field(5.58, gt=1, le=30, description="From the panel's data sheet; sizes buttons")
    offscreen: bool = Field(False, description="Draw without a display")
    show_cursor: bool = Field(False, description="Draw a mouse pointer, for a kiosk tried out with a mouse")
    font_regular: Path = Field(Path("/usr/share/fonts/opentype/inter/Inter-Medium.otf"), description="Text")
    font_bold: Path = Field(Path("/usr/share/fonts/opentype/inter/Inter-Bold.otf"), description="Titles, numbers")


class TimerSettings(Section):
    """How long the kiosk waits for a person; no clock runs while a device works."""

    idle_s: float = Field(60, ge=10, le=600, description="Without a touch before the warning")
    idle_warning_s: float = Field(30, ge=20, le=120, description="Warning before the wipe (WCAG 2.2.1: ≥ 20 s)")
    card_gone_s: float = Field(15, ge=5, le=60, description="Card away before the visit is wiped")
    result_s: float = Field(20, ge=5, le=120, description="The last screen stays this long")
    result_without_slip_s: float = Field(
        60, ge=20, le=300, description="The same without a slip: time to write the number down, or to photograph it"
    )


class StoreSettings(Section):
    """The encrypted local record."""

    database_file: Path = Field(description="SQLCipher database")
    key_file: Path = Field(description="Raw 32-byte key, mode 0600, made by `kiosk` on first start")


class TrustSettings(Section):
    """Whom the kiosk believes."""

    csca_dir: Path = Field(description="The operator's CSCA certificates (DER or PEM)")
    clock: Literal["synchronised", "system", "none"] = Field(
        "synchronised",
        description="Believe the clock only while a time service keeps it, always (battery-backed clock), or never",
    )
    unknown_issuer: Literal["staff", "refuse"] = Field("staff", description="Card of an issuer not in the store")
    chip_not_proven: Literal["accept", "staff", "refuse"] = Field(
        "staff", description="Data authentic, but the chip offers no proof that it is no copy"
    )
    expired: Literal["staff", "refuse"] = Field("staff", description="Expired card")
    no_clock: Literal["staff", "accept"] = Field(
        "staff", description="No trusted clock, so nobody can say whether card and signer are within their dates"
    )


class Settings(Section):
    """All options of one kiosk."""

    profile: Literal["production", "rig"] = Field("production", description="rig: simulators may be used")
    kiosk_id: str = Field(pattern=r"^[a-z0-9-]{3,40}$", description="This kiosk's name in the fleet")
    runtime_dir: Path = Field(Path("/run/kiosk"), description="Sockets and previews; memory-backed, mode 0700")
    flow: Literal["clinic_check_in"] = Field("clinic_check_in", description="The service offered")
    language: Literal["vi", "en"] = Field("vi", description="Language at the start of each visit")
    staff_desk: dict[str, str] = Field(
        default_factory=lambda: {"vi": "quầy tiếp đón", "en": "the reception desk"},
        description="Where a visitor finds staff, by language",
    )
    site: SiteSettings
    store: StoreSettings
    trust: TrustSettings
    reader: ReaderSettings = ReaderSettings()
    camera: CameraSettings = CameraSettings()
    face: FaceSettings = FaceSettings()
    printer: PrinterSettings = PrinterSettings()
    panel: PanelSettings = PanelSettings()
    screen: ScreenSettings = ScreenSettings()
    timers: TimerSettings = TimerSettings()

    @property
    def simulated_parts(self) -> tuple[str, ...]:
        """The parts a simulator stands in for; shown as a banner while there are any."""
        simulated = {
            "reader": self.reader.simulated,
            "camera": self.camera.driver in ("synthetic", "video_file"),
            "printer": self.printer.simulated,
            "panel": self.panel.driver == "mock",
        }
        return tuple(name for name, is_simulated in simulated.items() if is_simulated)

    @model_validator(mode="after")
    def _production_refuses_simulators(self) -> Self:
        if self.profile == "production" and self.simulated_parts:
            raise ValueError(f"the production profile refuses simulated parts: {', '.join(self.simulated_parts)}")
        for url in (self.site.base_url, self.site.token_url):
            if not url.startswith("https://"):
                raise ValueError("the site is spoken to over https only")
        return self


def merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Merge `over` into `base`, table by table, so an override never drops a table's other values."""
    merged = dict(base)
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = merge(merged[key], value)
        else:
            merged[key] = value
    return merged


def load(file: Path) -> Settings:
    """Read `file` and `conf.d/*.toml` beside it.

    Raises: SettingsInvalid naming the file or the field at fault.
    """
    values: dict[str, Any] = {}
    for part in [file, *sorted(file.parent.glob("conf.d/*.toml"))]:
        try:
            values = merge(values, tomllib.loads(part.read_text(encoding="utf-8")))
        except OSError as error:
            raise SettingsInvalid(f"{part}: {error.strerror}") from error
        except tomllib.TOMLDecodeError as error:
            raise SettingsInvalid(f"{part}: {error}") from error
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc'])) or 'settings'}: {e['msg']}" for e in error.errors()]
        raise SettingsInvalid(f"{file}: " + "; ".join(lines)) from error
