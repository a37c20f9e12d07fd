"""A child under six with a carer: the carer's card and face, the child's card for data only.

Nobody takes the face of a child under six, so their card has no portrait and the child cannot be verified by one.
An adult is verified instead, with their own card and face, and the child's card must be as authentic as any. It may
come first, and is known by its holder's age; or second, when the verified carer says that the visit is for a child.
That the child is theirs is what the carer says: no card proves it, and the hospital is told so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from kiosk.flows import views
from kiosk.flows.effects import Effect, Light
from kiosk.flows.engine import Step
from kiosk.flows.events import BackChosen, Confirmed, Declined, Event
from kiosk.flows.identify.access import access_choices
from kiosk.flows.identify.words import BACK, LEAVE, button, holder_facts, words
from kiosk.identity.age import is_adult, is_young_child
from kiosk.session import AuthenticatedDocument, Session

OF_ONE_CARD = ("access_key", "card_removed", "other_card")
"""What was tried for one card and counts anew once it was read."""
OTHER_CARDS = 3
"""How often the other of the two cards is read where one is wanted until staff helps."""
SENT_OF_CHILD = words("identify.childs_card.line2")
"""What the hospital is told of the child, before the carer's yes to it."""


class AskCarersCard(Step):
    """A child's card was read; a parent or guardian goes on with their own."""

    part = 2

    @classmethod
    def view(cls, session: Session) -> views.View:
        """Why another card is needed, how to open it, and what of the child is sent; the first comes off."""
        return views.Choose(
            step=cls.__name__,
            title=words("identify.carers_card.title"),
            lines=(
                _wanted(session, "identify.carers_card.line", "identify.carers_card.childs_again"),
                SENT_OF_CHILD,
            ),
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
        """How to open the card, and what of the child is sent; the carer's yes to it comes once it is read."""
        return views.Choose(
            step=cls.__name__,
            title=words("identify.childs_card.title"),
            lines=(
                _wanted(session, "identify.childs_card.line1", "identify.childs_card.carers_again"),
                SENT_OF_CHILD,
            ),
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
        """Yes is the carer's consent for the child, no means another child's card."""
        if isinstance(event, Confirmed):
            return consented_for_child(session, event)
        if isinstance(event, Declined):
            return another_card(replace(session, child_document=None))
        return super().remember(session, event)


def may_be_carer(session: Session) -> bool:
    """Whether the authenticated document is, on a judged date, an adult's, in a service that takes children."""
    document = session.document
    return session.takes_children and document.expired is not None and _is_adults(session, document)


def consented_for_child(session: Session, yes: Confirmed) -> Session:
    """The session with the verified carer's consent for the child, at the time and in the language of their yes."""
    return replace(session, consent_at=yes.at or datetime.now(UTC), consent_language=session.language)


def _wanted(session: Session, first: str, again: str) -> views.Words:
    """How to go on with the card that is wanted, after the other one was read in its place."""
    return words(again if session.tries.get("other_card") else first)


def another_card(session: Session) -> Session:
    """The session with nothing known of the card that is wanted; the one that lies there is not it.

    What was tried stays counted: asking for a card anew must not give its access key more tries.
    """
    return replace(
        session,
        card_used=session.card_present,
        claimed_identity=None,
        greeting_name=None,
        chip_stage=None,
        needs_qr=False,
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
        if document.expired is not None:
            return another_card(_with_child(session, document))
        # who is a child is not known without a date; a face is never done without, and one can be checked
        objection = None if document.portrait else "clock_not_trusted"
    return _own(session, document, objection)


def _carers(session: Session, document: AuthenticatedDocument, objection: str | None) -> Session:
    objection = objection or _not_judged(document)
    if objection is None and _is_childs(session, document):
        return _other_card(session, document)
    if objection is None and not _is_adults(session, document):
        objection = "carer_not_adult"
    return _own(session, document, objection)


def _childs(session: Session, document: AuthenticatedDocument, objection: str | None) -> Session:
    objection = objection or _not_judged(document)
    if objection is None and document.citizen_number == session.document.citizen_number:
        return _other_card(session, document)
    if objection is None and not _is_childs(session, document):
        objection = "card_of_no_young_child"
    if objection is not None:
        return replace(_let_go(session, document), reason=objection)
    return _with_child(session, document)


def _not_judged(document: AuthenticatedDocument) -> str | None:
    """Ages decide in a child's visit: it needs a date, also where the site accepts cards without one."""
    return "clock_not_trusted" if document.expired is None else None


def _own(session: Session, document: AuthenticatedDocument, objection: str | None) -> Session:
    reason = objection or (None if document.portrait else "portrait_missing")
    return replace(_was_read(session), authenticated_document=document, verified_holder=None, reason=reason)


def _with_child(session: Session, document: AuthenticatedDocument) -> Session:
    kept = replace(document, portrait=None)
    session = _was_read(_let_go(session, document))
    return replace(session, for_child=True, child_document=kept, reason=None)


def _other_card(session: Session, document: AuthenticatedDocument) -> Session:
    """The other of the two cards was read once more: said on the screen that asks again, and not for ever."""
    session = another_card(_let_go(session, document)).tried("other_card")
    return replace(session, reason="other_card_wanted") if session.tries["other_card"] >= OTHER_CARDS else session


def _was_read(session: Session) -> Session:
    """The card that was wanted is read: what was tried for it does not count against the next."""
    tries = {what: count for what, count in session.tries.items() if what not in OF_ONE_CARD}
    return replace(session, tries=tries)


def _let_go(session: Session, document: AuthenticatedDocument) -> Session:
    """The document is not gone on with; a portrait in it is still overwritten at the end."""
    if document.portrait is None:
        return session
    return replace(session, unused_buffers=(*session.unused_buffers, document.portrait))


def _is_childs(session: Session, document: AuthenticatedDocument) -> bool:
    return is_young_child(document.date_of_birth, session.started_at.date())


def _is_adults(session: Session, document: AuthenticatedDocument) -> bool:
    return is_adult(document.date_of_birth, session.started_at.date())
