"""Everything the card sends is hostile: a named error or a result, never a raw traceback or a hang."""

import contextlib
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drivers.card_reader.virtual_chip import ChipImage
from kiosk.emrtd import certificates, dg1, dg2, dg13, mrz, public_keys, security_infos, sod, tlv
from kiosk.emrtd.channel import Channel
from kiosk.emrtd.csca import TrustStore
from kiosk.emrtd.curves import BY_PARAMETER_ID
from kiosk.emrtd.dg13 import Dg13Field
from kiosk.emrtd.inspection import inspect
from kiosk.emrtd.lds import FileReader, LdsFile
from kiosk.emrtd.passive_authentication import authenticate
from kiosk.errors import ChipError, ReaderError
from kiosk.session import AccessKeys
from provisioning.rig.people import Persona
from provisioning.trust.issuer import DemoTrust
from provisioning.trust.personalise import personalise

QUICK = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def damaged(draw: st.DrawFn, original: bytes) -> bytes:
    """The original with a few bytes changed, cut out, doubled, or its end missing."""
    data = bytearray(original)
    for _ in range(draw(st.integers(1, 4))):
        position = draw(st.integers(0, max(len(data) - 1, 0)))
        match draw(st.sampled_from(["set", "cut", "double", "end"])):
            case "set":
                data[position : position + 1] = bytes((draw(st.integers(0, 255)),))
            case "cut":
                del data[position : position + draw(st.integers(1, 40))]
            case "double":
                data[position:position] = data[position : position + draw(st.integers(1, 40))]
            case "end":
                del data[position:]
    return bytes(data)


def parse_tlv_deeply(data: bytes) -> None:
    for item in tlv.parse(data):
        for inner in item.children():
            inner.children()


def judge_sod(data: bytes) -> None:
    security_object = sod.parse(data)
    authenticate(security_object, TrustStore((security_object.signer,)), date(2026, 1, 1))
    security_object.matches(1, b"")


def judge_certificate(data: bytes) -> None:
    certificate = certificates.parse(data)
    certificate.is_signed_by(certificate)


def load_key(data: bytes) -> None:
    public_keys.load(data)
    public_keys.curve_of(data)


def pss_certificate() -> bytes:
    key, name = rsa.generate_private_key(65537, 2048), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CSCA")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 17, datetime(2022, 1, 1), datetime(2037, 1, 1))
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    return builder.sign(key, hashes.SHA256(), rsa_padding=pss).public_bytes(Encoding.DER)


PARSERS: dict[str, Callable[[bytes], object]] = {
    "tlv": parse_tlv_deeply,
    "dg1": dg1.parse,
    "dg2": dg2.portrait,
    "dg13": lambda data: dg13.parse(data, set(Dg13Field)),
    "dg14": lambda data: security_infos.parse(tlv.parse_one(data, 0x6E).value),
    "sod": judge_sod,
    "certificate": judge_certificate,
    "PSS certificate": judge_certificate,
    "public key": load_key,
    "point": BY_PARAMETER_ID[13].decode,
    "mrz": lambda data: mrz.parse_td1(data.decode("latin-1")),
}


@pytest.fixture(scope="module")
def originals(persona: Persona, portraits: dict[str, bytes], trust: DemoTrust) -> dict[str, bytes]:
    files = personalise(persona, portraits["JPEG"], trust).files
    key = trust.trusted.signer_key.public_key()
    return {
        "tlv": files[0x011D],
        "dg1": files[0x0101],
        "dg2": files[0x0102][:600],
        "dg13": files[0x010D],
        "dg14": files[0x010E],
        "sod": files[0x011D],
        "certificate": trust.trusted.csca.public_bytes(Encoding.DER),
        "PSS certificate": pss_certificate(),
        "public key": key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "point": key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint),
        "mrz": files[0x0101][5:],
    }


@pytest.mark.parametrize("name", PARSERS)
@QUICK
@given(data=st.data())
def test_damaged_data_is_named_or_understood(name: str, originals: dict[str, bytes], data: st.DataObject) -> None:
    hostile = data.draw(damaged(originals[name]))
    with contextlib.suppress(ChipError):
        PARSERS[name](hostile)


@pytest.mark.parametrize("name", PARSERS)
@QUICK
@given(hostile=st.binary(max_size=200))
def test_noise_is_named(name: str, hostile: bytes) -> None:
    with contextlib.suppress(ChipError):
        PARSERS[name](hostile)


@QUICK
@given(answers=st.lists(st.binary(max_size=300), max_size=12))
def test_file_from_a_noisy_card_is_named(answers: list[bytes]) -> None:
    class NoisyCard:
        def transmit(self, command: bytes) -> bytes:
            return answers.pop() if answers else b"\x6a\x82"

    with contextlib.suppress(ChipError):
        FileReader(Channel(NoisyCard())).read(LdsFile.DG2)


@settings(QUICK, max_examples=40)
@given(data=st.data())
def test_whole_inspection_of_a_disturbed_card_ends_in_a_named_error_or_a_report(
    make_card: Callable[..., ChipImage],
    in_hand: Callable[..., Any],
    store: TrustStore,
    persona: Persona,
    data: st.DataObject,
) -> None:
    card = in_hand(make_card(largest_answer=100))
    disturbed_at = data.draw(st.integers(1, 30))

    def disturb(answer: bytes) -> bytes:
        is_hit = len(card.commands) % disturbed_at == 0
        changed: bytes = data.draw(damaged(answer)) if is_hit else answer
        return changed

    card.tamper = disturb
    with contextlib.suppress(ChipError, ReaderError):
        inspect(card, AccessKeys(persona.card.can), store, today=None, on_progress=lambda progress: None)
