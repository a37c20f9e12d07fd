"""A link process that is killed at a named point of its work; run by test_crash.py."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from pydantic import TypeAdapter

from drivers.site.fhir_site import FhirSite
from kiosk import messages as m
from kiosk.link_service import LinkService
from kiosk.settings import SiteSettings
from kiosk.sync.fhir.systems import Systems
from kiosk.sync.store import Store


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class DiesBeforeSending(FhirSite):
    def deliver(self, event_id: str, body: bytes, timeout_s: float) -> m.VisitAnswer:
        die()
        raise AssertionError

    def deliver_security_event(self, event_id: str, body: bytes, timeout_s: float) -> None:
        die()


class DiesAfterTheAnswer(FhirSite):
    def deliver(self, event_id: str, body: bytes, timeout_s: float) -> m.VisitAnswer:
        super().deliver(event_id, body, timeout_s)
        die()
        raise AssertionError

    def deliver_security_event(self, event_id: str, body: bytes, timeout_s: float) -> None:
        super().deliver_security_event(event_id, body, timeout_s)
        die()


class DiesWithThePendingNumber(Store):
    def answer_visit(self, visit_id: object, reason: str) -> m.VisitAnswer:
        super().answer_visit(visit_id, reason)  # type: ignore[arg-type]
        die()
        raise AssertionError


class NoPrinter:
    paper_low = False

    def status(self) -> str:
        return "printer_unreachable"

    def print_slip(self, message: m.PrintSlip) -> m.SlipPrinted:
        raise AssertionError


def main(point: str, directory: Path, settings_json: str, message_json: str) -> None:
    settings = SiteSettings.model_validate_json(settings_json)
    systems = Systems.from_settings(settings.identifier_systems)
    store_type = DiesWithThePendingNumber if point == "pending_number_committed" else Store
    site_type = {"committed": DiesBeforeSending, "answer_received": DiesAfterTheAnswer}.get(point, FhirSite)
    store = store_type.open(
        directory / "record.sqlite", directory / "record.key", kiosk_id="kiosk-test", systems=systems
    )
    if point == "half_a_transaction":
        store._database._connection.set_trace_callback(
            lambda sql: die() if sql.lstrip().lower().startswith("insert into outbox") else None
        )
    link = LinkService(store, site_type(settings), NoPrinter(), kiosk_id="kiosk-test", timeout_s=2.0)
    message = TypeAdapter[m.RegisterVisit | m.SecurityEvent](m.RegisterVisit | m.SecurityEvent).validate_json(
        message_json
    )
    if isinstance(message, m.SecurityEvent):
        link.record_security_event(message)
        link.deliverer.run_once()
    else:
        link.register_visit(message)
    raise SystemExit("it was to die before")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], sys.argv[4])
