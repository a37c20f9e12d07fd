from kiosk.visit.timeline import Moment, StepTime, step_times


def moment(at_s: float, kind: str, step: str, waits_for: str = "", prompt: str | None = None) -> Moment:
    return Moment(at_s=at_s, kind=kind, session="1", step=step, waits_for=waits_for, prompt=prompt)  # type: ignore[arg-type]


def test_waiting_for_a_touch_is_not_the_machines_time_but_drawing_is() -> None:
    moments = [
        moment(10.0, "arrived", "AskConsent", "visitor"),
        moment(10.1, "shown", "AskConsent"),
        moment(14.0, "arrived", "ChooseAccess", "visitor"),
    ]
    assert step_times(moments) == [StepTime("AskConsent", 4.0, 0.1)]


def test_a_device_step_is_all_machine_but_for_the_challenges_motion() -> None:
    moments = [
        moment(0.0, "arrived", "CheckingFace", "device"),
        moment(0.5, "prompted", "CheckingFace", prompt="turn_left"),
        moment(0.55, "shown", "CheckingFace"),
        moment(2.5, "prompted", "CheckingFace", prompt="compare"),
        moment(3.0, "arrived", "IsThisYou", "visitor"),
    ]
    assert step_times(moments) == [StepTime("CheckingFace", 3.0, 1.0)]
