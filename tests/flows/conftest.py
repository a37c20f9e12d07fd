"""A visit told event by event: `story.when(Event()).at(Step)`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from kiosk import messages as m
from kiosk.flows import effects
from kiosk.flows.clinic_check_in import FLOW
from kiosk.flows.clinic_visit import ClinicSession
from kiosk.flows.engine import State, Step, advance
from kiosk.flows.events import Event
from kiosk.identity.verdict import DocumentVerdict
from kiosk.session import AuthenticatedDocument, Language, Place, SecretBuffer

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
PLACE = Place(
    site_name={"vi": "Trung tâm Y tế Tuy Phước", "en": "Tuy Phuoc Medical Centre"},
    staff_desk={"vi": "quầy tiếp đón", "en": "the reception desk"},
)
DEPARTMENTS = tuple(
    m.Department(
        code=f"D{n}", name={"vi": f"Khoa {n}", "en": f"Department {n}"}, room={"vi": f"P{n}", "en": f"R{n}"}
    )
    for n in range(1, 9)
)


class Story:
    """Drives the flow with nothing around it."""

    def __init__(self, place: Place = PLACE) -> None:
        session = ClinicSession(id=UUID(int=1), language=Language.VI, started_at=NOW, place=place)
        self.state = State(FLOW.start, session)
        self.effects: list[effects.Effect] = []

    def when(self, *happened: Event) -> Story:
        for event in happened:
            self.state, ordered = advance(FLOW, self.state, event)
            self.effects.extend(ordered)
            if self.state.step.__name__ != "Ended":
                # touches are matched by it: a view that named another step would be dead under the finger
                assert self.state.step.view(self.session).step == self.state.step.__name__
        return self

    def at(self, step: type[Step]) -> Story:
        assert self.state.step is step, f"at {self.state.step.__name__}, reason {self.session.reason}"
        return self

    @property
    def session(self) -> ClinicSession:
        assert isinstance(self.state.session, ClinicSession)
        return self.state.session

    def ordered(self, kind: type[effects.Effect]) -> list[effects.Effect]:
        return [effect for effect in self.effects if type(effect) is kind]


@pytest.fixture
def story() -> Story:
    return Story()


def document(**changes: object) -> AuthenticatedDocument:
    values = {
        "verdict": DocumentVerdict.AUTHENTIC,
        "citizen_number": "098185004127",
        "document_number": "185004127",
        "name": "Nguyễn Thị Ngọc Lan",
        "date_of_birth": date(1985, 4, 12),
        "gender": "female",
        "date_of_expiry": date(2045, 4, 12),
        "expired": False,
        "portrait": SecretBuffer(b"portrait"),
        "access_protocol": "PACE-CAN",
        **changes,
    }
    return AuthenticatedDocument(**values)  # type: ignore[arg-type]
