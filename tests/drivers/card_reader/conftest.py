import io
import os
import queue
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from smartcard import scard

from drivers.card_reader.pcsc import PcscReader
from drivers.card_reader.virtual_chip import ChipImage, VirtualReader
from drivers.card_reader.virtual_reader import RunningPcscd, start_pcscd
from kiosk.emrtd.csca import TrustStore
from kiosk.ports import ReaderEvent
from provisioning.rig import people
from provisioning.rig.people import Persona
from provisioning.trust.issuer import DemoTrust, make_demo_trust
from provisioning.trust.personalise import personalise

EVENT_TIMEOUT_S = 10.0


class Watched:
    """A reader with the events it tells, in order."""

    def __init__(self, name_part: str = "") -> None:
        self.reader = PcscReader(name_part)
        self._events: queue.Queue[str] = queue.Queue()

    def start(self) -> None:
        self.reader.watch(self._keep)

    def _keep(self, event: ReaderEvent) -> None:
        self._events.put(event.kind)

    def next(self) -> str:
        return self._events.get(timeout=EVENT_TIMEOUT_S)

    def until(self, kind: str) -> None:
        while self.next() != kind:
            pass


@pytest.fixture(scope="session")
def pcscd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPcscd]:
    """One for the whole run: libpcsclite keeps the first socket path it was given."""
    running = start_pcscd(tmp_path_factory.mktemp("pcscd"))
    os.environ.update(running.client_environment)
    yield running
    running.stop()


@pytest.fixture
def place(pcscd: RunningPcscd) -> Iterator[VirtualReader]:
    reader = VirtualReader("127.0.0.1", pcscd.port)
    yield reader
    reader.take_off()
    wait_until_empty()


def wait_until_empty() -> None:
    """pcscd looks every 0.4 s; until it did, the next test would find the last one's card."""
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    present, (first, *_) = scard.SCARD_STATE_PRESENT, scard.SCardListReaders(context, [])[1]
    result, states = scard.SCardGetStatusChange(context, int(EVENT_TIMEOUT_S * 1000), [(first, present)])
    assert result == scard.SCARD_S_SUCCESS
    assert not states[0][1] & present
    scard.SCardReleaseContext(context)


@pytest.fixture
def watched(pcscd: RunningPcscd) -> Iterator[Watched]:
    watched = Watched()
    yield watched
    watched.reader.close()


@pytest.fixture(scope="session")
def persona() -> Persona:
    return people.load("lan")


@pytest.fixture(scope="session")
def trust(tmp_path_factory: pytest.TempPathFactory) -> DemoTrust:
    return make_demo_trust(tmp_path_factory.mktemp("trust"))


@pytest.fixture(scope="session")
def store(trust: DemoTrust) -> TrustStore:
    return TrustStore.load(trust.csca_dir, allow_demo=True)


@pytest.fixture(scope="session")
def portrait() -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((300, 400), 60).save(buffer, "JPEG", quality=40)
    return buffer.getvalue()


@pytest.fixture
def make_card(persona: Persona, portrait: bytes, trust: DemoTrust) -> Callable[[str], ChipImage]:
    return lambda variant: personalise(persona, portrait, trust, variant)
