"""The panel as another process finds it: over its own socket."""

import queue
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from drivers.panel.gpio_panel import SOUNDS, GpioPanel
from drivers.panel.panel_service import MockPanelService, PanelService, PanelState, Presence
from kiosk import rpc
from kiosk.errors import PanelPinUnavailable
from kiosk.messages import Nothing
from kiosk.ports import Lamp

Make = Callable[..., GpioPanel]
WAIT_S = 5


@pytest.fixture
def service(panel: GpioPanel, tmp_path: Path) -> "rpc.Server":
    return rpc.Server(PanelService, MockPanelService(panel), tmp_path / "panel.sock")


def test_lamps_and_light_are_told_as_they_are_lit(panel: GpioPanel, service: rpc.Server, tmp_path: Path) -> None:
    with service:
        far = rpc.client(PanelService, tmp_path / "panel.sock")
        dark = far.state(Nothing())
        panel.show("out_of_order")
        panel.light_reader(True)
        lit = far.state(Nothing())
    assert dark == PanelState(
        lamp=None, reader_light=False, last_sound=None, sounds_played=0, tones=0, somebody_there=False
    )
    assert (lit.lamp, lit.reader_light) == ("out_of_order", True)


@pytest.mark.parametrize("lamp", ["free", "busy", "out_of_order"])
@pytest.mark.parametrize("active_high", [True, False])
def test_each_lamp_is_told_by_name_however_it_is_wired(make_panel: Make, lamp: Lamp, active_high: bool) -> None:
    panel = make_panel(active_high=active_high)
    panel.show(lamp)
    assert MockPanelService(panel).state(Nothing()).lamp == lamp


@pytest.mark.parametrize("active_high", [True, False])
def test_buzzer_is_heard_tone_by_tone(make_panel: Make, active_high: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SOUNDS, "warning", (0.001, 0.001, 3))
    panel = make_panel(active_high=active_high)
    service = MockPanelService(panel)
    assert service.state(Nothing()).tones == 0
    panel.play("warning")
    deadline_s = time.monotonic() + WAIT_S
    while service.state(Nothing()).tones < 3 and time.monotonic() < deadline_s:
        time.sleep(0.002)
    heard = service.state(Nothing())
    assert (heard.last_sound, heard.sounds_played, heard.tones) == ("warning", 1, 3)


def test_hands_from_another_process_press_and_step_up(
    panel: GpioPanel, service: rpc.Server, tmp_path: Path
) -> None:
    told: queue.Queue[str] = queue.Queue()
    panel.watch(told.put)
    with service:
        far = rpc.client(PanelService, tmp_path / "panel.sock")
        far.press_call_staff(Nothing())
        assert told.get(timeout=WAIT_S) == "call_staff"
        far.stand_before(Presence(there=True))
        assert told.get(timeout=WAIT_S) == "presence"
        assert far.state(Nothing()).somebody_there
        far.stand_before(Presence(there=False))
        assert told.get(timeout=WAIT_S) == "absence"


def test_button_that_is_not_fitted_is_named(make_panel: Make, tmp_path: Path) -> None:
    service = rpc.Server(PanelService, MockPanelService(make_panel(call_staff=None)), tmp_path / "panel.sock")
    with service, pytest.raises(PanelPinUnavailable):
        rpc.client(PanelService, tmp_path / "panel.sock").press_call_staff(Nothing())
