"""A patient at the clinic, on the real stack: pcscd, Kivy, FaceMesh and dlib, SQLCipher, TLS, FHIR, ESC/POS."""

from __future__ import annotations

import json

import numpy as np
import pytest
import zxingcpp

from provisioning.rig import people
from provisioning.rig.choices import (
    AccessChoice,
    CardChoice,
    LanguageChoice,
    SiteChoice,
    VisitorChoice,
)

from .conftest import Hall

LAN = people.load("lan").card


def test_an_insured_patient_shows_the_cards_qr_and_leaves_with_a_number(hall: Hall) -> None:
    before = len(hall.rig.site.encounters())
    report = hall.visit(persona="lan", access=AccessChoice.QR)
    assert (report.outcome, report.reason) == ("registered", None)
    (encounter,) = hall.rig.site.encounters()[before:]
    (code,) = zxingcpp.read_barcodes(np.asarray(hall.rig.printer.slips[-1].convert("L")))
    assert code.text == encounter["visit_id"]


def test_a_patient_without_insurance_types_six_digits_in_english_and_is_seen_all_the_same(hall: Hall) -> None:
    report = hall.visit(persona="minh", access=AccessChoice.DIGITS, language=LanguageChoice.EN)
    assert report.outcome == "registered"
    assert "ScanQr" not in [step.name for step in report.steps]


def test_a_patient_of_76_gets_a_priority_number(hall: Hall) -> None:
    assert hall.visit(persona="tu").outcome == "registered"
    bundle = hall.rig.site.transactions()[-1]["bundle"]
    (encounter,) = [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Encounter"]
    assert encounter["priority"]


def test_a_card_laid_down_on_the_welcome_screen_is_welcome(hall: Hall) -> None:
    report = hall.visit(persona="lan", access=AccessChoice.DIGITS, card_at_once=True)
    assert report.outcome == "registered"
    assert "LayCard" not in [step.name for step in report.steps]


@pytest.mark.parametrize(
    ("card", "outcome", "reason"),
    [
        (CardChoice.WRONG_DIGITS, "staff", "wrong_access_key"),
        (CardChoice.FORGED_SOD, "refused", "document_forged"),
        (CardChoice.ALTERED_DG1, "refused", "document_forged"),
        (CardChoice.ALTERED_DG2, "refused", "document_forged"),
        (CardChoice.CLONED, "refused", "document_forged"),
        (CardChoice.UNKNOWN_ISSUER, "staff", "issuer_not_trusted"),
        (CardChoice.EXPIRED, "staff", "document_expired"),
    ],
)
def test_a_card_that_cannot_go_on_ends_with_its_own_reason_and_the_hospital_hears_nothing(
    hall: Hall, card: CardChoice, outcome: str, reason: str
) -> None:
    heard, slips = len(hall.rig.site.transactions()), hall.slips()
    report = hall.visit(persona="lan", card=card, access=AccessChoice.DIGITS)
    assert (report.outcome, report.reason) == (outcome, reason)
    assert "CheckingFace" not in [step.name for step in report.steps]
    assert len(hall.rig.site.transactions()) == heard
    assert hall.slips() - slips == (1 if outcome == "staff" else 0)


def test_a_hospital_that_is_away_gets_the_visit_once_when_it_is_back(hall: Hall) -> None:
    before = len(hall.rig.site.encounters())
    hall.visit(persona="minh", access=AccessChoice.DIGITS)  # the kiosk knows departments and holds leased numbers
    report = hall.visit(persona="lan", site=SiteChoice.AWAY, access=AccessChoice.DIGITS)
    assert report.outcome == "pending"
    assert len(hall.rig.site.encounters()) == before + 1
    hall.rig.site.faults.set("up")
    hall.until(lambda: len(hall.rig.site.encounters()) == before + 2)
    hall.until(lambda: hall.rig.site.encounters()[-1]["pending_queue_number"] is not None)
    assert hall.rig.site.encounters()[-1]["queue_number"]
    assert len(hall.rig.site.encounters()) == before + 2


def test_a_reply_lost_after_registering_still_makes_one_visit(hall: Hall) -> None:
    before = len(hall.rig.site.encounters())
    report = hall.visit(persona="lan", site=SiteChoice.LOST_REPLY, access=AccessChoice.DIGITS)
    assert report.outcome == "registered"  # asked again by the same event, within the visitor's patience
    assert len(hall.rig.site.encounters()) == before + 1


def test_declining_consent_leads_to_staff_and_nothing_was_read(hall: Hall) -> None:
    report = hall.visit(persona="lan", visitor=VisitorChoice.DECLINES_CONSENT, card_at_once=True)
    assert (report.outcome, report.reason) == ("staff", "consent_declined")
    assert [step.name for step in report.steps] == ["AskConsent", "PrintStaffSlip"]


def test_whoever_cannot_do_the_face_check_goes_to_staff_before_it(hall: Hall) -> None:
    report = hall.visit(persona="tu", visitor=VisitorChoice.ASKS_FOR_STAFF, access=AccessChoice.DIGITS)
    assert (report.outcome, report.reason) == ("staff", "staff_asked_for")
    assert "CheckingFace" not in [step.name for step in report.steps]


def test_cancelling_before_the_end_leaves_nothing_at_the_hospital(hall: Hall) -> None:
    heard = len(hall.rig.site.transactions())
    report = hall.visit(persona="lan", visitor=VisitorChoice.CANCELS, access=AccessChoice.DIGITS)
    assert report.outcome == "abandoned"
    assert len(hall.rig.site.transactions()) == heard


def test_after_the_visit_nothing_of_the_visitor_is_left_with_the_kiosk(hall: Hall) -> None:
    assert hall.visit(persona="lan").outcome == "registered"
    hall.until(lambda: hall.rig.link_health().outbox_waiting == 0)
    canaries = [LAN.name, LAN.name.upper(), LAN.citizen_number, "NGUYEN<<THI<NGOC<LAN"]
    encoded = {text.encode(code) for text in canaries for code in ("utf-8", "utf-16-le")}
    encoded |= {json.dumps(text).strip('"').encode() for text in canaries}
    searched = [path for path in hall.rig.kiosk_files() if path.is_file()]
    assert any(path.name.startswith("kiosk.db") for path in searched)
    for path in searched:
        contents = path.read_bytes()
        assert not [canary for canary in encoded if canary in contents], path
    assert not any(hall.rig.files.preview.read_bytes())


def test_without_paper_nobody_starts_and_with_paper_all_is_well_again(hall: Hall) -> None:
    hall.rig.printer.state = "paper_out"
    try:
        hall.until(lambda: hall.rig.step() == "OutOfOrder")
    finally:
        hall.rig.printer.state = "ok"
    hall.until(lambda: hall.rig.step() == "Welcome")


def test_an_older_card_without_pace_opens_by_its_qr(hall: Hall) -> None:
    report = hall.visit(persona="tu", card=CardChoice.BAC_ONLY, access=AccessChoice.QR)
    assert report.outcome == "registered"
