"""A patient at the clinic, on the real stack: pcscd, Kivy, FaceMesh and dlib, SQLCipher, TLS, FHIR, ESC/POS."""

from __future__ import annotations

import json

import numpy as np
import zxingcpp

from provisioning.rig import people
from provisioning.rig.choices import (
    AccessChoice,
    CardChoice,
    LanguageChoice,
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


def test_an_older_card_without_pace_opens_by_its_qr(hall: Hall) -> None:
    report = hall.visit(persona="tu", card=CardChoice.BAC_ONLY, access=AccessChoice.QR)
    assert report.outcome == "registered"
