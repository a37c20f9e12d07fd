"""Status bytes and replies, against the bits that the ESC/POS reference prints."""

import pytest

from printer.replies import PaperSensorStatus, ProcessDone, RealTimeStatus, ReplyReader
from printer.status import PrinterStatus, understand

WELL = {1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({}, "ready"),
        ({1: 0x16}, "ready"),  # a drawer's signal is no fault
        ({1: 0x1A, 2: 0x16}, "printer_cover_open"),
        ({1: 0x1A, 2: 0x32, 4: 0x7E}, "printer_paper_out"),
        ({4: 0x72}, "printer_paper_out"),  # the sensor sees no paper, nothing has tried to print yet
        ({1: 0x1A, 2: 0x52, 3: 0x1A}, "printer_cutter_error"),
        ({1: 0x1A, 2: 0x52, 3: 0x52}, "printer_overheated"),
        ({1: 0x1A, 2: 0x52, 3: 0x32}, "printer_fault"),
        ({1: 0x1A, 2: 0x52}, "printer_fault"),
        ({1: 0x1A}, "printer_offline"),
        ({1: 0x1A, 2: 0x36, 3: 0x52, 4: 0x7E}, "printer_cover_open"),  # the sensors are blind with the cover open
    ],
)
def test_status_bytes_mean_their_code(answers: dict[int, int], code: str) -> None:
    assert understand(WELL | answers).code == code


def test_near_end_of_the_roll_is_a_warning() -> None:
    assert understand(WELL | {4: 0x1E}) == PrinterStatus("ready", paper_low=True)


def test_replies_are_told_apart_in_one_stream() -> None:
    stream = (
        b"\x12" + b"\x14\x00\x00\x0f" + b"\x11\x13" + b"\x37\x220042\x00" + b"\x5fEPSON\x00" + b"\x03" + b"\x1a"
    )
    reader = ReplyReader()
    replies = [reply for byte in stream for reply in reader.feed(bytes((byte,)))]
    assert replies == [RealTimeStatus(0x12), ProcessDone(b"0042"), PaperSensorStatus(0x03), RealTimeStatus(0x1A)]


def test_clear_response_is_no_completion() -> None:
    assert list(ReplyReader().feed(b"\x37\x25\x00")) == []


def test_paper_end_in_the_sensor_status_is_seen() -> None:
    assert [PaperSensorStatus(byte).paper_end for byte in (0x00, 0x03, 0x0C, 0x0F)] == [False, False, True, True]
