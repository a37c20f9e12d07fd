"""The panel for another process, the rig's: what its lamps and buzzer do, and hands at its button and sensor."""

from __future__ import annotations

from typing import Protocol

from pydantic import Field

from drivers.panel import mock_panel
from drivers.panel.gpio_panel import LAMPS, GpioPanel
from kiosk.messages import Message, Nothing
from kiosk.ports import Lamp, Sound


class PanelState(Message):
    """The panel as somebody before it sees and hears it; `tones` counts the buzzer's own, three to a warning."""

    lamp: Lamp | None
    reader_light: bool
    last_sound: Sound | None
    sounds_played: int = Field(ge=0)
    tones: int = Field(ge=0)
    somebody_there: bool


class Presence(Message):
    """Somebody stands before the kiosk, or nobody."""

    there: bool


class PanelService(Protocol):
    """What the rig's process asks of the panel."""

    def state(self, message: Nothing) -> PanelState: ...  # noqa: D102
    def press_call_staff(self, message: Nothing) -> Nothing: ...  # noqa: D102
    def stand_before(self, message: Presence) -> Nothing: ...  # noqa: D102


class MockPanelService:
    """Serves PanelService on a panel with mock pins; only the rig's profile does, with kiosk.rpc.Server."""

    def __init__(self, panel: GpioPanel) -> None:
        self._panel = panel

    def state(self, message: Nothing) -> PanelState:
        """What the pins say."""
        lit = self._panel.lamps()
        return PanelState(
            lamp=next((lamp for lamp in LAMPS if lit.get(lamp)), None),
            reader_light=lit.get("reader", False),
            last_sound=self._panel.last_sound,
            sounds_played=self._panel.sounds_played,
            tones=mock_panel.tones(self._panel),
            somebody_there=mock_panel.somebody_there(self._panel),
        )

    def press_call_staff(self, message: Nothing) -> Nothing:
        """A finger on the button. Raises: PanelPinUnavailable."""
        mock_panel.press_call_staff(self._panel)
        return Nothing()

    def stand_before(self, message: Presence) -> Nothing:
        """Step up, or walk away. Raises: PanelPinUnavailable."""
        mock_panel.stand_before(self._panel, message.there)
        return Nothing()
