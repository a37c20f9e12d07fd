"""Which screen shows which kind of view: the one table."""

from __future__ import annotations

from kiosk.flows.views import Camera, Choose, Form, Instruct, Outcome, Progress, View, Welcome
from screens.camera import CameraScreen
from screens.choose import ChooseScreen
from screens.form import FormScreen
from screens.instruct import InstructScreen
from screens.kit.screen import Screen
from screens.outcome import OutcomeScreen
from screens.progress import ProgressScreen
from screens.welcome import WelcomeScreen

SCREENS: dict[type[View], type[Screen]] = {
    Welcome: WelcomeScreen,
    Choose: ChooseScreen,
    Form: FormScreen,
    Instruct: InstructScreen,
    Camera: CameraScreen,
    Progress: ProgressScreen,
    Outcome: OutcomeScreen,
}
