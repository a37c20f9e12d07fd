"""Helpers for views: words with the desk's name, buttons that every step shares, masked numbers."""

from __future__ import annotations

from kiosk.flows.events import BackChosen, CancelChosen, Event, StaffChosen
from kiosk.flows.views import Button, Words
from kiosk.session import AuthenticatedDocument, Session


def words(key: str, **values: str) -> Words:
    """Words by key."""
    return Words(key=key, values=values)


def desk_words(session: Session, key: str, **values: str) -> Words:
    """Words that may name the staff desk as `{desk}` and the site as `{site}`."""
    return Words(
        key=key,
        values=values,
        each={"desk": dict(session.place.staff_desk), "site": dict(session.place.site_name)},
    )


def each(key: str, texts: dict[str, str]) -> Words:
    """Words whose `{text}` differs by language, as a hospital's own names do."""
    return Words(key=key, each={"text": texts})


def button(name: str, key: str, event: Event, *, quiet: bool = False, icon: str | None = None) -> Button:
    """A button; `quiet` for the way that is not the usual one."""
    return Button(id=name, words=words(key), event=event, style="quiet" if quiet else "primary", icon=icon)


def error_words(session: Session) -> tuple[Words, Words]:
    """The visitor's reason for the session's error code, and the next step, which leads to the staff desk."""
    code = session.reason or "unforeseen"
    return desk_words(session, f"errors.{code}.reason"), desk_words(session, f"errors.{code}.next_step")


def again_words(session: Session) -> tuple[Words, Words]:
    """The visitor's reason and what helps in another try; only a code that allows one has these words."""
    return error_words(session)[0], words(f"errors.{session.reason}.try_again")


def masked_number(citizen_number: str) -> str:
    """The number with only its last four digits, as it may stand on a screen in a hall."""
    return "•••• •••• " + citizen_number[-4:]


def holder_facts(document: AuthenticatedDocument) -> tuple[tuple[Words, Words], ...]:
    """The least by which somebody knows a document as theirs or their child's."""
    label = "identify.is_this_you."
    return (
        (words(label + "name"), words("identify.plain", text=document.name)),
        (words(label + "year_of_birth"), words("identify.plain", text=str(document.date_of_birth.year))),
        (words(label + "number"), words("identify.plain", text=masked_number(document.citizen_number))),
    )


LEAVE = {"help": StaffChosen(), "cancel": CancelChosen()}
"""The ways out that every step of a visit offers."""
BACK = {**LEAVE, "back": BackChosen()}
