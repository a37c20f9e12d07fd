"""Printing over a real socket to the simulated printer: well, badly, and half."""

import errno
import json
import os
import select
import threading
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest
import usb.core
from PIL import Image

from kiosk import strings
from kiosk.errors import KioskError, PanelError, PrinterError, SlipUnknown, SlipValuesInvalid
from kiosk.messages import PrintSlip
from kiosk.settings import PrinterSettings
from printer import gallery, layout, slips
from printer.device import EscPosPrinter
from printer.simulated import SimulatedPrinter
from printer.simulated.state import Mishap, State

Slip = Callable[..., PrintSlip]
Connect = Callable[..., EscPosPrinter]
COMPLETIONS = ("status", "process_id")
FAULTS = {
    "paper_out": "printer_paper_out",
    "cover_open": "printer_cover_open",
    "cutter_error": "printer_cutter_error",
    "overheated": "printer_overheated",
    "fault": "printer_fault",
    "offline": "printer_offline",
    "silent": "printer_silent",
}


@pytest.mark.parametrize("completion", COMPLETIONS)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_printed_slip_is_confirmed_and_is_the_slip_drawn(
    simulated: SimulatedPrinter,
    connect: Connect,
    slip: Slip,
    same: Callable[..., bool],
    completion: str,
    language: str,
) -> None:
    order = slip("queue_ticket", language)
    printed = connect(simulated, completion=completion).print_slip(order)
    assert (printed.state, printed.code) == ("confirmed", None)
    document = slips.compose("queue_ticket", order.values, language, order.qr)
    assert same(simulated.slips[0], layout.draw(document, 576, gallery.default_fonts())[0])
    assert simulated.unknown == b""


@pytest.mark.parametrize(("state", "code"), FAULTS.items())
def test_fault_has_its_code_and_no_slip_is_begun(
    simulated: SimulatedPrinter, printer: EscPosPrinter, slip: Slip, state: str, code: str
) -> None:
    simulated.state = state
    assert printer.status() == code
    printed = printer.print_slip(slip())
    assert (printed.state, printed.code) == ("failed", code)
    simulated.state = "ok"
    assert printer.status() == "ready"
    assert simulated.slips == []


@pytest.mark.parametrize("language", strings.LANGUAGES)
def test_every_code_is_an_error_with_a_name_and_words_for_the_visitor(language: str) -> None:
    codes = {code for code, error in KioskError.by_code.items() if issubclass(error, PrinterError | PanelError)}
    assert codes >= {*FAULTS.values(), "printer_unreachable", "printer_connection_lost", "printer_paper_low"}
    words = strings.table(language)
    assert [
        code for code in codes for part in ("reason", "next_step") if f"errors.{code}.{part}" not in words
    ] == []


def test_nearly_empty_roll_is_a_warning_and_still_prints(
    simulated: SimulatedPrinter, printer: EscPosPrinter, slip: Slip
) -> None:
    simulated.state = "paper_low"
    assert (printer.status(), printer.paper_low) == ("ready", True)
    assert printer.print_slip(slip()).state == "confirmed"


def test_printer_that_is_not_there_is_unreachable(
    simulated: SimulatedPrinter, connect: Connect, slip: Slip
) -> None:
    printer = connect(simulated, port=1)
    assert printer.status() == "printer_unreachable"
    printed = printer.print_slip(slip())
    assert (printed.state, printed.code) == ("failed", "printer_unreachable")


@pytest.mark.parametrize("completion", COMPLETIONS)
def test_connection_reset_in_mid_slip_is_unknown_and_never_reprinted_by_itself(
    simulated: SimulatedPrinter, connect: Connect, slip: Slip, completion: str
) -> None:
    printer = connect(simulated, completion=completion)
    assert printer.print_slip(slip()).state == "confirmed"
    simulated.reset_after_bytes = 5000
    printed = printer.print_slip(slip("queue_ticket"))
    assert (printed.state, printed.code) == ("unknown", "printer_connection_lost")
    assert printer.status() == "ready"
    assert len(simulated.slips) == 1


