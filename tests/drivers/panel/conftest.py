"""A panel on gpiozero's mock pins."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from drivers.panel.gpio_panel import GpioPanel
from kiosk.settings import PanelSettings


@pytest.fixture
def make_panel(tmp_path: Path) -> Iterator[Callable[..., GpioPanel]]:
    with ExitStack() as panels:

        def make(**options: Any) -> GpioPanel:
            settings = PanelSettings.model_validate({"driver": "mock", **options})
            return panels.enter_context(closing(GpioPanel(settings, tmp_path)))

        yield make


@pytest.fixture
def panel(make_panel: Callable[..., GpioPanel]) -> GpioPanel:
    return make_panel()
