"""A child under six with a carer: the carer's card and face, the child's card for data only.

Nobody takes the face of a child under six, so their card has no portrait and the child cannot be verified by one.
An adult is verified instead, with their own card and face, and the child's card must be as authentic as any. It may
come first, and is known by its holder's age; or second, when the verified carer says that the visit is for a child.
That the child is theirs is what the carer says: no card proves it, and the hospital is told so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kiosk.flows import views
from kiosk.flows.effects import Effect, Light
from kiosk.flows.engine import Step
from kiosk.flows.events import BackChosen, Confirmed, Declined, Event
from kiosk.flows.identify.access import access_choices
from kiosk.flows.identify.words import BACK, LEAVE, button, holder_facts, words
from kiosk.identity.age import is_adult, is_young_child
from kiosk.session import AuthenticatedDocument, Session

OF_ONE_CARD = ("access_key", "card_removed")
"""What was tried with one card and counts anew with the next."""


class AskCarersCard(Step):
    """A child's card was read; a parent or guardian goes on with their own."""

    part = 2

    @classmethod
    def view(cls, session: Session) -> views.View:
        """Why another card is needed, and how to open it; the first comes off meanwhile."""
        return views.Choose(
            step=cls.__name__,
            title=words("identify.carers_card.title"),
            lines=(words("identify.carers_card.line"),),
            choices=access_choices(),
            buttons=(button("nobody", "identify.carers_card.nobody", Declined(), quiet=True),),
            **LEAVE,
        )

    @classmethod
    def enter(cls, session: Session) -> Sequence[Effect]:
        """Show where the card is that comes off."""
        return (Light(reader=True),)

    @classmethod
    def remember(cls, session: Session, event: Event) -> Session:
        """That no carer is there."""
        if isinstance(event, Declined):
            return replace(session, reason="carer_missing")
        return super().remember(session, event)


class AskChildsCard(Step):
    """The carer is verified; the child's card is next."""

    part = 3

    @classmethod
    def view(cls, session: Session) -> views.View:
        """What is read of the child, and how to open the card; going on is the carer's consent for the child."""
        return views.Choose(
            step=cls.__name__,
            title=words("identify.childs_card.title"),
            lines=tuple(words(f"identify.childs_card.line{number}") for number in (1, 2)),
            choices=access_choices(),
            **BACK,
        )

    @classmethod
    def enter(cls, session: Session) -> Sequence[Effect]:
        """Show where the card is that comes off."""
        return (Light(reader=True),)

    @classmethod
    def remember(cls, session: Session, event: Event) -> Session:
        """Back means: not for a child after all."""
        if isinstance(event, BackChosen):
            return replace(session, for_child=False)
        return super().remember(session, event)


class IsThisTheChild(Step):
    """The carer sees the least that shows it is the right child."""

    part = 3

    @classmethod
    def view(cls, session: Session) -> views.View:
        """Name, year of birth, masked number; yes says that the child is theirs."""
        return views.Instruct(
            step=cls.__name__,
            title=words("identify.is_this_the_child.title"),
            facts=holder_facts(session.patient.document),
            buttons=(
                button("yes", "identify.is_this_the_child.yes", Confirmed()),
                button("no", "identify.is_this_the_child.no", Declined(), quiet=True),
            ),
            **LEAVE,
        )

    @classmethod
    def enter(cls, session: Session) -> Sequence[Effect]:
        """The reader has done its part."""
        return (Light(reader=False),)

    @classmethod
    def remember(cls, session: Session, event: Event) -> Session:
        """No means another child's card."""
        if isinstance(event, Declined):
            return another_card(replace(session, child_document=None))
        return super().remember(session, event)


def may_be_carer(session: Session) -> bool:
    """Whether the authenticated document is an adult's, in a service that takes children."""
    return session.takes_children and is_adult(session.document.date_of_birth, session.started_at.date())


def another_card(session: Session) -> Session:
    """The session with everything about opening a card as new; the card that lies there is not the one wanted."""
    return replace(
        session,
        card_used=session.card_present,
        claimed_identity=None,
        greeting_name=None,
        chip_stage=None,
        needs_qr=False,
        tries={what: count for what, count in session.tries.items() if what not in OF_ONE_CARD},
        reason=None,
    )


def keep_document(session: Session, document: AuthenticatedDocument, objection: str | None) -> Session:
    """The session with a document that was read in the place it was wanted for, or the reason why it is not.

    `objection` is what already speaks against the document. Where another card is needed next, the session comes
    back as `another_card` leaves it, and `card_wanted` says whose.
    """
    keep = {"visitors": _visitors, "carers": _carers, "childs": _childs}[session.card_wanted]
    return keep(session, document, objection)


def _visitors(session: Session, document: AuthenticatedDocument, objection: str | None) -> Session:
    if objection is None and session.takes_children and _is_childs(session, document):
        return another_card(_with_child(session, document))
    return _own(session, document, objection)


def _carers(session: Session, document: AuthenticatedDocument, objection: str | None) -> Session:
    if objection is None and _is_childs(session, document):
        return another_card(_let_go(session, document))
    if objection is None and not is_adult(document.date_of_birth, session.started_at.date()):
        objection = "carer_not_adult"
    return _own(session, document, objection)


def _childs(session: Session, document: AuthenticatedDocument, objection: str | None) -> Session:
    if objection is None and document.citizen_number == session.document.citizen_number:
        return another_card(_let_go(session, document))
    if objection is None and not _is_childs(session, document):
        objection = "card_of_no_young_child"
    if objection is not None:
        return replace(_let_go(session, document), reason=objection)
    return _with_child(session, document)


def _own(session: Session, document: AuthenticatedDocument, objection: str | None) -> Session:
    reason = objection or (None if document.portrait else "portrait_missing")
    return replace(session, authenticated_document=document, verified_holder=None, reason=reason)


def _with_child(session: Session, document: AuthenticatedDocument) -> Session:
    kept = replace(document, portrait=None)
    return replace(_let_go(session, document), for_child=True, child_document=kept, reason=None)


def _let_go(session: Session, document: AuthenticatedDocument) -> Session:
    """The document is not gone on with; a portrait in it is still overwritten at the end."""
    if document.portrait is None:
        return session
    return replace(session, unused_buffers=(*session.unused_buffers, document.portrait))


def _is_childs(session: Session, document: AuthenticatedDocument) -> bool:
    return is_young_child(document.date_of_birth, session.started_at.date())
