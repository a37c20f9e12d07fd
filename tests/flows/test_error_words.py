"""What a visitor is told when it goes wrong: another try only where one is offered, otherwise the staff desk."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk import messages as m
from kiosk import strings
from kiosk.errors import FaceError, KioskError, Retryable
from kiosk.flows import effects, views
from kiosk.flows import events as e
from kiosk.flows.identify.chip import ReadingChip
from kiosk.flows.identify.endings import AskStaff, PrintStaffSlip, Refused
from kiosk.flows.identify.face import CheckingFace, ExplainFaceCheck, FaceAgain
from kiosk.identity.verdict import DocumentVerdict
from kiosk.session import Language

from .conftest import NOW, PLACE, Story, document

CODES = sorted({key.split(".")[1] for key in strings.table("vi") if key.startswith("errors.")})
"""Any of them may come with a failed service, and that leads to staff from every step."""
ANOTHER_TRY = sorted(
    code
    for code, error in KioskError.by_code.items()
    if issubclass(error, FaceError) and issubclass(error, Retryable)
)
ANOTHER = {"vi": "thử lại", "en": "try again"}


def reading(story: Story) -> Story:
    story.when(e.Started(), e.ConsentGiven(), e.UseDigitsChosen(), e.DigitsEntered(text="004127"))
    return story.when(e.CardPlaced()).at(ReadingChip)


def unfinished(code: str) -> e.FaceChecked:
    return e.FaceChecked(verdict=m.FaceVerdict(decision="try_again", reason=code), at=NOW)


def checking(story: Story) -> Story:
    return reading(story).when(e.ChipRead(document=document())).at(ExplainFaceCheck).when(e.Confirmed())


def told(story: Story, language: str) -> str:
    view = story.state.step.view(story.session)
    assert isinstance(view, views.Outcome | views.Instruct)
    return " ".join(strings.translate(language, line) for line in view.lines)


@pytest.mark.parametrize("language", strings.LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_staff_screen_and_slip_lead_to_the_desk_whatever_happened(story: Story, code: str, language: str) -> None:
    story.state = replace(story.state, session=replace(story.session, language=Language(language)))
    story.when(e.Started(), e.ServiceFailed(reason=code)).at(PrintStaffSlip)
    (slip,) = story.ordered(effects.PrintSlip)
    assert isinstance(slip, effects.PrintSlip)
    story.when(e.TimeUp()).at(AskStaff)
    next_step = slip.values["next_step"]
    assert next_step in told(story, language)
    assert PLACE.staff_desk[Language(language)] in next_step
    assert ANOTHER[language] not in next_step.lower()


@pytest.mark.parametrize("language", strings.LANGUAGES)
def test_refusal_leads_to_the_desk(story: Story, language: str) -> None:
    reading(story).when(e.ChipRead(document=document(verdict=DocumentVerdict.FORGED))).at(Refused)
    assert PLACE.staff_desk[Language(language)] in told(story, language)


@pytest.mark.parametrize("language", strings.LANGUAGES)
@pytest.mark.parametrize("code", ANOTHER_TRY)
def test_another_try_is_offered_until_the_last_and_then_the_desk(story: Story, code: str, language: str) -> None:
    checking(story)
    for _ in range(PLACE.face_tries - 1):
        story.when(unfinished(code)).at(FaceAgain)
        offered = told(story, language)
        assert strings.text(language, f"errors.{code}.try_again") in offered
        assert PLACE.staff_desk[Language(language)] not in offered
        story.when(e.Confirmed()).at(CheckingFace)
    story.when(unfinished(code)).at(PrintStaffSlip).when(e.TimeUp()).at(AskStaff)
    assert strings.text(language, f"errors.{code}.try_again") not in told(story, language)
    assert PLACE.staff_desk[Language(language)] in told(story, language)


@pytest.mark.parametrize("language", strings.LANGUAGES)
def test_words_for_another_try_are_there_for_nothing_else(language: str) -> None:
    keys = {key for key in strings.table(language) if key.startswith("errors.") and key.endswith(".try_again")}
    assert keys == {f"errors.{code}.try_again" for code in ANOTHER_TRY}
