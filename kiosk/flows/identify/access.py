"""From consent to an opened chip: the visitor agrees, gives the access key, and lays the card down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from kiosk.flows import views
from kiosk.flows.effects import Effect, Light, Play, ScanCardQr, StartTimer
from kiosk.flows.engine import Step
from kiosk.flows.events import (
    CardPlaced,
    CarersCardWanted,
    ChildsCardWanted,
    ConsentDeclined,
    ConsentGiven,
    DigitsEntered,
    Event,
    QrNeeded,
    QrNotRead,
    QrRead,
    ReaderLost,
    StaffChosen,
    UseDigitsChosen,
    UseQrChosen,
)
from kiosk.flows.identify.camera import noting_restarts, prompt_words
from kiosk.flows.identify.words import BACK, LEAVE, button, error_words, words
from kiosk.session import AccessKeys, CardWanted, ClaimedIdentity, Session

QR_TIMEOUT_S = 20.0
OTHER_CARDS: Mapping[CardWanted, Event] = {"carers": CarersCardWanted(), "childs": ChildsCardWanted()}
"""Cards that are asked for by screens of their own."""


class AskConsent(Step):
    """Nothing is read before the visitor has agreed."""

    part = 1

    @classmethod
    def view(cls, session: Session) -> views.View:
        """What is read, why, and what becomes of it; no default."""
        return views.Instruct(
            step=cls.__name__,
            title=words("identify.consent.title"),
            lines=tuple(words(f"identify.consent.line{number}") for number in (1, 2, 3, 4)),
            picture="shield",
            buttons=(
                button("accept", "identify.consent.accept", ConsentGiven()),
                button("decline", "identify.consent.decline", ConsentDeclined(), quiet=True),
            ),
            **LEAVE,
        )

    @classmethod
    def remember(cls, session: Session, event: Event) -> Session:
        """When consent was given, or that it was not."""
        if isinstance(event, ConsentGiven):
            at = event.at or datetime.now(UTC)
            return replace(session, consent_at=at, consent_language=session.language)
        if isinstance(event, ConsentDeclined):
            return replace(session, reason="consent_declined")
        return super().remember(session, event)


class ChooseAccess(Step):
    """The card's QR before the camera, or six digits by hand."""

    part = 1

    @classmethod
    def view(cls, session: Session) -> views.View:
        """Two ways to the same end."""
        return views.Choose(
            step=cls.__name__,
            title=words("identify.access.title"),
            choices=access_choices(),
            **BACK,
        )

    @classmethod
    def already(cls, session: Session) -> Event | None:
        """Another card than the visitor's own, or one that digits do not open, has a screen of its own."""
        return QrNeeded() if session.needs_qr else OTHER_CARDS.get(session.card_wanted)


def _of_card(session: Session, key: str) -> views.Words:
    """Words about the card that is wanted: the visitor's or carer's own, or the child's."""
    return words(f"{key}_of_child" if session.card_wanted == "childs" else key)


def access_choices() -> tuple[views.Choice, ...]:
    """Two ways to the same end."""
    return (
        views.Choice(
            id="qr",
            words=words("identify.access.qr"),
            detail=words("identify.access.qr_detail"),
            icon="card_qr",
            event=UseQrChosen(),
        ),
        views.Choice(
            id="digits",
            words=words("identify.access.digits"),
            detail=words("identify.access.digits_detail"),
            icon="card_digits",
            event=UseDigitsChosen(),
        ),
    )


class AskForQr(Step):
    """The card is one of those that six digits cannot open; its QR can, or staff."""

    part = 2

    @classmethod
    def view(cls, session: Session) -> views.View:
        """Why digits do not do, or why the QR was not read, and the two ways on."""
        why = error_words(session)[0] if session.reason else words("errors.access_key_insufficient.reason")
        return views.Instruct(
            step=cls.__name__,
            title=words("identify.qr_needed.title"),
            lines=(why, words("identify.qr_needed.line")),
            picture="card_qr",
            buttons=(
                button("qr", "identify.access.qr", UseQrChosen()),
                button("staff", "identify.qr_needed.staff", StaffChosen(), quiet=True),
            ),
            **LEAVE,
        )

    @classmethod
    def enter(cls, session: Session) -> Sequence[Effect]:
        """Show where the card is whose QR is wanted."""
        return (Light(reader=session.card_present),)


