"""The slip printer and the panel."""

from __future__ import annotations

from kiosk.errors.base import NeedsStaff, PanelError, PrinterError, Retryable


class PaperOut(PrinterError, NeedsStaff):
    """The paper roll has run out."""

    code = "printer_paper_out"


class PaperLow(PrinterError, NeedsStaff):
    """The roll is near its end; a warning for staff, never raised: the printer still prints."""

    code = "printer_paper_low"


class CoverOpen(PrinterError, NeedsStaff):
    """The printer's cover is open."""

    code = "printer_cover_open"


class CutterError(PrinterError, NeedsStaff):
    """The cutter is jammed."""

    code = "printer_cutter_error"


class PrinterOverheated(PrinterError, Retryable):
    """The print head is too hot and prints again by itself once it has cooled."""

    code = "printer_overheated"


class PrinterFault(PrinterError, NeedsStaff):
    """The printer reports an error that it names no further."""

    code = "printer_fault"


class PrinterOffline(PrinterError, NeedsStaff):
    """The printer is off line and says no reason."""

    code = "printer_offline"


class PrinterSilent(PrinterError, NeedsStaff):
    """The printer takes bytes and says nothing: its state is unknown, which is never fine."""

    code = "printer_silent"


class PrinterUnreachable(PrinterError, NeedsStaff):
    """No connection to the printer can be made."""

    code = "printer_unreachable"


class PrinterConnectionLost(PrinterError, NeedsStaff):
    """The connection broke in the middle of a slip."""

    code = "printer_connection_lost"


class SlipUnknown(PrinterError, NeedsStaff):
    """There is no slip of that name."""

    code = "slip_unknown"


class SlipValuesInvalid(PrinterError, NeedsStaff):
    """A slip was given too few values, or one it does not take; names the keys, never the values."""

    code = "slip_values_invalid"


class PanelUnavailable(PanelError, NeedsStaff):
    """The GPIO controller cannot be opened."""

    code = "panel_unavailable"


class PanelPinUnavailable(PanelError, NeedsStaff):
    """A pin does not exist, is set twice, or is held by something else."""

    code = "panel_pin_unavailable"
