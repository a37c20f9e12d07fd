"""The root of the tree and its two axes: the part that failed and the remedy that helps."""

from __future__ import annotations

from typing import ClassVar


class KioskError(Exception):
    """Anything that goes wrong in the kiosk; `code` is stable and safe to show and to log."""

    code: ClassVar[str] = ""
    by_code: ClassVar[dict[str, type[KioskError]]] = {}

    def __init_subclass__(cls) -> None:
        """Register concrete errors by their code, once."""
        code = cls.__dict__.get("code")
        if code:
            if code in KioskError.by_code:
                raise TypeError(f"two errors share the code {code!r}")
            KioskError.by_code[code] = cls


# remedies
class Retryable(KioskError):
    """The visitor, or the kiosk by itself, may try again."""


class NeedsStaff(KioskError):
    """Only a person at the desk can help on."""


class RefuseVisitor(KioskError):
    """The visit must not go on; the visitor is told why and where to go."""


# parts
class ReaderError(KioskError):
    """The card reader or the way to it."""


class ChipError(KioskError):
    """The card's chip and what it proves."""


class CameraError(KioskError):
    """The camera or the frames it gives."""


class FaceError(KioskError):
    """The face check."""


class PrinterError(KioskError):
    """The slip printer."""


class SiteError(KioskError):
    """The hospital's or station's backend."""


class StoreError(KioskError):
    """The kiosk's own encrypted database."""


class ScreenError(KioskError):
    """The touchscreen."""


class PanelError(KioskError):
    """Lamps, buzzer, sensors."""


class CallError(KioskError):
    """A call between the kiosk's own processes."""


class ConfigurationError(KioskError):
    """The settings, or what they point at."""
