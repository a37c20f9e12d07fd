"""`kill -9` of each process at each step of a visit; the whole walk, so only with the long tests."""

from __future__ import annotations

import pytest

from provisioning.rig.choices import AccessChoice, ProcessChoice

from .conftest import Hall

STEPS = (
    "AskConsent",
    "ChooseAccess",
    "EnterDigits",
    "LayCard",
    "ReadingChip",
    "ExplainFaceCheck",
    "CheckingFace",
    "IsThisYou",
    "LookUpInsurance",
    "ShowInsurance",
    "ChooseDepartment",
    "ConfirmVisit",
    "RegisterVisit",
    "PrintTicket",
)
BACK_WITHIN_S = 5.0


@pytest.mark.long
@pytest.mark.parametrize("step", STEPS)
def test_when_the_screen_dies_it_is_back_at_welcome_and_no_visit_is_there_twice(hall: Hall, step: str) -> None:
    before = hall.encounters_once_delivered()
    report = hall.visit(access=AccessChoice.DIGITS, kill=step, process=ProcessChoice.SCREEN)
    assert report.outcome == "restarted"
    assert report.restart_seconds is not None
    assert report.restart_seconds <= BACK_WITHIN_S
    came = hall.encounters_once_delivered() - before
    if step == "RegisterVisit":  # killed before or after it was committed
        assert came <= 1
    else:
        assert came == (1 if step == "PrintTicket" else 0)


@pytest.mark.long
@pytest.mark.parametrize("step", ["ScanQr", *STEPS])
@pytest.mark.parametrize("process", [ProcessChoice.VISION, ProcessChoice.LINK])
def test_when_another_process_dies_what_the_visitor_is_told_is_what_the_hospital_has(
    hall: Hall, process: ProcessChoice, step: str
) -> None:
    before = hall.encounters_once_delivered()
    access = AccessChoice.QR if step == "ScanQr" else AccessChoice.DIGITS
    report = hall.visit(access=access, kill=step, process=process)
    assert report.outcome in ("registered", "pending", "staff")
    came = hall.encounters_once_delivered() - before
    assert came == (1 if report.outcome in ("registered", "pending") else 0)
