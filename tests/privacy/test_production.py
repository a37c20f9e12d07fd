"""The three processes in the production profile, as far as they go without a camera: what they make, and where.

Simulators are refused there, so no visit can be made; that visits write nowhere else is shown on the rig, whose
processes can write nowhere else. Here it is shown that what the rig adds for itself is not there in production.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from drivers.card_reader.virtual_reader import start_pcscd
from kiosk.supervisor import Supervisor
from printer.simulated.server import SimulatedPrinter
from provisioning.rig.rig_settings import write_settings
from provisioning.rig.site.server import StandInSite

from .shut_in import shut_in

pytestmark = pytest.mark.timeout(600)

STARTED = ('"glass_opened"', '"event": "health"')
RIGS_OWN = {"pilot.sock", "keys.sock", "world.json", "glass.json", "timeline.jsonl"}
PRODUCTION = {
    "profile": "production",
    "reader": {"simulated": False},
    "camera": {"driver": "v4l2", "device": "/dev/video-that-is-not-there", "lockstep": False, "frames_per_s": 15},
    "printer": {"simulated": False},
    "panel": {"driver": "none"},
}


def a_csca(directory: Path) -> Path:
    """A CSCA that is no demonstration issuer."""
    key = ec.generate_private_key(ec.BrainpoolP384R1())
    name = x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"), x509.NameAttribute(NameOID.COMMON_NAME, "CSCA")]
    )
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA384())
    )
    directory.mkdir()
    (directory / "csca.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    return directory


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[set[str], Path]]:
    """The names of the files in the runtime directory while all three run, and their empty working directory."""
    place = tmp_path_factory.mktemp("production")
    runtime_dir = Path(tempfile.mkdtemp(prefix="kiosk-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
    here = place / "here"
    for directory in (here, runtime_dir / "home", runtime_dir / "tmpdir"):
        directory.mkdir()
    pcscd = start_pcscd(place / "pcscd")
    with pytest.MonkeyPatch.context() as patch, StandInSite(place / "site") as site:
        printer = SimulatedPrinter().start()
        settings = write_settings(
            runtime_dir,
            site=site,
            printer_port=printer.port,
            csca_dir=a_csca(place / "csca"),
            shape="landscape",
            offscreen=True,
            lockstep=False,
            overrides=PRODUCTION,
        )
        patch.chdir(here)
        own = {"HOME": str(runtime_dir / "home"), "TMPDIR": str(runtime_dir / "tmpdir")}
        environment = {**os.environ, **pcscd.client_environment, **own}
        try:
            with (place / "log").open("wb") as log:
                kiosk = Supervisor(settings, environment, log, shut_in(runtime_dir))
                kiosk.start()
                try:
                    _wait_until_all_have_started(kiosk, place / "log")
                    yield {str(path.relative_to(runtime_dir)) for path in runtime_dir.rglob("*")}, here
                finally:
                    kiosk.stop()
        finally:
            printer.stop()
            pcscd.stop()
            shutil.rmtree(runtime_dir)


def _wait_until_all_have_started(kiosk: Supervisor, log: Path) -> None:
    deadline = time.monotonic() + 120
    while not all(word in log.read_text(encoding="utf-8") for word in STARTED):
        assert all(child.poll() is None for child in kiosk.children.values()), log.read_text(encoding="utf-8")
        assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
        time.sleep(0.1)


def test_production_makes_nothing_that_is_the_rigs_own(made: tuple[set[str], Path]) -> None:
    files, _ = made
    assert {"vision.sock", "link.sock", "preview", "kiosk.db"} <= files
    assert files & RIGS_OWN == set()


def test_production_makes_nothing_but_its_record_its_sockets_and_the_preview(made: tuple[set[str], Path]) -> None:
    files, here = made
    assert {name for name in files if not name.startswith("home/.cache")} == {
        "home",
        "tmpdir",
        *("kiosk.toml", "lockout.json"),  # documents as digests under a key of this boot
        *("kiosk.db", "kiosk.db-shm", "kiosk.db-wal", "kiosk.db.lock", "kiosk.key"),
        *("vision.sock", "link.sock", "preview"),
    }
    assert list(here.iterdir()) == []
