import io
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
import skimage.data
from PIL import Image

from drivers.card_reader.virtual_chip import ChipImage
from drivers.card_reader.virtual_chip.chip import Chip
from drivers.card_reader.virtual_chip.departure import CardLeaves, Departure
from kiosk.emrtd.csca import TrustStore
from kiosk.errors import CardRemoved
from provisioning.rig import people
from provisioning.rig.people import Persona
from provisioning.trust.issuer import DemoTrust, make_demo_trust
from provisioning.trust.personalise import personalise

TODAY = date(2026, 11, 25)


class ChipInHand:
    """A modelled chip without a reader in between; counts and keeps what is sent, and can be pulled away."""

    def __init__(self, image: ChipImage, leaves: Departure | None = None) -> None:
        self.chip = Chip(image, leaves)
        self.commands: list[bytes] = []
        self.leave_after: int | None = None
        self.tamper: Callable[[bytes], bytes] = bytes

    def transmit(self, command: bytes) -> bytes:
        self.commands.append(command)
        if self.leave_after is not None and len(self.commands) > self.leave_after:
            raise CardRemoved("pulled")
        try:
            return self.tamper(self.chip.answer(command))
        except CardLeaves:
            raise CardRemoved("pulled") from None


class Script:
    """A card that expects exactly these commands and gives exactly these answers (hex, spaces allowed)."""

    def __init__(self, *exchanges: tuple[str, str]) -> None:
        self._exchanges: Iterator[tuple[str, str]] = iter(exchanges)
        self.sent: list[str] = []

    def transmit(self, command: bytes) -> bytes:
        expected, answer = next(self._exchanges)
        assert command.hex().upper() == expected.replace(" ", "").upper()
        self.sent.append(command.hex())
        return bytes.fromhex(answer)


@pytest.fixture(scope="session")
def script() -> type[Script]:
    return Script


@pytest.fixture(scope="session")
def today() -> date:
    return TODAY


@pytest.fixture(scope="session")
def trust(tmp_path_factory: pytest.TempPathFactory) -> DemoTrust:
    return make_demo_trust(tmp_path_factory.mktemp("trust"))


@pytest.fixture(scope="session")
def store(trust: DemoTrust) -> TrustStore:
    return TrustStore.load(trust.csca_dir, allow_demo=True)


@pytest.fixture(scope="session")
def portraits() -> dict[str, bytes]:
    """One face as JPEG and as JPEG 2000, about the size real cards store."""
    picture = Image.fromarray(skimage.data.astronaut()).resize((360, 480))
    encoded = {}
    for kind, options in {
        "JPEG": {"quality": 55},
        "JPEG2000": {"quality_mode": "rates", "quality_layers": [25]},
    }.items():
        buffer = io.BytesIO()
        picture.save(buffer, kind, **options)
        encoded[kind] = buffer.getvalue()
    return encoded


@pytest.fixture(scope="session")
def persona() -> Persona:
    return people.load("minh")


@pytest.fixture
def make_card(persona: Persona, portraits: dict[str, bytes], trust: DemoTrust) -> Callable[..., ChipImage]:
    """`make_card(variant, **behaviour)`."""

    def make(
        variant: str = "genuine", who: Persona = persona, portrait: str = "JPEG", **behaviour: object
    ) -> ChipImage:
        image = personalise(who, portraits[portrait], trust, variant)
        quick = {"delay_after_failure_s": 0.0, **behaviour}
        return image.model_copy(update={"behaviour": image.behaviour.model_copy(update=quick)})

    return make


@pytest.fixture
def in_hand() -> type[ChipInHand]:
    return ChipInHand


@pytest.fixture(scope="session")
def tmp_certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("certificates")
