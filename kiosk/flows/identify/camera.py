"""What the screens with the camera's picture share: the vision process may have to be waited for."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flows import views
from kiosk.flows.events import CameraRestarting, Event
from kiosk.flows.identify.words import words
from kiosk.session import CAMERA_RESTARTS, Session


def noting_restarts(session: Session, event: Event) -> Session:
    """The session after an event of the camera: counts a restart, of which nothing is carried over."""
    if isinstance(event, CameraRestarting):
        return replace(session.tried(CAMERA_RESTARTS), face_prompt=None, camera_restarting=True)
    return replace(session, camera_restarting=False)


def prompt_words(session: Session, key: str) -> views.Words:
    """The prompt of that key, or that the camera is starting again."""
    return words("identify.camera_restarting" if session.camera_restarting else key)