@pytest.mark.parametrize("completion", COMPLETIONS)
def test_printer_that_stops_taking_bytes_is_unknown_and_the_next_slip_is_whole(
    simulated: SimulatedPrinter, connect: Connect, slip: Slip, same: Callable[..., bool], completion: str
) -> None:
    printer = connect(simulated, completion=completion)
    assert printer.print_slip(slip()).state == "confirmed"
    simulated.stall_after_bytes = 3000
    printed = printer.print_slip(slip("queue_ticket", timeout_s=1.5))
    assert (printed.state, printed.code) == ("unknown", "printer_silent")
    simulated.stall_after_bytes = None
    order = slip("queue_ticket")
    assert printer.print_slip(order).state == "confirmed"
    document = slips.compose("queue_ticket", order.values, "vi", order.qr)
    assert same(simulated.slips[-1], layout.draw(document, 576, gallery.default_fonts())[0])
    assert len(simulated.slips) == 3  # the first, the half one cut off, and the last
    assert simulated.unknown == b""


@pytest.mark.parametrize("completion", COMPLETIONS)
def test_paper_that_ends_in_mid_slip_is_told_at_once(
    simulated: SimulatedPrinter, connect: Connect, slip: Slip, completion: str
) -> None:
    simulated.befalls = (400, State.PAPER_OUT)
    printed = connect(simulated, completion=completion).print_slip(slip("queue_ticket", timeout_s=60))
    assert (printed.state, printed.code) == ("unknown", "printer_paper_out")


def test_rest_of_a_slip_is_forgotten_when_the_roll_is_changed(
    simulated: SimulatedPrinter, connect: Connect, slip: Slip
) -> None:
    printer = connect(simulated, completion="process_id")
    simulated.befalls = (400, State.PAPER_OUT)
    assert printer.print_slip(slip("queue_ticket")).state == "unknown"
    printer.status()  # by its answer, what was sent before has arrived
    simulated.state = "ok"
    assert simulated.slips == []


def test_answer_to_an_older_slip_is_not_taken_for_the_next_ones(
    simulated: SimulatedPrinter, printer: EscPosPrinter, slip: Slip
) -> None:
    simulated.befalls = (400, State.PAPER_OUT)
    assert printer.print_slip(slip("queue_ticket")).state == "unknown"
    simulated.state = "ok"  # new roll: the older slip is finished now
    assert printer.print_slip(slip()).state == "confirmed"
    assert len(simulated.slips) == 2


def test_printer_that_never_reports_completion_is_sent_not_confirmed(
    simulated: SimulatedPrinter, connect: Connect, slip: Slip
) -> None:
    simulated.reports_completion = False
    printed = connect(simulated).print_slip(slip(timeout_s=1.5))
    assert (printed.state, printed.code) == ("sent", None)


def test_status_bytes_nobody_asked_for_do_not_confuse(
    simulated: SimulatedPrinter, printer: EscPosPrinter, slip: Slip
) -> None:
    simulated.receive(b"\x1da\xff")  # automatic status back, left on by some other host
    simulated.state = "cover_open"
    assert printer.status() == "printer_cover_open"
    simulated.state = "ok"
    assert printer.print_slip(slip()).state == "confirmed"


def test_second_printing_of_a_slip_is_a_numbered_copy(
    simulated: SimulatedPrinter, printer: EscPosPrinter, slip: Slip, same: Callable[..., bool]
) -> None:
    order = slip("queue_ticket", slip_id=uuid4())
    for _ in range(3):
        assert printer.print_slip(order).state == "confirmed"
    document = slips.compose("queue_ticket", order.values, "vi", order.qr)
    expected = [document, *(slips.mark_as_copy(document, number, "vi") for number in (2, 3))]
    drawn = [layout.draw(page, 576, gallery.default_fonts())[0] for page in expected]
    assert [same(*pair) for pair in zip(simulated.slips, drawn, strict=True)] == [True, True, True]


def test_slip_that_failed_before_it_began_is_no_copy_the_next_time(
    simulated: SimulatedPrinter, printer: EscPosPrinter, slip: Slip, same: Callable[..., bool]
) -> None:
    order = slip("queue_ticket", slip_id=uuid4())
    simulated.state = "cover_open"
    assert printer.print_slip(order).state == "failed"
    simulated.state = "ok"
    assert printer.print_slip(order).state == "confirmed"
    document = slips.compose("queue_ticket", order.values, "vi", order.qr)
    assert same(simulated.slips[0], layout.draw(document, 576, gallery.default_fonts())[0])


def test_status_does_not_wait_for_a_slip_that_prints(
    simulated: SimulatedPrinter, printer: EscPosPrinter, slip: Slip
) -> None:
    assert printer.status() == "ready"
    simulated.stall_after_bytes = 3000
    thread = threading.Thread(target=printer.print_slip, args=(slip(timeout_s=1.5),))
    thread.start()
    while not simulated.stalled:
        time.sleep(0.005)
    assert printer.status() == "ready"  # what was found before the slip began
    assert thread.is_alive()
    thread.join()


