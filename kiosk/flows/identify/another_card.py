"""Another card was laid down where a reading was to go on: that is another visit, and nobody's mistake."""

from __future__ import annotations

from kiosk.flows import views
from kiosk.flows.events import Confirmed
from kiosk.flows.identify.endings import Ending
from kiosk.flows.identify.words import button, error_words, words
from kiosk.session import Session


class AnotherCard(Ending):
    """What the first card gave is wiped; with the card that lies there the next visit begins."""

    outcome = "abandoned"

    @classmethod
    def view(cls, session: Session) -> views.View:
        """What happened, that nothing was kept, and both ways on."""
        return views.Outcome(
            step=cls.__name__,
            mood="attention",
            title=words("identify.another_card.title"),
            lines=error_words(session),
            buttons=(button("again", "identify.another_card.again", Confirmed()),),
        )
