"""The panel on GPIO pins, by gpiozero: on lgpio in a kiosk, on gpiozero's mock pins at the rig."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from gpiozero import LED, Buzzer, DigitalInputDevice

from drivers.panel.pin_factory import open_pin_factory
from drivers.panel.settled_input import SettledInput
from kiosk.errors import PanelPinUnavailable, SettingsInvalid
from kiosk.ports import Lamp, Sound
from kiosk.settings import PanelSettings

LAMPS: tuple[Lamp, ...] = ("free", "busy", "out_of_order")

SOUNDS: dict[Sound, tuple[float, float, int]] = {
    # (on seconds, off seconds, times): told apart by their count, so a hard-of-hearing visitor can too
    "attention": (0.5, 0.1, 1),
    "good": (0.08, 0.08, 2),
    "warning": (0.25, 0.15, 3),
}


class GpioPanel:
    """`kiosk.ports.Panel`; a part whose pin is None is not fitted, and orders to it do nothing."""

    def __init__(self, settings: PanelSettings, runtime_dir: Path) -> None:
        """Raises: PanelUnavailable, PanelPinUnavailable, SettingsInvalid for driver "none"."""
        if settings.driver == "none":
            raise SettingsInvalid("panel.driver: none has no pins")
        self._inputs: list[SettledInput] = []
        self._devices: dict[str, Any] = {}
        self.active_high = settings.active_high
        self.last_sound: Sound | None = None
        self.sounds_played = 0
        self._factory = open_pin_factory(settings.driver, runtime_dir)
        try:
            self._fit_all(settings)
        except PanelPinUnavailable:
            self.close()
            raise

    def _fit_all(self, settings: PanelSettings) -> None:
        high = settings.active_high
        for lamp in LAMPS:
            self._fit(lamp, getattr(settings, f"{lamp}_lamp"), LED, active_high=high)
        self._fit("reader", settings.reader_light, LED, active_high=high)
        self._fit("buzzer", settings.buzzer, Buzzer, active_high=high)
        self._fit("presence", settings.presence, DigitalInputDevice, pull_up=False)
        self._fit("call_staff", settings.call_staff, DigitalInputDevice, pull_up=True)

    def _fit(self, name: str, pin: int | None, make: Callable[..., Any], **options: Any) -> None:
        if pin is None:
            return
        try:
            self._devices[name] = make(pin, pin_factory=self._factory, **options)
        except Exception as error:  # lgpio has an error class of its own, which is not there with mock pins
            raise PanelPinUnavailable(f"{name}: pin {pin}: {type(error).__name__}") from error

    def show(self, lamp: Lamp) -> None:  # noqa: D102
        for name in LAMPS:
            if name in self._devices:
                self._devices[name].value = name == lamp

    def light_reader(self, on: bool) -> None:  # noqa: D102
        if "reader" in self._devices:
            self._devices["reader"].value = on

    def play(self, sound: Sound) -> None:
        """Sound the buzzer without waiting; a new sound replaces one still playing."""
        if "buzzer" in self._devices:
            on_s, off_s, times = SOUNDS[sound]
            self._devices["buzzer"].beep(on_s, off_s, times, background=True)
            self.last_sound, self.sounds_played = sound, self.sounds_played + 1

    def watch(self, notify: Callable[[Literal["presence", "absence", "call_staff"]], None]) -> None:
        """Tell of presence and of each press of the button, from threads of their own."""
        if "presence" in self._devices:
            self._watch_input("presence", lambda there: notify("presence" if there else "absence"))
        if "call_staff" in self._devices:
            self._watch_input("call_staff", lambda down: notify("call_staff") if down else None)

    def _watch_input(self, name: str, tell: Callable[[bool], None]) -> None:
        self._inputs.append(SettledInput(self._devices[name], tell))

    def lamps(self) -> dict[str, bool]:
        """Which of the fitted lamps are lit: free, busy, out_of_order, reader."""
        return {name: bool(self._devices[name].value) for name in (*LAMPS, "reader") if name in self._devices}

    def pin(self, name: str) -> Any:
        """The gpiozero pin of a fitted part, for the rig's hands. Raises: PanelPinUnavailable."""
        if name not in self._devices:
            raise PanelPinUnavailable(f"{name} is not fitted")
        return self._devices[name].pin

    def close(self) -> None:
        """Lamps out, pins released, threads ended; may be called twice."""
        for watched in self._inputs:
            watched.close()
        self._inputs.clear()
        for device in self._devices.values():
            device.close()
        self._devices.clear()
        self._factory.close()
