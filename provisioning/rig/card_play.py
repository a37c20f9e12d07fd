"""The card in a scripted visitor's hand: laid down, and then pulled, put back or swapped as a rehearsal has it."""

from __future__ import annotations

from typing import Any, Literal

from provisioning.rig import people
from provisioning.rig.choices import CardChoice, Choices, VisitorChoice
from provisioning.rig.hall import Hall
from provisioning.rig.rig import Rig

PULLED = (CardChoice.PULLED, CardChoice.PULLED_FOR_GOOD, CardChoice.SWAPPED)


def first_card(choices: Choices) -> dict[str, Any]:
    """Whose card is laid down first, and which, as the hall has it: a child's carer may start with their own."""
    whose = choices.persona
    if choices.visitor is VisitorChoice.CARER_FIRST:
        whose = people.load(whose).before_the_camera
    return _card_of(whose, choices)


def _card_of(whose: str, choices: Choices) -> dict[str, Any]:
    """What is special about the card is so about the persona's own, not about their carer's."""
    return {"persona": whose, "card": choices.card if whose == choices.persona else CardChoice.GENUINE}


class ScriptedCard:
    """Implements `provisioning.rig.visitor.CardInHand`."""

    def __init__(self, rig: Rig, hall: Hall, choices: Choices) -> None:
        self._rig, self._hall, self._choices = rig, hall, choices
        self._laid, self._whose = False, str(first_card(choices)["persona"])

    @property
    def digits(self) -> str:
        """The last six digits of the card in hand."""
        return people.load(self._whose).card.can

    def change_to(self, whose: Literal["carers", "childs"]) -> None:
        """The other of a carer's two cards."""
        child = people.load(self._choices.persona)
        wanted = child.id if whose == "childs" else child.before_the_camera
        if wanted != self._whose:
            self._whose, self._laid = wanted, False
            if self._choices.visitor is not VisitorChoice.FORGETS_CARD:
                self._show_card()

    def _show_card(self) -> None:
        """In the hand, not on the reader: as it is held before the camera."""
        self._hall.change(**_card_of(self._whose, self._choices), card_on_reader=False)

    def lay_down(self) -> None:
        """Lay it on the reader, the first time."""
        if self._laid:
            return
        self._laid = True
        if self._choices.card in PULLED and self._whose == self._choices.persona:
            self._rig.pull_card_at(self._choices.pull_at)
        self._hall.lay_card()

    def put_back(self) -> None:
        """The same card, another person's, or none."""
        if self._choices.card is CardChoice.SWAPPED:
            self._rig.lay_down(people.somebody_else(self._choices.persona).id)
        elif self._choices.card is not CardChoice.PULLED_FOR_GOOD:
            self._hall.lay_card()

    def take_off(self) -> None:
        """Nothing stays on the reader."""
        self._rig.take_off()
        if self._hall.state.persona != self._whose:
            self._show_card()
