"""The slip printer: nothing is sent to one that is not ready, nothing counts as printed that it has not said."""

from __future__ import annotations

import itertools
import threading
import time
from dataclasses import replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from kiosk import logs
from kiosk import messages as m
from kiosk.errors import PrinterError, PrinterSilent
from kiosk.settings import PrinterSettings
from printer import encoder, layout, slips
from printer.conversation import (
    CLEAR_BUFFERS,
    Completion,
    Conversation,
    paper_sensor_request,
    process_id_request,
)
from printer.copies import Sheets
from printer.replies import PaperSensorStatus, ProcessDone
from printer.status import READY, PrinterStatus
from printer.transport import Transport, open_transport
from printer.typesetting import Fonts

LOOK_AGAIN_S = 0.5
"""While a slip prints, how long to wait for its end before looking for a fault."""

SETTLE_S = 5.0
"""How long a printer may take to be done with an older job."""

History = Literal["clean", "unsure", "half_slip"]
"""What the last job may have left in the printer."""

AFTERMATH: dict[str, History] = {"confirmed": "clean", "sent": "unsure", "unknown": "half_slip"}


class EscPosPrinter:
    """An ESC/POS printer as `kiosk.ports.SlipPrinter`.

    Each slip and each look at the status is a connection of its own, for network printers serve one host at a time.
    """

    def __init__(self, settings: PrinterSettings, fonts: Fonts, answer_timeout_s: float = 1.0) -> None:
        self._settings, self._fonts, self._answer_timeout_s = settings, fonts, answer_timeout_s
        self._sheets = Sheets()
        self._process_ids = itertools.count(time.monotonic_ns() % 10_000)
        self._lock = threading.Lock()
        self._open: Transport | None = None
        self._last = PrinterStatus(PrinterSilent.code)
        self._history: History = "unsure"

    @property
    def paper_low(self) -> bool:
        """Whether the last look found the roll near its end; the printer still prints."""
        return self._last.paper_low

    def status(self) -> str:
        """`ready`, or the code of what is wrong; while a slip prints, what was found before it."""
        if self._lock.acquire(blocking=False):
            try:
                self._last = self._look()
            finally:
                self._lock.release()
        return self._last.code

    def print_slip(self, message: m.PrintSlip) -> m.SlipPrinted:
        """Draw, encode and send a slip, and wait for what the printer says of it; faults come back as codes.

        failed: nothing was sent. unknown: all or a part was sent and no end was reported; it is never sent again
        by itself. sent: all was taken, the printer is well, but did not say it was done. The same slip id again
        prints a copy, numbered from 2 on. Without a value `time` the slip tells when it was printed.

        Raises: SlipUnknown, SlipValuesInvalid.
        """
        started_s = time.monotonic()
        values = {"time": slips.moment(datetime.now(), message.language), **message.values}
        document = slips.compose(message.template, values, message.language, message.qr)
        with self._lock:
            sheet = self._sheets.next(message.slip_id, message.sheets_before)
            if sheet > 1:
                document = slips.mark_as_copy(document, sheet, message.language)
                if self._history == "unsure":  # a copy is wanted where the slip before it came out in part
                    self._history = "half_slip"
            job = encoder.encode(layout.draw(document, self._settings.width_dots, self._fonts))
            printed = self._print(message.slip_id, job, started_s + message.timeout_s)
            if printed.state != "failed":
                self._sheets.count(message.slip_id, sheet)
        seconds = round(time.monotonic() - started_s, 3)
        logs.event("slip_printed", state=printed.state, code=printed.code, bytes=len(job), seconds=seconds)
        return printed

    def close(self) -> None:
        """Let go of the printer."""
        with self._lock:
            self._hang_up(abandon=False)

    def _look(self) -> PrinterStatus:
        try:
            status = self._connect().status()
        except (PrinterError, TimeoutError) as error:
            self._hang_up(abandon=True)
            return PrinterStatus(_code(error))
        self._rest()
        return status

    def _print(self, slip_id: UUID, job: bytes, deadline_s: float) -> m.SlipPrinted:
        sending = False
        try:
            conversation = self._connect()
            self._last = conversation.status()
            if self._last.code != READY:
                self._rest()
                return m.SlipPrinted(slip_id=slip_id, state="failed", code=self._last.code)
            if self._history != "clean":
                settle_s = min(SETTLE_S, (deadline_s - time.monotonic()) / 3)
                conversation.settle(settle_s, cut=self._history == "half_slip")
            sending = True
            printed = self._deliver(conversation, slip_id, job, deadline_s)
        except (PrinterError, TimeoutError) as error:
            printed = m.SlipPrinted(slip_id=slip_id, state="unknown" if sending else "failed", code=_code(error))
        if sending:
            self._history = AFTERMATH[printed.state]
        if printed.state in ("confirmed", "sent"):
            self._rest()
        else:
            self._last = replace(self._last, code=printed.code or PrinterSilent.code)
            self._hang_up(abandon=True)
        return printed

    def _deliver(self, conversation: Conversation, slip_id: UUID, job: bytes, deadline_s: float) -> m.SlipPrinted:
        request, process_id = self._completion_request()
        conversation.transport.send(job + request, deadline_s - self._answer_timeout_s)
        code = PrinterSilent.code
        while (left_s := deadline_s - self._answer_timeout_s - time.monotonic()) > 0:
            if _is_done(conversation.completion(min(LOOK_AGAIN_S, left_s)), process_id):
                return m.SlipPrinted(slip_id=slip_id, state="confirmed")
            code = self._fault(conversation)
            if code not in (READY, PrinterSilent.code):
                break
        if code == READY:
            return m.SlipPrinted(slip_id=slip_id, state="sent")
        self._clear(conversation)
        return m.SlipPrinted(slip_id=slip_id, state="unknown", code=code)

    def _completion_request(self) -> tuple[bytes, bytes | None]:
        if self._settings.completion == "status":
            return paper_sensor_request(), None
        process_id = b"%04d" % (next(self._process_ids) % 10_000)
        return process_id_request(process_id), process_id

    def _fault(self, conversation: Conversation) -> str:
        """What is wrong in the middle of a job; a silent printer may just have its buffer full."""
        try:
            self._last = conversation.status()
        except (PrinterSilent, TimeoutError):
            return PrinterSilent.code
        return self._last.code

    def _clear(self, conversation: Conversation) -> None:
        """Where the printer can, forget the rest of a slip, lest it come out before the next visitor's."""
        if self._settings.completion == "process_id":
            conversation.transport.send(CLEAR_BUFFERS, time.monotonic() + self._answer_timeout_s)

    def _connect(self) -> Conversation:
        self._open = self._open or open_transport(self._settings)
        return Conversation(self._open, self._answer_timeout_s)

    def _rest(self) -> None:
        if self._open and not self._open.stays_open:
            self._hang_up(abandon=False)

    def _hang_up(self, abandon: bool) -> None:
        opened, self._open = self._open, None
        if opened:
            opened.close(abandon)


def _code(error: PrinterError | TimeoutError) -> str:
    return error.code if isinstance(error, PrinterError) else PrinterSilent.code


def _is_done(completion: Completion | None, process_id: bytes | None) -> bool:
    match completion:
        case PaperSensorStatus():
            return process_id is None and not completion.paper_end
        case ProcessDone(answered):
            return answered == process_id
    return False
