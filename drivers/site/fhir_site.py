"""A hospital that speaks FHIR R4 over HTTPS, signed in to by SMART Backend Services."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from datetime import UTC, datetime
from urllib.parse import urlsplit

from drivers.site.detached_jws import DetachedSigner
from drivers.site.https import Answer, Https
from drivers.site.smart_backend_services import BackendServicesToken
from drivers.site.statuses import refusal, site_time
from kiosk.errors import SiteSpokeNonsense, SiteTimedOut, SiteTokenRefused
from kiosk.messages import Department, InsuranceAnswer, Person, VisitAnswer
from kiosk.settings import SiteSettings
from kiosk.sync.fhir import answers, systems
from kiosk.sync.fhir.coverage import eligibility_question
from kiosk.sync.fhir.systems import Resource, Systems

FHIR_JSON = "application/fhir+json"
_MAX_PAGES = 10


class FhirSite:
    """Implements `kiosk.ports.Site`. Nothing personal goes into a URL: what names a person is POSTed."""

    def __init__(self, settings: SiteSettings) -> None:
        """Raises: ClientKeyUnusable, SettingsInvalid."""
        self._base_url, self._timeout_s = settings.base_url.rstrip("/"), settings.timeout_s
        self._systems = Systems.from_settings(settings.identifier_systems)
        self._signer = DetachedSigner(settings.client_key_file)
        self._https = Https(settings.ca_file)
        try:
            self._token = BackendServicesToken(
                self._https,
                token_url=settings.token_url,
                client_id=settings.client_id,
                client_key_file=settings.client_key_file,
            )
        except BaseException:
            self._https.close()
            raise
        self._capable = False
        self._clock_offset_s: float | None = None

    def close(self) -> None:
        """Close all connections."""
        self._https.close()

    def clock_offset_s(self) -> float | None:
        """The site's clock minus the device's, to the second; None until the site was first reached."""
        return self._clock_offset_s

    def look_up_insurance(self, person: Person) -> InsuranceAnswer:
        """Ask the hospital, which asks the portal. Raises: SiteError."""
        question = eligibility_question(person, datetime.now(UTC), self._systems)
        body = json.dumps(question, ensure_ascii=False).encode()
        answer = self._ask("POST", "/CoverageEligibilityRequest/$submit", self._timeout_s, body)
        found = answers.resource(answer.body, "CoverageEligibilityResponse")
        return answers.insurance(found, self._systems)

    def departments(self) -> tuple[Department, ...]:
        """The departments that take visits now. Raises: SiteError."""
        until = time.monotonic() + self._timeout_s
        path: str | None = "/HealthcareService?active=true&_include=HealthcareService:location"
        found: list[Resource] = []
        for _ in range(_MAX_PAGES):
            if path is None:
                return answers.departments(found, self._systems)
            answer = self._ask("GET", path, until - time.monotonic())
            page = answers.resource(answer.body, "Bundle")
            found += answers.entries(page)
            path = self._path_of(answers.next_page(page))
        raise SiteSpokeNonsense("departments: too many pages")

    def lease_queue_numbers(self, kiosk_id: str, count: int) -> tuple[str, ...]:
        """Lease numbers for the hours the site will be away. Raises: SiteError."""
        kiosk = {"name": "kiosk", "valueIdentifier": systems.identifier(systems.KIOSK, kiosk_id)}
        question = {
            "resourceType": "Parameters",
            "parameter": [kiosk, {"name": "count", "valuePositiveInt": count}],
        }
        answer = self._ask("POST", "/$lease-queue-numbers", self._timeout_s, json.dumps(question).encode())
        return answers.leased_numbers(answers.resource(answer.body, "Parameters"))

    def deliver(self, event_id: str, body: bytes, timeout_s: float) -> VisitAnswer:
        """Deliver a visit's event; the same event again changes nothing. Raises: SiteError."""
        return answers.visit_answer(self._deliver(event_id, body, timeout_s), self._systems)

    def deliver_security_event(self, event_id: str, body: bytes, timeout_s: float) -> None:
        """Deliver a security event; the same event again changes nothing. Raises: SiteError."""
        answers.check_security_event_taken(self._deliver(event_id, body, timeout_s), event_id)

    def sign(self, content: bytes) -> str:
        """A detached JWS by the client's key; asks nobody."""
        return self._signer.sign(content)

    def _deliver(self, event_id: str, body: bytes, timeout_s: float) -> Resource:
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        headers = {
            "Idempotency-Key": f'"{event_id}"',
            "Content-Digest": f"sha-256=:{digest}:",  # RFC 9530
            "Prefer": "return=representation",
        }
        answer = self._ask("POST", "", timeout_s, body, headers)
        return answers.resource(answer.body, "Bundle")

    def ping(self, timeout_s: float) -> None:
        """Ask for the CapabilityStatement and make sure of a token. Raises: SiteError."""
        until = time.monotonic() + timeout_s
        self._check_capability(timeout_s)
        self._token.get(_remaining(until))

    def _ask(
        self,
        method: str,
        path: str,
        timeout_s: float,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """A request with a token; one that is not accepted is renewed once."""
        until = time.monotonic() + timeout_s
        if not self._capable:
            self._check_capability(timeout_s)
        for last in (False, True):
            token = self._token.get(_remaining(until))
            every = {"Authorization": f"Bearer {token}", "Accept": FHIR_JSON, **(headers or {})}
            if body is not None:
                every["Content-Type"] = FHIR_JSON
            url = f"{self._base_url}{path}"
            answer = self._https.send(method, url, headers=every, body=body, timeout_s=_remaining(until))
            if answer.status == 401 and not last:
                self._token.forget(token)
                continue
            return _successful(answer)
        raise SiteTokenRefused("a fresh token is not accepted")

    def _check_capability(self, timeout_s: float) -> None:
        """Make sure that this is an R4 server that takes transactions, and note its clock."""
        headers = {"Accept": FHIR_JSON}
        answer = self._https.send("GET", f"{self._base_url}/metadata", headers=headers, timeout_s=timeout_s)
        answers.check_capability(answers.resource(_successful(answer).body, "CapabilityStatement"))
        if (time_there := site_time(answer)) is not None:
            self._clock_offset_s = (time_there - datetime.now(UTC)).total_seconds()
            self._token.site_clock_offset_s = self._clock_offset_s
        self._capable = True

    def _path_of(self, url: str | None) -> str | None:
        """The rest of a page's address; it must be this very site's, for the token goes with it."""
        if url is None:
            return None
        if not url.startswith(f"{self._base_url}/") or urlsplit(url).fragment:
            raise SiteSpokeNonsense("the next page is elsewhere")
        return url.removeprefix(self._base_url)


def _successful(answer: Answer) -> Answer:
    """An answer in FHIR JSON with a 2xx status. Raises: SiteError otherwise."""
    if not 200 <= answer.status < 300:
        raise refusal(answer)
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in (FHIR_JSON, "application/json"):
        raise SiteSpokeNonsense(f"HTTP {answer.status} with another content type")
    return answer


def _remaining(until: float) -> float:
    remaining_s = until - time.monotonic()
    if remaining_s <= 0:
        raise SiteTimedOut("the deadline is over")
    return remaining_s
