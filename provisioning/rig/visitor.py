"""A scripted visitor: looks at what the glass shows, touches it, and lays the card down when asked.

It knows the flow no better than a person does: only by what is on the screen.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import cycle
from typing import Any, Literal, Protocol

from provisioning.rig import people
from provisioning.rig.choices import CardChoice, Choices, VisitorChoice

LOOK_EVERY_S = 0.03
PATIENCE_S = 120.0
AGAIN_S = 2.0
"""A touch that led nowhere is tried again after this."""


Ending = Literal["ended", "restarted", "out_of_order"]
"""On the visit's own last screen; with a kiosk that started again; or it could not even begin."""


class Glass(Protocol):
    """The kiosk's screen as a visitor has it before them."""

    def view(self) -> dict[str, Any]:
        """What it shows, as plain values; of kind `dark` while nothing does."""
        ...

    def tap(self, touchable: str) -> None:
        """Touch something by its id."""
        ...

    def tap_in_haste(self, touchable: str, times: int) -> None:
        """Touch something, and go on touching that place whatever is there by then."""
        ...

    def picture(self, view: dict[str, Any]) -> None:
        """Keep a picture of this view, unless it has gone by."""
        ...


class CardInHand(Protocol):
    """The visitor's card and what becomes of it; a child's carer has two."""

    @property
    def digits(self) -> str:
        """The last six digits on it."""
        ...

    def change_to(self, whose: Literal["carers", "childs"]) -> None:
        """Take off the card that was read and have the other ready; nothing to do where it is that one."""
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
        self._started = self._glass_was_dark = self._asked_again = False
        self._languages = cycle(("en", "vi"))
        self._actions: dict[str, Callable[[dict[str, Any]], None]] = {
            "Welcome": self._welcome,
            "AskConsent": self._consent,
            "ChooseAccess": lambda _: self._press(str(self._choices.access)),
            "EnterDigits": self._type_digits,
            "AskForQr": lambda _: self._press("qr"),
            "LayCard": self._lay_card,
            "PutCardBack": lambda _: self._card.put_back(),
            "ExplainFaceCheck": self._face_intro,
            "FaceAgain": lambda _: self._press("again"),
            "IsThisYou": self._is_this_you,
            "AskCarersCard": self._carers_card,
            "AskChildsCard": self._childs_card,
            "IsThisTheChild": lambda _: self._press("yes"),
            "ShowInsurance": lambda _: self._press("continue"),
            "ChooseDepartment": self._department,
            "ConfirmVisit": self._confirm,
        }

    def visit(self) -> Ending:
        """From what the glass first shows to the end. Raises: TimeoutError if the kiosk gets nowhere."""
        arrived, since = None, time.monotonic()
        while True:
            view = self._glass.view()
            here = _place(view)
            ending = self._ending(view)
            if ending is not None:
                self._glass.picture(view)
                self._card.take_off()
                return ending
            if here != arrived or (view["kind"] in ("choose", "form") and time.monotonic() - since > AGAIN_S):
                arrived = here
                self._glass.picture(view)
                self._act(view)
                # from when it was done: typing takes longer than AGAIN_S, and is not to begin again for that
                since = time.monotonic()
            if time.monotonic() - since > PATIENCE_S:
                raise TimeoutError(f"nothing happened at {view['step']} for {PATIENCE_S:.0f} s")
            time.sleep(LOOK_EVERY_S)

    def _ending(self, view: dict[str, Any]) -> Ending | None:
        self._glass_was_dark = self._glass_was_dark or view["kind"] == "dark"
        if view["step"] == "OutOfOrder":
            return None if self._started else "out_of_order"
        if self._glass_was_dark:
            # a card that still lies there begins the next visit by itself
            return None if view["kind"] == "dark" else "restarted"
        return "ended" if view["kind"] == "outcome" and not self._wants_slip(view) else None

    def _wants_slip(self, view: dict[str, Any]) -> bool:
        """Whether the visitor still waits for the slip to be offered again, and then for it to be printed."""
        if self._choices.visitor is not VisitorChoice.PRINTS_AGAIN:
            return False
        offered = any(button["id"] == "print" for button in view["buttons"])
        if offered and not self._asked_again:
            self._asked_again = True
            self._glass.picture(view)
            self._glass.tap("print")
        return offered or not self._asked_again

    def _act(self, view: dict[str, Any]) -> None:
        if self._choices.visitor is VisitorChoice.CHANGES_LANGUAGE:
            self._glass.tap(f"language.{next(self._languages)}")
        action = self._actions.get(view["step"])
        if action is not None:
            action(view)

    def _press(self, button: str) -> None:
        if self._choices.visitor is VisitorChoice.TAPS_TEN_TIMES:
            self._glass.tap_in_haste(button, 10)
        else:
            self._glass.tap(button)

    def _welcome(self, _: dict[str, Any]) -> None:
        self._started = True
        self._glass.tap(f"language.{self._choices.language}")
        if self._choices.card_at_once:
            self._card.lay_down()
        else:
            self._press("start")

    def _consent(self, _: dict[str, Any]) -> None:
        self._press("decline" if self._choices.visitor is VisitorChoice.DECLINES_CONSENT else "accept")

    def _face_intro(self, _: dict[str, Any]) -> None:
        if self._choices.visitor is VisitorChoice.WALKS_AWAY:
            return
        cannot = people.load(self._choices.persona).face_check == "cannot"
        self._press("cannot" if cannot or self._choices.visitor is VisitorChoice.ASKS_FOR_STAFF else "begin")

    def _type_digits(self, _: dict[str, Any]) -> None:
        wrong = self._choices.card is CardChoice.WRONG_DIGITS
        for digit in "000000" if wrong and self._card.digits != "000000" else self._card.digits:
            self._glass.tap(f"digit.{digit}")
        self._press("submit")

    def _lay_card(self, view: dict[str, Any]) -> None:
        if view["title"]["key"].startswith("identify.other_card"):
            self._card.take_off()
        else:
            self._card.lay_down()

    def _is_this_you(self, _: dict[str, Any]) -> None:
        self._press("for_child" if self._choices.visitor is VisitorChoice.CARER_FIRST else "yes")

    def _carers_card(self, _: dict[str, Any]) -> None:
        if self._choices.visitor is VisitorChoice.NO_CARER:
            self._press("nobody")
        else:
            self._card.change_to("carers")
            self._press(str(self._choices.access))

    def _childs_card(self, _: dict[str, Any]) -> None:
        self._card.change_to("childs")
        self._press(str(self._choices.access))

    def _department(self, view: dict[str, Any]) -> None:
        wanted = f"department.{self._choices.department}"
        ids = [choice["id"] for choice in view["choices"]]
        self._press(wanted if wanted in ids else ids[0])

    def _confirm(self, _: dict[str, Any]) -> None:
        self._press("cancel" if self._choices.visitor is VisitorChoice.CANCELS else "confirm")


def _place(view: dict[str, Any]) -> tuple[Any, ...]:
    """What makes somebody who looks at the glass do something anew."""
    said = [(view.get(part) or {}).get("key") for part in ("title", "prompt")]
    return (view["step"], view.get("notice") is not None, *said)
