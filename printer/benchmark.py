"""Figures of the slip printer's software: `python -m printer.benchmark`. Median milliseconds, and bytes."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable

from printer import encoder, gallery, layout, slips

ROUNDS = 9


def _median_ms(work: Callable[[], object]) -> float:
    work()
    taken = []
    for _ in range(ROUNDS):
        started_s = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started_s) * 1000)
    return round(statistics.median(taken), 2)


def figures(width_dots: int = 576) -> dict[str, float]:
    """Of the Vietnamese queue ticket: drawing, encoding, both, and the same page by python-escpos's `image()`.

    `bytes_part` is what is sent against the page's raw raster, `encoding_ratio` python-escpos's time against ours.
    """
    from escpos.printer import Dummy

    values, fonts = gallery.SAMPLES["vi"]["queue_ticket"], gallery.default_fonts()

    def draw() -> tuple[layout.Page, ...]:
        return layout.draw(slips.compose("queue_ticket", values, "vi", gallery.QR), width_dots, fonts)

    def by_python_escpos() -> None:
        Dummy(profile="TM-T20II").image(pages[0], impl="bitImageRaster")

    pages = draw()
    job, raw = encoder.encode(pages), pages[0].width * pages[0].height // 8
    encode_ms = _median_ms(lambda: encoder.encode(pages))
    escpos_ms = _median_ms(by_python_escpos)
    return {
        "draw_ms": _median_ms(draw),
        "encode_ms": encode_ms,
        "slip_ms": _median_ms(lambda: encoder.encode(draw())),
        "python_escpos_image_ms": escpos_ms,
        "encoding_ratio": round(escpos_ms / encode_ms, 1),
        "job_bytes": len(job),
        "raw_bytes": raw,
        "bytes_part": round(len(job) / raw, 3),
    }


if __name__ == "__main__":
    print(json.dumps({width: figures(width) for width in gallery.WIDTHS_DOTS}, indent=2))
