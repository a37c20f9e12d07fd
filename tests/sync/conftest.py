"""A record of its own for each test, and visits to put into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from kiosk import messages as m
from kiosk.sync.fhir.systems import Systems
from kiosk.sync.store import Store

NAME, NUMBER, CARD = "Đặng Thị Hoa Chuông", "098199912345", "DN4980000007777"


@pytest.fixture
def systems() -> Systems:
    return Systems(
        citizen_number="urn:kiosk:citizen-number",
        insurance_card="urn:kiosk:bhyt",
        visit="urn:kiosk:visit",
        queue_number="urn:kiosk:queue-number",
        pending_queue_number="urn:kiosk:pending-queue-number",
        department="urn:kiosk:department",
    )


@pytest.fixture
def store(tmp_path: Path, systems: Systems) -> Iterator[Store]:
    opened = Store.open(tmp_path / "record.sqlite", tmp_path / "record.key", kiosk_id="kiosk-test", systems=systems)
    yield opened
    opened.close()


@pytest.fixture
def visit() -> Callable[..., m.RegisterVisit]:
    """A visit; of the same person unless another citizen number is given."""

    def make(citizen_number: str = NUMBER, **over: object) -> m.RegisterVisit:
        holder = m.Person(
            citizen_number=citizen_number, name=NAME, date_of_birth=date(1980, 2, 29), gender="female"
        )
        insurance = m.InsuranceAnswer(
            state="valid", portal_code="000", card_number=CARD, valid_until=date(2027, 12, 31)
        )
        evidence = m.IdentityEvidence(
            document_verdict="authentic", access_protocol="pace", face_decision="verified"
        )
        values: dict[str, object] = {
            "session_id": uuid4(),
            "visit_id": uuid4(),
            "service": "clinic_check_in",
            "person": holder,
            "department_code": "A",
            "priority": "none",
            "insurance": insurance,
            "consent": m.ConsentRecord(given_at=datetime.now(UTC), text_version="2026-01", language="vi"),
            "evidence": evidence,
        }
        return m.RegisterVisit.model_validate({**values, **over})

    return make


@pytest.fixture
def registered() -> Callable[..., m.VisitAnswer]:
    """The site's answer to an event."""

    def make(event: object, number: str = "A001") -> m.VisitAnswer:
        return m.VisitAnswer(visit_id=event.visit_id, state="registered", queue_number=number)  # type: ignore[attr-defined]

    return make
