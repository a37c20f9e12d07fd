"""A scripted visitor: looks at what the glass shows, touches it, and lays the card down when asked.

It knows the flow no better than a person does: only by what is on the screen.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

from provisioning.rig.choices import CardChoice, Choices, VisitorChoice

LOOK_EVERY_S = 0.03
PATIENCE_S = 120.0
AGAIN_S = 2.0
"""A touch that led nowhere is tried again after this."""


class Glass(Protocol):
    """The kiosk's screen as a visitor has it before them."""

    def view(self) -> dict[str, Any]:
        """What it shows, as plain values."""
        ...

    def tap(self, touchable: str) -> None:
        """Touch something by its id."""
        ...

    def picture(self, view: dict[str, Any]) -> None:
        """Keep a picture of this view, unless it has gone by."""
        ...


class CardInHand(Protocol):
    """The visitor's card and what becomes of it."""

    @property
    def digits(self) -> str:
        """The last six digits on it."""
        ...

    def lay_down(self) -> None:
        """Lay it on the reader; a card that lies there stays."""
        ...

    def put_back(self) -> None:
        """Lay it down again after it was pulled, as the rehearsal has it."""
        ...

    def take_off(self) -> None:
        """Take back whatever lies there."""
        ...


class Visitor:
    """Goes through one visit as `choices` say."""

    def __init__(self, choices: Choices, glass: Glass, card: CardInHand) -> None:
        self._choices, self._glass, self._card = choices, glass, card
        self._started = False
        self._actions: dict[str, Callable[[dict[str, Any]], None]] = {
            "Welcome": self._welcome,
            "AskConsent": self._consent,
            "ChooseAccess": lambda _: self._glass.tap(str(self._choices.access)),
            "EnterDigits": self._type_digits,
            "LayCard": lambda _: self._card.lay_down(),
            "PutCardBack": lambda _: self._card.put_back(),
            "ExplainFaceCheck": self._face_intro,
            "FaceAgain": lambda _: self._glass.tap("again"),
            "IsThisYou": lambda _: self._glass.tap("yes"),
            "ShowInsurance": lambda _: self._glass.tap("continue"),
            "ChooseDepartment": self._department,
            "ConfirmVisit": self._confirm,
        }

    def visit(self) -> dict[str, Any]:
        """From what the glass first shows to the last screen, or to a welcome screen that came back by itself.

        Returns the view the visit ended with.

        Raises: TimeoutError if the kiosk gets nowhere.
        """
        arrived, since = None, time.monotonic()
        while True:
            view = self._glass.view()
            here = (view["step"], view.get("notice") is not None, (view.get("prompt") or {}).get("key"))
            if here != arrived and self._is_over(view):
                self._end(view)
                return view
            if here != arrived or (view["kind"] in ("choose", "form") and time.monotonic() - since > AGAIN_S):
                arrived, since = here, time.monotonic()
                self._glass.picture(view)
                self._act(view)
            if time.monotonic() - since > PATIENCE_S:
                raise TimeoutError(f"nothing happened at {view['step']} for {PATIENCE_S:.0f} s")
            time.sleep(LOOK_EVERY_S)

    def _is_over(self, view: dict[str, Any]) -> bool:
        """At an ending, at a kiosk that is out of order, or back where the visit began."""
        if view["step"] in ("Welcome", "OutOfOrder"):
            return self._started == (view["step"] == "Welcome")
        return bool(view["kind"] == "outcome")

    def _act(self, view: dict[str, Any]) -> None:
        action = self._actions.get(view["step"])
        if action is not None:
            action(view)

    def _welcome(self, _: dict[str, Any]) -> None:
        self._started = True
        self._glass.tap(f"language.{self._choices.language}")
        if self._choices.card_at_once:
            self._card.lay_down()
        else:
            self._glass.tap("start")

    def _consent(self, _: dict[str, Any]) -> None:
        self._glass.tap("decline" if self._choices.visitor is VisitorChoice.DECLINES_CONSENT else "accept")

    def _face_intro(self, _: dict[str, Any]) -> None:
        if self._choices.visitor is not VisitorChoice.WALKS_AWAY:
            self._glass.tap("cannot" if self._choices.visitor is VisitorChoice.ASKS_FOR_STAFF else "begin")

    def _type_digits(self, _: dict[str, Any]) -> None:
        wrong = self._choices.card is CardChoice.WRONG_DIGITS
        for digit in "000000" if wrong and self._card.digits != "000000" else self._card.digits:
            self._glass.tap(f"digit.{digit}")
        self._glass.tap("submit")

    def _department(self, view: dict[str, Any]) -> None:
        wanted = f"department.{self._choices.department}"
        ids = [choice["id"] for choice in view["choices"]]
        self._glass.tap(wanted if wanted in ids else ids[0])

    def _confirm(self, _: dict[str, Any]) -> None:
        self._glass.tap("cancel" if self._choices.visitor is VisitorChoice.CANCELS else "confirm")

    def _end(self, view: dict[str, Any]) -> None:
        self._glass.picture(view)
        self._card.take_off()