def test_narrow_paper_gets_a_narrow_slip(connect: Connect, slip: Slip) -> None:
    narrow = SimulatedPrinter(width_dots=384).start()
    try:
        assert connect(narrow, width_dots=384).print_slip(slip()).state == "confirmed"
        assert narrow.slips[0].width == 384
    finally:
        narrow.stop()


def test_unknown_slip_and_missing_values_raise_and_print_nothing(
    simulated: SimulatedPrinter, printer: EscPosPrinter, slip: Slip
) -> None:
    with pytest.raises(SlipUnknown):
        printer.print_slip(slip().model_copy(update={"template": "boarding_pass"}))
    with pytest.raises(SlipValuesInvalid):
        printer.print_slip(slip().model_copy(update={"values": {}}))
    assert simulated.slips == []


def test_slip_without_a_time_tells_when_it_was_printed(
    simulated: SimulatedPrinter, printer: EscPosPrinter, slip: Slip, same: Callable[..., bool]
) -> None:
    order = slip()
    values = {key: value for key, value in order.values.items() if key != "time"}
    moments = [datetime.now()]
    assert printer.print_slip(order.model_copy(update={"values": values})).state == "confirmed"
    moments.append(datetime.now())
    possible = [
        slips.compose("staff_slip", values | {"time": slips.moment(at, "vi")}, "vi", order.qr) for at in moments
    ]
    assert any(
        same(simulated.slips[0], layout.draw(document, 576, gallery.default_fonts())[0]) for document in possible
    )


def test_log_tells_the_outcome_and_nothing_personal(
    printer: EscPosPrinter, slip: Slip, capsys: pytest.CaptureFixture[str]
) -> None:
    printer.print_slip(slip("queue_ticket"))
    (line,) = capsys.readouterr().err.splitlines()
    assert set(json.loads(line)) == {"time", "event", "state", "code", "bytes", "seconds"}


def test_slips_are_kept_as_pictures(tmp_path: Path, connect: Connect, slip: Slip) -> None:
    simulated = SimulatedPrinter(out_dir=tmp_path).start()
    try:
        connect(simulated).print_slip(slip())
    finally:
        simulated.stop()
    with Image.open(tmp_path / "slip-0001.png") as picture:
        assert (picture.mode, picture.width) == ("1", 576)


@contextmanager
def on_a_terminal_line() -> Iterator[tuple[SimulatedPrinter, str]]:
    """The simulated printer at the far end of a pseudo-terminal, as on a serial cable."""
    near, far = os.openpty()
    tty.setraw(far)
    simulated = SimulatedPrinter()
    simulated.send_with(lambda data: os.write(near, data))
    stop_read, stop_write = os.pipe()

    def pump() -> None:
        while True:
            ready, _, _ = select.select([near, stop_read], [], [])
            if stop_read in ready:
                return
            simulated.receive(os.read(near, 4096))

    thread = threading.Thread(target=pump)
    thread.start()
    try:
        yield simulated, os.ttyname(far)
    finally:
        os.write(stop_write, b"x")
        thread.join()
        for fd in (near, far, stop_read, stop_write):
            os.close(fd)


@pytest.mark.parametrize("driver", ["serial", "file"])
def test_serial_and_file_printers_confirm_too(driver: str, slip: Slip) -> None:
    with on_a_terminal_line() as (simulated, path):
        settings = PrinterSettings.model_validate({"driver": driver, "device": path})
        printer = EscPosPrinter(settings, gallery.default_fonts(), 0.5)
        assert printer.status() == "ready"
        assert printer.print_slip(slip()).state == "confirmed"
        assert len(simulated.slips) == 1
        assert simulated.unknown == b""


class UsbDevice:
    """A USB device as pyusb shows one, with the simulated printer at its endpoints; it counts its resets."""

    class _ctx:  # noqa: N801
        dispose = staticmethod(lambda device: None)

    class backend:  # noqa: N801
        """Not libusb1."""

    def __init__(self, simulated: SimulatedPrinter) -> None:
        self._simulated, self._answers, self.resets = simulated, bytearray(), 0
        simulated.send_with(self._answers.extend)

    def set_configuration(self) -> None: ...

    def reset(self) -> None:
        self.resets += 1

    def write(self, endpoint: int, data: bytes, timeout_ms: int) -> int:
        assert endpoint == 0x01
        self._simulated.receive(data)
        return len(data)

    def read(self, endpoint: int, size: int, timeout_ms: int) -> bytes:
        assert endpoint == 0x82
        if not self._answers:
            raise usb.core.USBTimeoutError("Operation timed out", None, errno.ETIMEDOUT)
        answers = bytes(self._answers[:size])
        del self._answers[:size]
        return answers


