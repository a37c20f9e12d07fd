"""A simulated printer on a port, a driver connected to it, and slips to print."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from PIL import Image, ImageChops

from kiosk.messages import PrintSlip
from kiosk.settings import PrinterSettings
from printer import gallery
from printer.device import EscPosPrinter
from printer.simulated import SimulatedPrinter

ANSWER_TIMEOUT_S = 0.4


@pytest.fixture
def simulated() -> Iterator[SimulatedPrinter]:
    printer = SimulatedPrinter().start()
    yield printer
    printer.stop()


@pytest.fixture
def printer(simulated: SimulatedPrinter) -> Iterator[EscPosPrinter]:
    driver = connect(simulated)
    yield driver
    driver.close()


def connect(simulated: SimulatedPrinter, **settings: Any) -> EscPosPrinter:
    options = PrinterSettings.model_validate({"port": simulated.port, **settings})
    return EscPosPrinter(options, gallery.default_fonts(), ANSWER_TIMEOUT_S)


def slip(
    template: str = "staff_slip", language: str = "vi", slip_id: UUID | None = None, timeout_s: float = 5.0
) -> PrintSlip:
    return PrintSlip(
        session_id=uuid4(),
        slip_id=slip_id or uuid4(),
        template=template,
        language=language,
        values=gallery.SAMPLES[language][template],
        qr=gallery.QR,
        timeout_s=timeout_s,
    )


@pytest.fixture(name="slip")
def slip_factory() -> Callable[..., PrintSlip]:
    return slip


@pytest.fixture(name="connect")
def connect_factory() -> Callable[..., EscPosPrinter]:
    return connect


def same(left: Image.Image, right: Image.Image) -> bool:
    return left.size == right.size and ImageChops.logical_xor(left, right).getbbox() is None


@pytest.fixture(name="same")
def same_pictures() -> Callable[[Image.Image, Image.Image], bool]:
    return same
