"""The link process's inside against the stand-in hospital: real store, real HTTPS, real delivery."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from drivers.site.fhir_site import FhirSite
from kiosk import messages as m
from kiosk.link_service import LinkService
from kiosk.sync.fhir.patient import patient
from kiosk.sync.fhir.systems import Systems
from kiosk.sync.store import Store
from provisioning.rig import people
from provisioning.rig.site import records
from provisioning.rig.site.server import StandInSite

KIOSK_ID = "kiosk-test"


@dataclass
class SlipRecorder:
    """Keeps the slips it is given; a printer is somebody else's part."""

    slips: list[m.PrintSlip] = field(default_factory=list)
    paper_low: bool = False

    def status(self) -> str:
        return "ready"

    def print_slip(self, message: m.PrintSlip) -> m.SlipPrinted:
        self.slips.append(message)
        return m.SlipPrinted(slip_id=message.slip_id, state="confirmed")


@dataclass
class Kiosk:
    """A link service with what it stands on; `restart` is what a power cut leaves."""

    directory: Path
    hospital: StandInSite
    timeout_s: float = 2.0
    every_s: float = 10.0
    printer: SlipRecorder = field(default_factory=SlipRecorder)

    def __post_init__(self) -> None:
        self._open()

    def _open(self) -> None:
        settings = self.hospital.settings(timeout_s=self.timeout_s)
        self.site = FhirSite(settings)
        self.store = Store.open(
            self.directory / "record.sqlite",
            self.directory / "record.key",
            kiosk_id=KIOSK_ID,
            systems=Systems.from_settings(settings.identifier_systems),
        )
        # no jitter: a failed event may be tried again at once
        self.link = LinkService(
            self.store,
            self.site,
            self.printer,
            kiosk_id=KIOSK_ID,
            timeout_s=self.timeout_s,
            jitter=lambda low, high: low,
            delivery_every_s=self.every_s,
            heartbeat_every_s=self.every_s,
        )

    def close(self) -> None:
        self.link.stop()
        self.site.close()
        self.store.close()

    def restart(self) -> None:
        self.close()
        self._open()

    def deliver_everything(self) -> None:
        """What the background thread does, without waiting for it."""
        self.link.deliverer.run_once()

    def waiting(self) -> int:
        return self.store.backlog().waiting


@pytest.fixture(scope="session")
def running_hospital(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandInSite]:
    """One server for all tests; each finds it as new."""
    with StandInSite(tmp_path_factory.mktemp("hospital")) as site:
        yield site


@pytest.fixture
def hospital(running_hospital: StandInSite) -> StandInSite:
    running_hospital.reset()
    return running_hospital


@pytest.fixture
def kiosk(tmp_path: Path, hospital: StandInSite) -> Iterator[Kiosk]:
    made = Kiosk(tmp_path / "kiosk", hospital)
    yield made
    made.close()


@pytest.fixture
def kiosk_in_a_hurry(tmp_path: Path, hospital: StandInSite) -> Iterator[Kiosk]:
    """One that gives the hospital little time."""
    made = Kiosk(tmp_path / "kiosk", hospital, timeout_s=0.3)
    yield made
    made.close()


@pytest.fixture
def background_kiosk(tmp_path: Path, hospital: StandInSite) -> Iterator[Kiosk]:
    """One whose threads look often."""
    made = Kiosk(tmp_path / "kiosk", hospital, every_s=0.02)
    yield made
    made.close()


def _person(persona_id: str = "lan") -> m.Person:
    card = people.load(persona_id).card
    return m.Person(
        citizen_number=card.citizen_number, name=card.name, date_of_birth=card.date_of_birth, gender=card.gender
    )


def _visit(
    who: m.Person | None = None,
    *,
    visit_id: UUID | None = None,
    department_code: str = "C",
    priority: m.Priority = "none",
    insurance: m.InsuranceAnswer | None = None,
    deadline_s: float = 2.0,
) -> m.RegisterVisit:
    return m.RegisterVisit(
        session_id=uuid4(),
        visit_id=visit_id or uuid4(),
        service="clinic_check_in",
        person=who or _person(),
        department_code=department_code,
        priority=priority,
        insurance=insurance or m.InsuranceAnswer(state="valid", portal_code="000", card_number="DN4980000001234"),
        consent=m.ConsentRecord(given_at=datetime.now(UTC), text_version="2026-01", language="vi"),
        evidence=m.IdentityEvidence(document_verdict="authentic", access_protocol="pace", face_decision="verified"),
        deadline_s=deadline_s,
    )


@pytest.fixture
def person() -> Callable[..., m.Person]:
    """One of the rig's people, by id."""
    return _person


@pytest.fixture
def visit() -> Callable[..., m.RegisterVisit]:
    """A new visit of one of them."""
    return _visit


@pytest.fixture
def register_twice(hospital: StandInSite) -> Callable[[], None]:
    """Two records of the same person, as two kiosks that were offline leave them (avni-server#902)."""

    def register() -> None:
        systems = hospital.hospital.systems
        with hospital.hospital.sessions.begin() as session:
            for _ in range(2):
                records.create(session, patient(_person(), systems))

    return register
