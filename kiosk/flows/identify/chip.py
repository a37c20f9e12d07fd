"""The chip is read and inspected; what it proves decides how the visit goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kiosk.flows import views
from kiosk.flows.effects import Effect, Light, ReadChip, StartTimer
from kiosk.flows.engine import Step
from kiosk.flows.events import ChipNotRead, ChipProgress, ChipRead, Event, TimeUp
from kiosk.flows.identify.access import AskForQr, ChooseAccess, EnterDigits, PutCardBack
from kiosk.flows.identify.another_card import AnotherCard
from kiosk.flows.identify.carer import IsThisTheChild, keep_document
from kiosk.flows.identify.endings import PrintStaffSlip, Refused
from kiosk.flows.identify.face import ExplainFaceCheck
from kiosk.flows.identify.words import LEAVE, words
from kiosk.identity.verdict import DocumentVerdict
from kiosk.session import AuthenticatedDocument, Place, Session

STAGES = ("access", "dg1", "dg13", "dg14", "dg2", "authenticity")
KEY_TRIES = 3
REMOVALS = 12
"""How often a visit's reading may end by the card's leaving; beyond that it is the reader that loses it.

One that is pulled may count twice: the failed exchange can be told before the removal that caused it.
"""
AFTER_FAILED_READ: Mapping[str, type[Step]] = {
    "card_removed": PutCardBack,
    "card_swapped": AnotherCard,
    "access_key_insufficient": AskForQr,
}
READ_LIMIT_S = 60.0
"""No card takes this long; a reader that hangs does."""


class ReadingChip(Step):
    """Opened, read, inspected; the name appears as soon as DG1 is there."""

    part = 2
    waits_for = "device"

    @classmethod
    def view(cls, session: Session) -> views.View:
        """The stages, and a greeting by name."""
        at = stages_done(session.chip_stage)
        stages = tuple(
            views.Stage(
                words=words(f"identify.reading.{stage}"),
                state="done" if index < at else "running" if index == at else "waiting",
            )
            for index, stage in enumerate(STAGES)
        )
        name = session.greeting_name
        return views.Progress(
            step=cls.__name__,
            title=words("identify.reading.title"),
            lines=(words("identify.reading.keep_card"),),
            stages=stages,
            greeting=words("identify.reading.greeting", name=name) if name else None,
            **LEAVE,
        )

    @classmethod
    def enter(cls, session: Session) -> Sequence[Effect]:
        """Start reading."""
        claimed = session.claimed_identity
        if claimed is None:
            raise LookupError("no access key was given")
        order = ReadChip(claimed.access_keys, session.unfinished_reading)
        return (Light(reader=True), order, StartTimer(READ_LIMIT_S))

    @classmethod
    def remember(cls, session: Session, event: Event) -> Session:
        """Progress, the document, or why there is none."""
        if isinstance(event, ChipProgress):
            # a reading that goes on passes again what is behind it
            stage = max(event.stage, session.chip_stage, key=stages_done)
            return replace(session, chip_stage=stage, greeting_name=event.name or session.greeting_name)
        if isinstance(event, ChipNotRead) and event.reason == "card_removed":
            session = session.tried("card_removed")
            # the name comes again once the card is known to be the same
            kept = event.unfinished
            return replace(session, reason=event.reason, unfinished_reading=kept, greeting_name=None)
        session = replace(session, chip_stage=None, unfinished_reading=None)
        if isinstance(event, ChipRead):
            found = event.document
            session = replace(session, findings=found.reasons, access_protocol=found.access_protocol)
            return keep_document(session, found, _objection(found, session.place))
        if isinstance(event, ChipNotRead):
            return _without_document(session, event.reason)
        if isinstance(event, TimeUp):
            return replace(session, reason="card_unresponsive")
        return super().remember(session, event)

    @classmethod
    def choose(cls, session: Session, event: Event) -> type[Step]:
        """By verdict, or by what went wrong."""
        if isinstance(event, ChipNotRead):
            return _after_failed_read(session)
        if session.reason is None:
            return _after_good_read(session)
        return Refused if _refuses(session) else PrintStaffSlip


def _after_good_read(session: Session) -> type[Step]:
    if session.card_wanted == "childs" or session.authenticated_document is None:
        return ChooseAccess
    return IsThisTheChild if session.verified_holder else ExplainFaceCheck


def stages_done(last: str | None) -> int:
    """How many stages of a reading are behind us when `last` is the latest of them."""
    return 0 if last is None else STAGES.index(last) + 1


def _without_document(session: Session, reason: str) -> Session:
    """The reason as this visitor can make sense of it: digits are called wrong only where digits were typed."""
    by_qr = session.claimed_identity is not None and session.claimed_identity.citizen_number is not None
    if reason == "wrong_access_key":
        return replace(session.tried("access_key"), reason="card_qr_of_another_card" if by_qr else reason)
    if reason == "access_key_insufficient":
        # its QR has nothing more to give
        return replace(session, needs_qr=True, reason="card_not_supported" if by_qr else reason)
    return replace(session, reason=reason)


def _after_failed_read(session: Session) -> type[Step]:
    if session.reason in ("wrong_access_key", "card_qr_of_another_card"):
        if session.tries["access_key"] >= KEY_TRIES:
            return PrintStaffSlip
        return AskForQr if session.needs_qr else EnterDigits
    if session.reason == "card_removed" and session.tries["card_removed"] > REMOVALS:
        return PrintStaffSlip
    return AFTER_FAILED_READ.get(session.reason or "", PrintStaffSlip)


def _objection(document: AuthenticatedDocument, place: Place) -> str | None:
    """Why this document cannot go on by itself, as an error code, or None."""
    if document.verdict is DocumentVerdict.FORGED:
        return "document_forged"
    if document.verdict is DocumentVerdict.ISSUER_NOT_TRUSTED:
        return "issuer_not_trusted"
    if document.verdict is not DocumentVerdict.AUTHENTIC and place.chip_not_proven != "accept":
        return "chip_not_proven"
    if document.expired is None and place.no_clock != "accept":
        return "clock_not_trusted"
    return "document_expired" if document.expired else None


def _refuses(session: Session) -> bool:
    place = session.place
    return (
        session.reason == "document_forged"
        or (session.reason == "issuer_not_trusted" and place.unknown_issuer == "refuse")
        or (session.reason == "chip_not_proven" and place.chip_not_proven == "refuse")
        or (session.reason == "document_expired" and place.expired == "refuse")
    )