def test_usb_printer_confirms_and_is_opened_once(
    slip: Slip, monkeypatch: pytest.MonkeyPatch, same: Callable[..., bool]
) -> None:
    simulated = SimulatedPrinter()
    device = UsbDevice(simulated)
    monkeypatch.setattr(
        usb.core, "find", lambda **ids: device if ids == {"idVendor": 0x4B8, "idProduct": 0xE28} else None
    )
    settings = PrinterSettings(driver="usb", device="04b8:0e28")
    printer = EscPosPrinter(settings, gallery.default_fonts(), 0.1)
    assert printer.status() == "ready"
    assert [printer.print_slip(slip()).state for _ in range(2)] == ["confirmed", "confirmed"]
    assert device.resets == 1  # python-escpos resets the printer whenever it opens it
    printer.close()
    assert same(*simulated.slips)


def test_plain_file_never_answers_and_so_is_never_ready(tmp_path: Path, slip: Slip) -> None:
    file = tmp_path / "not-a-printer"
    file.touch()
    settings = PrinterSettings(driver="file", device=str(file))
    printer = EscPosPrinter(settings, gallery.default_fonts(), 0.1)
    assert printer.status() == "printer_silent"
    assert printer.print_slip(slip()).state == "failed"


@pytest.mark.parametrize(
    ("driver", "device"), [("serial", "/nowhere/tty"), ("file", "/nowhere/lp0"), ("usb", "1234:5678"), ("usb", "?")]
)
def test_device_that_is_not_there_is_unreachable(driver: str, device: str) -> None:
    settings = PrinterSettings.model_validate({"driver": driver, "device": device})
    assert EscPosPrinter(settings, gallery.default_fonts(), 0.1).status() == "printer_unreachable"


def test_driver_that_started_again_numbers_a_copy_it_is_told_of_and_parts_it_from_the_half_slip_before(
    simulated: SimulatedPrinter, connect: Connect, slip: Slip, same: Callable[..., bool]
) -> None:
    before, after = connect(simulated), connect(simulated)
    order = slip("queue_ticket")
    assert before.print_slip(slip()).state == "confirmed"
    simulated.reset_after_bytes = 5000
    assert before.print_slip(order).state == "unknown"
    before.close()
    assert after.print_slip(order.model_copy(update={"sheets_before": 1})).state == "confirmed"
    document = slips.mark_as_copy(slips.compose("queue_ticket", order.values, "vi", order.qr), 2, "vi")
    assert same(simulated.slips[-1], layout.draw(document, 576, gallery.default_fonts())[0])


def test_copies_never_count_back_whoever_knows_of_fewer(
    simulated: SimulatedPrinter, printer: EscPosPrinter, slip: Slip, same: Callable[..., bool]
) -> None:
    order = slip("queue_ticket", slip_id=uuid4())
    for known in (4, 0):
        printer.print_slip(order.model_copy(update={"sheets_before": known}))
    document = slips.compose("queue_ticket", order.values, "vi", order.qr)
    for page, number in zip(simulated.slips, (5, 6), strict=True):
        marked = slips.mark_as_copy(document, number, "vi")
        assert same(page, layout.draw(marked, 576, gallery.default_fonts())[0])


def test_fault_of_the_last_slip_is_known_before_anybody_looks_again(
    simulated: SimulatedPrinter, printer: EscPosPrinter, slip: Slip
) -> None:
    assert printer.print_slip(slip()).state == "confirmed"
    simulated.stall_after_bytes = 3000
    printer.print_slip(slip("queue_ticket", timeout_s=1.5))
    with printer._lock:  # as while another slip prints
        assert printer.status() == "printer_silent"


@pytest.mark.parametrize("mishap", [Mishap.BREAKS, Mishap.STALLS])
def test_mishap_in_the_middle_of_a_page_comes_once_the_page_has_begun_even_for_a_driver_that_settles_first(
    simulated: SimulatedPrinter, printer: EscPosPrinter, slip: Slip, mishap: Mishap
) -> None:
    simulated.befall_in(150, mishap)
    printed = printer.print_slip(slip("queue_ticket", timeout_s=2.0))
    assert printed.state == "unknown", "a driver that is sure that nothing was sent says failed"
    simulated.stall_after_bytes = None
    assert printer.print_slip(slip("queue_ticket")).state == "confirmed"
