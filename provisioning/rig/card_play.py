"""The card in a scripted visitor's hand: laid down, and then pulled, put back or swapped as a rehearsal has it."""

from __future__ import annotations

from provisioning.rig import people
from provisioning.rig.choices import CardChoice, Choices
from provisioning.rig.hall import Hall
from provisioning.rig.rig import Rig

PULLED = (CardChoice.PULLED, CardChoice.PULLED_FOR_GOOD, CardChoice.SWAPPED)


class ScriptedCard:
    """Implements `provisioning.rig.visitor.CardInHand`."""

    def __init__(self, rig: Rig, hall: Hall, choices: Choices) -> None:
        self._rig, self._hall, self._choices = rig, hall, choices
        self._laid = False
        self.digits = people.load(choices.persona).card.can

    def lay_down(self) -> None:
        """Lay it on the reader, the first time."""
        if self._laid:
            return
        self._laid = True
        if self._choices.card in PULLED:
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
