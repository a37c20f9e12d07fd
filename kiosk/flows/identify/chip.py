"""The chip is read and inspected; what it proves decides how the visit goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kiosk.flows import views
from kiosk.flows.effects import Effect, Light, ReadChip, StartTimer
from kiosk.flows.engine import Step
from kiosk.flows.events import ChipNotRead, ChipProgress, ChipRead, Event, TimeUp
from kiosk.flows.identify.access import ChooseAccess, EnterDigits, PutCardBack
from kiosk.flows.identify.carer import IsThisTheChild, keep_document
from kiosk.flows.identify.endings import PrintStaffSlip, Refused
from kiosk.flows.identify.face import ExplainFaceCheck
from kiosk.flows.identify.words import LEAVE, words
from kiosk.identity.verdict import DocumentVerdict
from kiosk.session import AuthenticatedDocument, Place, Session

STAGES = ("access", "dg1", "dg13", "dg14", "dg2", "authenticity")
KEY_TRIES = 3
READ_LIMIT_S = 60.0
"""No card takes this long; a reader that hangs does."""


class ReadingChip(Step):
    """Opened, read, inspected; the name appears as soon as DG1 is there."""

    part = 2
    waits_for = "device"

    @classmethod
    def view(cls, session: Session) -> views.View:
        """The stages, and a greeting by name."""
        at = STAGES.index(session.chip_stage)
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
        return (Light(reader=True), ReadChip(claimed.access_keys), StartTimer(READ_LIMIT_S))

    @classmethod
    def remember(cls, session: Session, event: Event) -> Session:
        """Progress, the document, or why there is none."""
        if isinstance(event, ChipProgress):
            return replace(session, chip_stage=event.stage, greeting_name=event.name or session.greeting_name)
        session = replace(session, chip_stage="access")
        if isinstance(event, ChipRead):
            return keep_document(session, event.document, _objection(event.document, session.place))
        if isinstance(event, ChipNotRead):
            session = session.tried("access_key") if event.reason == "wrong_access_key" else session
            return replace(session, reason=event.reason)
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


def _after_failed_read(session: Session) -> type[Step]:
    if session.reason == "card_removed":
        return PutCardBack
    if session.reason == "wrong_access_key" and session.tries["access_key"] < KEY_TRIES:
        return EnterDigits
    return PrintStaffSlip


def _objection(document: AuthenticatedDocument, place: Place) -> str | None:
    """Why this document cannot go on by itself, as an error code, or None."""
    if document.verdict is DocumentVerdict.FORGED:
        return "document_forged"
    if document.verdict is DocumentVerdict.ISSUER_NOT_TRUSTED:
        return "issuer_not_trusted"
    if document.verdict is not DocumentVerdict.AUTHENTIC and place.chip_not_proven != "accept":
        return "chip_not_proven"
    if document.expired is None:
        return "clock_not_trusted"
    return "document_expired" if document.expired else None


def _refuses(session: Session) -> bool:
    place = session.place
    return (
        session.reason == "document_forged"
        or (session.reason == "issuer_not_trusted" and place.unknown_issuer == "refuse")
        or (session.reason == "document_expired" and place.expired == "refuse")
    )
