"""What an inspection found, and how the rest of the kiosk sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kiosk.emrtd.access import AccessProtocol
from kiosk.emrtd.card_access import Way
from kiosk.emrtd.reasons import Reason
from kiosk.identity.verdict import DocumentVerdict
from kiosk.session import AuthenticatedDocument, SecretBuffer


@dataclass(frozen=True, repr=False)
class InspectionProgress:
    """A finished stage of `STAGES`; the holder's name, as the MRZ writes it, comes with `dg1`."""

    stage: str
    name: str | None = None


STAGES = ("access", "dg1", "dg13", "dg14", "dg2", "authenticity")


@dataclass(frozen=True, repr=False)
class InspectionReport:
    """The verdict, what it rests on, and the holder's data as the chip gave them.

    `name` has its diacritics where DG13 gave them. `expired` is None without a trusted clock, `date_of_expiry`
    for a card without one. `portrait` is JPEG or JPEG 2000; it is None for a card without one (children under
    six), and is not even read once the document is known not to be trusted.
    """

    verdict: DocumentVerdict
    reasons: tuple[Reason, ...]
    access_protocol: AccessProtocol
    card_access_way: Way
    citizen_number: str
    document_number: str
    name: str
    date_of_birth: date
    gender: str
    date_of_expiry: date | None
    expired: bool | None
    portrait: bytes | None


def authenticated_document(report: InspectionReport) -> AuthenticatedDocument:
    """The report as a visit keeps it, the portrait in a buffer that can be wiped."""
    return AuthenticatedDocument(
        verdict=report.verdict,
        citizen_number=report.citizen_number,
        document_number=report.document_number,
        name=report.name,
        date_of_birth=report.date_of_birth,
        gender=report.gender,
        date_of_expiry=report.date_of_expiry,
        expired=report.expired,
        portrait=None if report.portrait is None else SecretBuffer(report.portrait),
        access_protocol=report.access_protocol,
        reasons=tuple(report.reasons),
    )
