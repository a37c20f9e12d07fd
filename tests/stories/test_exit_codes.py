"""`kiosk rehearse` as a script sees it: the exit code, and one JSON object on the last line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


def rehearse(out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kiosk", "rehearse", *options, "--json", "--out", str(out)]
    return subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)


@pytest.mark.parametrize(
    ("options", "code", "outcome"),
    [
        (("--site", "away", "--access", "digits"), 3, "pending"),
        (("--card", "forged-sod", "--access", "digits"), 4, "refused"),
        (("--card", "expired", "--access", "digits", "--shape", "landscape", "--language", "en"), 5, "staff"),
        (("--visitor", "walks-away", "--access", "digits"), 6, "abandoned"),
    ],
)
def test_each_ending_has_its_exit_code(tmp_path: Path, options: tuple[str, ...], code: int, outcome: str) -> None:
    done = rehearse(tmp_path, *options)
    assert done.returncode == code, done.stderr
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["outcome"] == outcome
    assert report.keys() == {"flow", "outcome", "reason", "machine_seconds", "steps", "restart_seconds"}


def test_a_registered_visit_exits_with_0_and_leaves_pictures_slip_and_transaction(tmp_path: Path) -> None:
    done = rehearse(tmp_path, "--persona", "minh", "--shape", "landscape", "--language", "en")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == json.loads((tmp_path / "rehearsal.json").read_text())
    assert json.loads((tmp_path / "fhir-transaction.json").read_text())["type"] == "transaction"
    assert len(list((tmp_path / "slips").glob("*.png"))) == 1
    pictured = {path.stem.split("-")[1] for path in (tmp_path / "screens").glob("*.png")}
    assert {"Welcome", "AskConsent", "ReadingChip", "CheckingFace", "IsThisYou", "Registered"} <= pictured


def test_a_wrong_option_exits_with_2(tmp_path: Path) -> None:
    assert rehearse(tmp_path, "--card", "stolen").returncode == 2
    assert rehearse(tmp_path, "bakery").returncode == 2


def test_a_kiosk_that_cannot_start_exits_with_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent:/usr/sbin:/sbin")  # neither unshare nor pcscd
    monkeypatch.setenv("KIOSK_RIG_NAMESPACE", "1")
    assert rehearse(tmp_path).returncode == 1
