"""The camera's process dies under a visit: the glass says so, the count is kept, nothing else changes."""

from __future__ import annotations

import uuid

import pytest

from kiosk import messages as m
from kiosk.flows import events as e
from kiosk.flows.identify import PrintStaffSlip, ScanQr
from kiosk.flows.identify.face import CheckingFace
from kiosk.flows.views import Camera
from kiosk.session import CAMERA_RESTARTS, AccessKeys, ClaimedIdentity

from .conftest import Story, document

PROMPT = m.FacePrompt(
    session_id=uuid.UUID(int=1), nonce="n", sequence=7, kind="flash", colour=(255, 0, 0), progress=0.8
)


def camera(story: Story) -> Camera:
    view = story.state.step.view(story.session)
    assert isinstance(view, Camera)
    return view


@pytest.fixture
def checking(story: Story) -> Story:
    claimed = ClaimedIdentity(access_keys=AccessKeys(can="004127"))
    story.when(e.Started(), e.ConsentGiven(), e.UseQrChosen(), e.QrRead(claimed_identity=claimed), e.CardPlaced())
    return story.when(e.ChipRead(document=document()), e.Confirmed()).at(CheckingFace)


def test_a_flash_goes_dark_and_nothing_of_the_old_check_is_shown(checking: Story) -> None:
    checking.when(e.FacePromptChanged(prompt=PROMPT))
    assert camera(checking).colour == PROMPT.colour
    checking.when(e.CameraRestarting()).at(CheckingFace)
    view = camera(checking)
    assert (view.prompt.key, view.colour, view.progress) == ("identify.camera_restarting", None, 0.0)
    assert view.cancel is not None
    checking.when(e.CameraBack())
    assert camera(checking).prompt.key == "identify.face.look_straight"
    assert checking.session.tries == {CAMERA_RESTARTS: 1}


def test_a_prompt_of_the_new_check_ends_the_waiting(checking: Story) -> None:
    checking.when(e.CameraRestarting(), e.FacePromptChanged(prompt=PROMPT))
    assert camera(checking).prompt.key == "identify.face.flash"


def test_the_scan_stays_where_it_is_and_its_deaths_count_for_the_visit(story: Story) -> None:
    story.when(e.Started(), e.ConsentGiven(), e.UseQrChosen()).at(ScanQr)
    story.when(e.CameraRestarting()).at(ScanQr)
    assert camera(story).prompt.key == "identify.camera_restarting"
    assert camera(story).buttons, "typing digits stays possible"
    story.when(e.CameraBack()).at(ScanQr)
    assert camera(story).prompt.key == "identify.qr.prompt"
    assert story.session.tries[CAMERA_RESTARTS] == 1


def test_a_process_that_dies_too_often_leads_to_staff_with_its_own_reason(checking: Story) -> None:
    checking.when(e.CameraRestarting(), e.CameraRestarting(), e.ServiceFailed(reason="process_away"))
    checking.at(PrintStaffSlip)
    assert checking.session.reason == "process_away"
    assert checking.session.verified_holder is None
