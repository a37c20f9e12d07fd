"""What the four real-time status bytes mean, as one stable code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.errors import (
    CoverOpen,
    CutterError,
    PaperOut,
    PrinterFault,
    PrinterOffline,
    PrinterOverheated,
)

READY = "ready"
PRINTER, OFFLINE_CAUSE, ERROR_CAUSE, PAPER_SENSORS = 1, 2, 3, 4

CAUSES = (
    # (n of DLE EOT, bits, code): the first that is set names the trouble. Cover before paper: with the cover open
    # the paper sensors see nothing. "Recovers by itself" (bit 6) is set on some models by an open cover too.
    (OFFLINE_CAUSE, 0x04, CoverOpen.code),
    (OFFLINE_CAUSE, 0x20, PaperOut.code),
    (PAPER_SENSORS, 0x60, PaperOut.code),
    (ERROR_CAUSE, 0x08, CutterError.code),
    (ERROR_CAUSE, 0x20, PrinterFault.code),
    (ERROR_CAUSE, 0x40, PrinterOverheated.code),
    (OFFLINE_CAUSE, 0x40, PrinterFault.code),
    (PRINTER, 0x08, PrinterOffline.code),
)
PAPER_NEAR_END = 0x0C


@dataclass(frozen=True)
class PrinterStatus:
    """`code` is `ready` or what is wrong; `paper_low` is a warning with which it still prints."""

    code: str
    paper_low: bool = False


def understand(answers: Mapping[int, int]) -> PrinterStatus:
    """The status from the answers to DLE EOT 1 to 4."""
    code = next((code for n, bits, code in CAUSES if answers[n] & bits), READY)
    return PrinterStatus(code, bool(answers[PAPER_SENSORS] & PAPER_NEAR_END))
