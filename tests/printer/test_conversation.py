"""Answers that belong to something else: printers keep what they owe, and deliver it to whoever is there."""

from collections import deque
from collections.abc import Callable

import pytest

from kiosk.errors import PrinterSilent
from kiosk.messages import PrintSlip
from kiosk.settings import PrinterSettings
from printer import device, gallery
from printer.conversation import Conversation, process_id_request
from printer.device import EscPosPrinter


class Line:
    """A line to a printer that answers by a script: what follows a request that contains the key."""

    stays_open = False

    def __init__(self, script: dict[bytes, list[bytes]]) -> None:
        self._script, self._answers = script, deque[bytes]()
        self.sent: list[bytes] = []

    def send(self, data: bytes, deadline_s: float) -> None:
        self.sent.append(data)
        for key, answers in self._script.items():
            if key in data:
                self._answers.extend(answers)

    def receive(self, timeout_s: float) -> bytes:
        return self._answers.popleft() if self._answers else b""

    def close(self, abandon: bool) -> None: ...


WELL = {bytes((0x10, 0x04, n)): [b"\x12"] for n in (1, 2, 3, 4)}


def test_settling_takes_every_answer_that_is_owed() -> None:
    conversation = Conversation(Line({b"\x1dr\x01": [b"\x00", b"\x03", b"\x00"]}), 0.01)
    conversation.settle(0.1, cut=False)
    assert conversation.completion(0.01) is None


def test_settling_cuts_only_where_a_half_slip_may_hang() -> None:
    cut = b"\x1dVB\x00"
    for wanted in (True, False):
        line = Line({})
        Conversation(line, 0.01).settle(0.01, cut=wanted)
        assert (cut in line.sent[0]) is wanted


def test_printer_that_answers_the_first_status_only_is_silent() -> None:
    with pytest.raises(PrinterSilent, match="DLE EOT 2"):
        Conversation(Line({b"\x10\x04\x01": [b"\x12"]}), 0.01).status()


@pytest.mark.parametrize("answer", [b"\x37\x22OLD!\x00", b"\x00", b"\x37\x25\x00"])
def test_answer_with_another_process_id_confirms_nothing(
    answer: bytes, slip: Callable[..., PrintSlip], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Line({**WELL, b"\x1d(H": [answer]})
    monkeypatch.setattr(device, "open_transport", lambda settings: line)
    printer = EscPosPrinter(PrinterSettings(completion="process_id"), gallery.default_fonts(), 0.01)
    assert printer.print_slip(slip(timeout_s=0.3)).state == "sent"


def test_sensor_that_sees_no_paper_at_the_end_confirms_nothing(
    slip: Callable[..., PrintSlip], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Line({**WELL, b"\x1dr\x01": [b"\x0f"]})
    monkeypatch.setattr(device, "open_transport", lambda settings: line)
    printer = EscPosPrinter(PrinterSettings(), gallery.default_fonts(), 0.01)
    assert printer.print_slip(slip(timeout_s=0.3)).state == "sent"


@pytest.mark.parametrize("process_id", [b"", b"12345", b"12\x1f4", "số1".encode()])
def test_process_id_out_of_range_is_refused(process_id: bytes) -> None:
    with pytest.raises(ValueError, match="process id"):
        process_id_request(process_id)