class ScanQr(Step):
    """The card is held before the camera."""

    part = 2
    waits_for = "device"

    @classmethod
    def view(cls, session: Session) -> views.View:
        """The visitor's own picture with the card in it; digits where they can open the card."""
        digits = button("digits", "identify.access.digits", UseDigitsChosen(), quiet=True)
        return views.Camera(
            step=cls.__name__,
            target="card_qr",
            title=words("identify.qr.title"),
            prompt=prompt_words(session, "identify.qr.prompt"),
            buttons=() if session.needs_qr else (digits,),
            **BACK,
        )

    @classmethod
    def enter(cls, session: Session) -> Sequence[Effect]:
        """Look for the code."""
        return (ScanCardQr(QR_TIMEOUT_S),)

    @classmethod
    def remember(cls, session: Session, event: Event) -> Session:
        """The claimed identity, or why there is none."""
        session = noting_restarts(session, event)
        if isinstance(event, QrRead):
            return replace(session, claimed_identity=event.claimed_identity, reason=None)
        if isinstance(event, QrNotRead):
            return replace(session, reason=event.reason)
        return super().remember(session, event)

    @classmethod
    def choose(cls, session: Session, event: Event) -> type[Step]:
        """Without the QR the digits are left, but for a card that they cannot open."""
        return AskForQr if session.needs_qr else EnterDigits


class EnterDigits(Step):
    """The last six digits of the citizen number, typed: they are the card access number."""

    part = 2

    @classmethod
    def view(cls, session: Session) -> views.View:
        """A number pad, and where on the card the digits are."""
        return views.Form(
            step=cls.__name__,
            title=_of_card(session, "identify.digits.title"),
            lines=(words("identify.digits.where"),),
            digits=6,
            picture="card_digits",
            on_submit=DigitsEntered,
            notice=error_words(session)[0] if session.reason else None,
            buttons=(button("qr", "identify.access.qr", UseQrChosen(), quiet=True),),
            **BACK,
        )

    @classmethod
    def remember(cls, session: Session, event: Event) -> Session:
        """The digits as a card access number."""
        if isinstance(event, DigitsEntered):
            claimed = ClaimedIdentity(access_keys=AccessKeys(can=event.text))
            return replace(session, claimed_identity=claimed, reason=None)
        return super().remember(session, event)


class AwaitsCard(Step):
    """Waits for a card on the reader; one that lies there already is welcome."""

    @classmethod
    def already(cls, session: Session) -> Event | None:
        """The card may have been laid down before, and the reader may be gone.

        A card that was read already is not the one wanted now.
        """
        if not session.reader_present:
            return ReaderLost()
        return CardPlaced() if session.card_present and not session.card_used else None


class LayCard(AwaitsCard):
    """The card goes onto the reader."""

    part = 2

    @classmethod
    def view(cls, session: Session) -> views.View:
        """A picture of where it goes; a card that was read already comes off first."""
        area = "identify.other_card" if session.card_used else "identify.lay_card"
        return views.Instruct(
            step=cls.__name__,
            title=_of_card(session, f"{area}.title"),
            lines=(words(f"{area}.line"),),
            picture="card_off_reader" if session.card_used else "card_on_reader",
            **BACK,
        )

    @classmethod
    def enter(cls, session: Session) -> Sequence[Effect]:
        """Light the place."""
        return (Light(reader=True),)


class PutCardBack(AwaitsCard):
    """The card left too early."""

    part = 2
    waits_for = "nobody"

    @classmethod
    def view(cls, session: Session) -> views.View:
        """Calmly asks for it again."""
        return views.Instruct(
            step=cls.__name__,
            title=words("identify.put_back.title"),
            lines=(words("identify.put_back.line"),),
            picture="card_on_reader",
            **LEAVE,
        )

    @classmethod
    def enter(cls, session: Session) -> Sequence[Effect]:
        """Wait a while, with light and sound."""
        return (Light(reader=True), Play("attention"), StartTimer(session.place.card_gone_s))
