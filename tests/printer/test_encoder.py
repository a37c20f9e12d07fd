"""What the encoder sends comes back from a decoder written apart from it, dot for dot."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from escpos.printer import Dummy
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from printer import encoder, gallery
from printer.document import Cut, Document, Line
from printer.layout import draw
from printer.simulated import SimulatedPrinter

PICTURES = dict(gallery.pictures())
PAIRS = (b"\x10\x04", b"\x10\x05", b"\x10\x14")


def decode(job: bytes, width: int) -> SimulatedPrinter:
    printer = SimulatedPrinter(width_dots=width)
    printer.receive(job)
    assert printer.unknown == b""
    return printer


def raster_data(job: bytes) -> Iterator[bytes]:
    """The picture bytes of every GS v 0 in a job of ours, cut out by their lengths."""
    at = 0
    while at < len(job):
        if job[at : at + 4] == b"\x1dv0\x00":
            columns = int.from_bytes(job[at + 4 : at + 6], "little")
            rows = int.from_bytes(job[at + 6 : at + 8], "little")
            assert 1 <= rows <= 255
            yield job[at + 8 : at + 8 + columns * rows]
            at += 8 + columns * rows
        else:
            lengths = {b"\x1b@": 2, b"\x1dP": 4, b"\x1bJ": 3, b"\x1b$": 4, b"\x1dV": 4}
            at += lengths[job[at : at + 2]]
    assert at == len(job)


@pytest.mark.parametrize("name", PICTURES)
def test_every_slip_comes_back_dot_for_dot(name: str, same: Callable[..., bool]) -> None:
    page = PICTURES[name]
    (slip,) = decode(encoder.encode((page,)), page.width).slips
    assert same(slip, page)


@pytest.mark.parametrize("name", PICTURES)
def test_no_slip_needs_more_bytes_than_its_raster(name: str) -> None:
    page = PICTURES[name]
    assert len(encoder.encode((page,))) < page.width * page.height // 8


def pages(left_margin_dots: int) -> st.SearchStrategy[np.ndarray]:
    """Noise, blank runs, and bytes that look like real-time commands at any place and alignment."""
    suspicious = st.sampled_from(
        [b"\x10\x04\x01", b"\x10\x04\x02", b"\x10\x05\x02", b"\x10\x14\x08\x01\x03", b"\x10"]
    )

    @st.composite
    def build(draw: st.DrawFn) -> np.ndarray:
        width = draw(st.sampled_from([384, 576]))
        generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
        bits = generator.random((draw(st.integers(1, 600)), width)) < draw(st.sampled_from([0.0, 0.01, 0.5]))
        for _ in range(draw(st.integers(0, 4))):
            first, length = draw(st.integers(0, len(bits))), draw(st.integers(0, 400))
            bits[first : first + length] = False
        bits[:, :left_margin_dots] = False
        flat = bits.reshape(-1)
        for pattern in draw(st.lists(suspicious, max_size=30)):
            ink = np.unpackbits(np.frombuffer(pattern, np.uint8)).astype(bool)
            row = draw(st.integers(0, len(bits) - 1))
            column = draw(st.integers(left_margin_dots, width - 1))
            at = row * width + column
            ink = ink[: min(len(ink), width - column)]
            flat[at : at + len(ink)] = ink
        return bits

    return build()


def pairs(row: np.ndarray) -> int:
    """How many byte pairs of a row, packed from its first dot on, would begin a real-time command."""
    data = np.packbits(row)
    return sum(bytes(data[at : at + 2]) in PAIRS for at in range(len(data) - 1))


def has_way_out(row: np.ndarray) -> bool:
    """Whether a row can be sent as it is, packed from its first dot on or from a later one if blank before it."""
    return any(not row[:shift].any() and not pairs(row[shift:]) for shift in range(8))


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([0, 8]).flatmap(pages))
def test_any_page_comes_back_identical_and_without_real_time_commands(bits: np.ndarray) -> None:
    """Identical in every row that has a way out; in the others single dots are added and none is lost."""
    page = Image.fromarray(~bits)
    job = encoder.encode((page,))
    printer = decode(job, page.width)
    printed = ~np.asarray(printer.slips[0])
    assert printed.shape == bits.shape
    for row in np.flatnonzero((printed != bits).any(axis=1)):
        assert not has_way_out(bits[row])
        assert not (bits[row] & ~printed[row]).any()
        assert 0 < int((printed[row] & ~bits[row]).sum()) <= pairs(bits[row])
    assert printer.real_time_in_data == 0
    assert not any(pair in data for data in raster_data(job) for pair in PAIRS)


def test_row_with_a_pair_at_every_alignment_still_sends_none() -> None:
    row = np.zeros(576, bool)
    pair = np.unpackbits(np.frombuffer(b"\x10\x04", np.uint8)).astype(bool)
    for alignment in range(8):
        at = 16 + alignment * 65
        row[at : at + 16] = pair
    bits = row[np.newaxis]
    job = encoder.encode((Image.fromarray(~bits),))
    printed = ~np.asarray(decode(job, 576).slips[0])
    assert not any(p in job for p in PAIRS)
    assert int((printed ^ bits).sum()) == 1


def test_pair_across_two_rows_is_parted_without_changing_a_dot() -> None:
    bits = np.unpackbits(np.frombuffer(b"\x10" * 48 + b"\x04" * 48, np.uint8).reshape(2, 48), axis=1).astype(bool)
    job = encoder.encode((Image.fromarray(~bits),))
    printer = decode(job, 384)
    assert len(list(raster_data(job))) == 2
    assert np.array_equal(~np.asarray(printer.slips[0]), bits)


def test_naive_raster_with_a_pair_disturbs_the_simulated_printer() -> None:
    printer = SimulatedPrinter(width_dots=384)
    printer.receive(b"\x1dv0\x00\x30\x00\x01\x00" + b"\x10\x04\x01" * 16)
    assert printer.real_time_in_data == 16


def test_blank_rows_are_fed_in_dots_whatever_the_printers_own_unit() -> None:
    bits = np.zeros((700, 384), bool)
    bits[0, 0] = bits[-1, -1] = True
    job = encoder.encode((Image.fromarray(~bits),))
    assert len(job) < 100
    assert np.array_equal(~np.asarray(decode(job, 384).slips[0]), bits)
    without_units = job.replace(encoder.MOTION_UNITS_OF_ONE_DOT, b"")
    assert decode(without_units, 384).slips[0].height == 351


def test_each_cut_ends_a_page(same: Callable[..., bool]) -> None:
    drawn = draw(Document((Line("một"), Cut(), Line("hai"))), 576, gallery.default_fonts())
    printed = decode(encoder.encode(drawn), 576).slips
    assert [same(*pair) for pair in zip(printed, drawn, strict=True)] == [True, True]


def test_page_in_greys_is_refused() -> None:
    with pytest.raises(ValueError, match="mode L"):
        encoder.encode((Image.new("L", (576, 10)),))


@pytest.mark.parametrize("name", [name for name in PICTURES if name.endswith("576")])
@pytest.mark.parametrize("fragment_height", [24, 255, 960])
def test_decoder_reads_pictures_that_python_escpos_encodes(
    name: str, fragment_height: int, same: Callable[..., bool]
) -> None:
    page = PICTURES[name]
    other = Dummy()
    other.image(page, impl="bitImageRaster", fragment_height=fragment_height)
    other.cut(feed=False)
    (slip,) = decode(other.output, 576).slips
    assert same(slip, page)
