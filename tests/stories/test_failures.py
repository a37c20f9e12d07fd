"""The table of failures, row by row, on the real stack: what happens, what the visitor is told, what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.settings import merge
from provisioning.rig import failures, rehearsal
from provisioning.rig.failures import Failure
from provisioning.rig.rig import Rig

from .conftest import PATIENCE, Hall

ROOT = Path(__file__).parents[2]


@contextmanager
def suited(hall: Hall, row: Failure) -> Iterator[Hall]:
    """The shared kiosk, or one of its own where the row wants other settings."""
    differing = rehearsal.overrides(row.choices)
    if not differing:
        yield hall
        return
    with Rig(overrides=merge(PATIENCE, differing)) as rig:
        yield Hall(rig)


@pytest.mark.parametrize("row", failures.rows(), ids=lambda row: row.id)
def test_what_goes_wrong_ends_as_it_must(hall: Hall, row: Failure) -> None:
    with suited(hall, row) as kiosk:
        before, slips = kiosk.encounters_once_delivered(), kiosk.slips()
        alerts = len(kiosk.rig.site.security_events())
        report = kiosk.visit(**row.rehearse)
        assert (report.outcome, report.reason) == (row.outcome, row.reason)
        steps = [step.name for step in report.steps]
        assert set(row.passes) <= set(steps)
        assert not set(row.never) & set(steps)
        assert kiosk.encounters_once_delivered() - before == row.hospital_gets
        kiosk.until(lambda: len(kiosk.rig.site.security_events()) - alerts == (row.outcome == "refused"))
        if row.part in ("chip", "reader", "face"):
            assert kiosk.slips() - slips == (1 if row.outcome in ("registered", "staff") else 0)
        if row.outcome == "pending":
            came = kiosk.rig.site.encounters()[before:]
            assert all(found["queue_number"] and found["pending_queue_number"] for found in came)


def test_every_further_proof_a_row_names_is_there() -> None:
    named = [proof for row in failures.rows() for proof in row.also]
    for proof in named:
        file, _, test = proof.partition("::")
        assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8"), proof


def test_every_row_says_itself_in_both_languages() -> None:
    for row in failures.rows():
        for text in (row.what, row.must, row.by_hand):
            assert text.vi, row.id
            assert text.en, row.id
            assert text.vi != text.en, row.id
