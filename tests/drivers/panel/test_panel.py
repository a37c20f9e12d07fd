"""The panel's pins, as a multimeter and a finger would find them."""

import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from drivers.panel.gpio_panel import SOUNDS, GpioPanel
from drivers.panel.mock_panel import press_call_staff, stand_before
from drivers.panel.no_panel import NoPanel
from kiosk.errors import PanelError, PanelPinUnavailable, SettingsInvalid
from kiosk.ports import Lamp, Panel
from kiosk.settings import PanelSettings

Make = Callable[..., GpioPanel]
WAIT_S = 5


def watched(panel: Panel) -> "queue.Queue[str]":
    told: queue.Queue[str] = queue.Queue()
    panel.watch(told.put)
    return told


@pytest.mark.parametrize(("lamp", "lit"), [("free", 17), ("busy", 27), ("out_of_order", 22)])
def test_traffic_light_shows_one_lamp(panel: GpioPanel, lamp: Lamp, lit: int) -> None:
    panel.show("busy")
    panel.show(lamp)
    pins = {17: "free", 27: "busy", 22: "out_of_order"}
    assert {number: panel.pin(name).state for number, name in pins.items()} == {n: n == lit for n in pins}
    assert panel.lamps() == {name: name == lamp for name in pins.values()} | {"reader": False}


def test_reader_light_goes_on_and_off(panel: GpioPanel) -> None:
    panel.light_reader(True)
    panel.light_reader(False)
    panel.pin("reader").assert_states([False, True, False])


def test_lamps_wired_to_plus_are_lit_by_a_low_pin(make_panel: Make) -> None:
    panel = make_panel(active_high=False)
    panel.show("free")
    assert (panel.pin("free").state, panel.pin("busy").state) == (False, True)
    assert panel.lamps()["free"]


@pytest.mark.parametrize(("sound", "times"), [("attention", 1), ("good", 2), ("warning", 3)])
def test_each_sound_has_its_count_of_tones(
    panel: GpioPanel, sound: str, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SOUNDS, sound, (0.001, 0.001, SOUNDS[sound][2]))  # type: ignore[index]
    panel.play(sound)  # type: ignore[arg-type]
    pin = panel.pin("buzzer")
    deadline_s = time.monotonic() + WAIT_S
    while len(pin.states) <= 2 * times and time.monotonic() < deadline_s:
        time.sleep(0.002)
    assert [state for _, state in pin.states] == [False, *[True, False] * times]


def test_sound_is_not_waited_for_and_a_new_one_replaces_it(panel: GpioPanel) -> None:
    panel.play("warning")
    panel.play("good")
    assert panel.pin("buzzer").function == "output"
    assert sum("GPIO" in type(thread).__name__ for thread in threading.enumerate()) == 1


def test_sounds_differ_in_count_and_in_length() -> None:
    assert len({times for _, _, times in SOUNDS.values()}) == len(SOUNDS)
    assert len({on for on, _, _ in SOUNDS.values()}) == len(SOUNDS)


def test_one_press_with_bouncing_contacts_calls_staff_once(panel: GpioPanel) -> None:
    told = watched(panel)
    for _ in range(2):
        press_call_staff(panel, bounces=25)
        assert told.get(timeout=WAIT_S) == "call_staff"
    press_call_staff(panel)
    assert told.get(timeout=WAIT_S) == "call_staff"
    assert told.empty()


def test_spike_on_the_buttons_line_calls_nobody(panel: GpioPanel) -> None:
    told = watched(panel)
    pin = panel.pin("call_staff")
    pin.drive_low()
    pin.drive_high()
    press_call_staff(panel, bounces=0)
    assert told.get(timeout=WAIT_S) == "call_staff"
    panel.close()
    assert told.empty()


def test_presence_comes_and_goes(panel: GpioPanel) -> None:
    told = watched(panel)
    stand_before(panel, True)
    assert told.get(timeout=WAIT_S) == "presence"
    stand_before(panel, False)
    assert told.get(timeout=WAIT_S) == "absence"


def test_person_who_is_there_already_is_told_of(panel: GpioPanel) -> None:
    stand_before(panel, True)
    assert watched(panel).get(timeout=WAIT_S) == "presence"


def test_parts_not_fitted_are_left_alone(make_panel: Make) -> None:
    parts = ("free_lamp", "busy_lamp", "out_of_order_lamp", "reader_light", "buzzer", "presence", "call_staff")
    panel = make_panel(**dict.fromkeys(parts))
    panel.show("free")
    panel.light_reader(True)
    panel.play("good")
    watched(panel)
    assert panel.lamps() == {}
    with pytest.raises(PanelPinUnavailable, match="call_staff is not fitted"):
        press_call_staff(panel)


@pytest.mark.parametrize(("number", "reason"), [(99, "PinInvalidPin"), (27, "GPIOPinInUse")])
def test_pin_that_is_missing_or_taken_is_named(make_panel: Make, number: int, reason: str) -> None:
    with pytest.raises(PanelPinUnavailable, match=f"buzzer: pin {number}: {reason}"):
        make_panel(buzzer=number)


def test_closing_puts_lamps_out_releases_pins_and_ends_threads(make_panel: Make) -> None:
    panel = make_panel()
    before = threading.active_count()
    watched(panel)
    panel.show("free")
    panel.play("warning")
    lamp, buzzer = panel.pin("free"), panel.pin("buzzer")
    panel.close()
    panel.close()
    assert threading.active_count() == before
    assert (lamp.function, buzzer.function) == ("input", "input")
    assert make_panel().lamps()["free"] is False


def test_real_pins_missing_is_an_error_and_never_becomes_the_mock(tmp_path: Path) -> None:
    """In a process of its own: lgpio makes its FIFO as it is imported, once."""
    script = f"""
import os
from pathlib import Path
from drivers.panel.gpio_panel import GpioPanel
from kiosk.errors import PanelUnavailable
from kiosk.settings import PanelSettings
here = os.getcwd()
try:
    GpioPanel(PanelSettings(driver="lgpio"), Path({str(tmp_path)!r}))
except PanelUnavailable as error:
    print(error.code)
assert os.getcwd() == here
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "panel_unavailable\n"
    assert [file.name for file in tmp_path.iterdir()] == [".lgd-nfy0"]


def test_driver_none_has_a_panel_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid):
        GpioPanel(PanelSettings(driver="none"), tmp_path)
    panel: Panel = NoPanel()
    told = watched(panel)
    panel.show("free")
    panel.light_reader(True)
    panel.play("good")
    panel.close()
    assert told.empty()


def test_panel_errors_are_one_family() -> None:
    assert issubclass(PanelPinUnavailable, PanelError)
