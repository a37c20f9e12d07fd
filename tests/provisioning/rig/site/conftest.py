"""The stand-in hospital, spoken to by a plain HTTPS client that signs in by itself."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import jwt
import pytest
import requests

from kiosk.messages import ConsentRecord, IdentityEvidence, InsuranceAnswer, Person, RegisterVisit
from kiosk.sync.fhir.bundle import Envelope
from kiosk.sync.fhir.transaction import visit_bundle
from provisioning.rig.site.server import StandInSite
from provisioning.rig.site.tables import sqlite_url

from .postgresql import running_postgresql


@dataclass
class Client:
    """Somebody who holds the kiosk's key."""

    site: StandInSite
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.trust_env = False
        self.session.verify = str(self.site.ca_file)

    def assertion(self, *, key: Any = None, algorithm: str = "ES384", **over: Any) -> str:
        claims = {
            "iss": self.site.client_id,
            "sub": self.site.client_id,
            "aud": self.site.token_url,
            "exp": int(time.time()) + 240,
            "jti": str(uuid4()),
            **over,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(kept, key or self.site.client_key_file.read_text(), algorithm=algorithm)

    def token(self, assertion: str | None = None, **over: str) -> requests.Response:
        form = {
            "grant_type": "client_credentials",
            "scope": "system/*.cruds",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion or self.assertion(),
            **over,
        }
        return self.session.post(self.site.token_url, data=form, timeout=60)

    def sign_in(self) -> None:
        self.session.headers["Authorization"] = f"Bearer {self.token().json()['access_token']}"

    def post(self, path: str, content: Any, key: str | None = None, **headers: str) -> requests.Response:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        if path == "":
            headers["Idempotency-Key"] = key or f'"{uuid4()}"'
        headers.setdefault("Content-Type", "application/fhir+json")
        return self.session.post(f"{self.site.base_url}{path}", data=body, headers=headers, timeout=60)

    def get(self, path: str) -> requests.Response:
        return self.session.get(f"{self.site.base_url}{path}", timeout=60)


@dataclass
class Calendar:
    """The hospital's day, turned by hand."""

    day: date = date(2026, 11, 25)

    def __call__(self) -> date:
        return self.day


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Every test of the hospital is one on SQLite and one on PostgreSQL."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path_factory.mktemp("database") / "site.sqlite")
    else:
        with running_postgresql() as url:
            yield url


@pytest.fixture(scope="session")
def running(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[StandInSite, Calendar]]:
    """One server for all tests on a database; each finds it as new."""
    calendar = Calendar()
    directory = tmp_path_factory.mktemp("hospital")
    with StandInSite(directory, today=calendar, database_url=database_url) as site:
        yield site, calendar


@pytest.fixture
def calendar(running: tuple[StandInSite, Calendar]) -> Calendar:
    running[1].day = Calendar.day
    return running[1]


@pytest.fixture
def hospital(running: tuple[StandInSite, Calendar], calendar: Calendar) -> StandInSite:
    running[0].reset()
    return running[0]


@pytest.fixture
def client(hospital: StandInSite) -> Iterator[Client]:
    made = Client(hospital)
    made.sign_in()
    yield made
    made.session.close()


@pytest.fixture
def bundle(hospital: StandInSite) -> Callable[..., dict[str, Any]]:
    """What a kiosk sends for one visit."""

    def make(citizen_number: str = "098000000001", **over: Any) -> dict[str, Any]:
        person = Person(
            citizen_number=citizen_number, name="Lê Thị Mai", date_of_birth=date(1990, 1, 2), gender="female"
        )
        values = {
            "session_id": uuid4(),
            "visit_id": uuid4(),
            "service": "clinic_check_in",
            "person": person,
            "department_code": "A",
            "priority": "none",
            "insurance": InsuranceAnswer(state="not_insured"),
            "consent": ConsentRecord(given_at=datetime.now(UTC), text_version="1", language="vi"),
            "evidence": IdentityEvidence(
                document_verdict="authentic", access_protocol="pace", face_decision="verified"
            ),
        }
        message = RegisterVisit.model_validate({**values, **over})
        envelope = Envelope(uuid4(), "kiosk-test", 1, datetime.now(UTC), None)
        return visit_bundle(message, envelope, hospital.hospital.systems)

    return make
