"""Ciphers and curves that Vietnamese cards are not known to use, against the modelled card."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from asn1crypto import core
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from drivers.card_reader.virtual_chip import ChipImage
from kiosk.emrtd import chip_authentication, security_infos, tlv
from kiosk.emrtd.channel import Channel
from kiosk.emrtd.csca import TrustStore
from kiosk.emrtd.inspection import inspect
from kiosk.emrtd.lds import EXTENDED_BLOCKS, FileReader, LdsFile, select_application
from kiosk.emrtd.pace import Password, establish, select
from kiosk.identity.verdict import DocumentVerdict
from kiosk.session import AccessKeys
from provisioning.rig.people import Persona
from provisioning.trust.issuer import DemoTrust
from provisioning.trust.security_object import make_sod

BSI = "0.4.0.127.0.7.2.2"


def info(oid: str, *rest: bytes) -> bytes:
    return tlv.encode(0x30, core.ObjectIdentifier(oid).dump(), *rest)


def integer(number: int) -> bytes:
    encoded: bytes = core.Integer(number).dump()
    return encoded


@pytest.mark.parametrize("curve", [12, 13])
@pytest.mark.parametrize("cipher", [1, 2, 3, 4], ids=["3DES", "AES-128", "AES-192", "AES-256"])
def test_pace_and_secure_messaging_with_every_cipher_and_curve(
    make_card: Callable[..., ChipImage], in_hand: Callable[..., Any], persona: Persona, cipher: int, curve: int
) -> None:
    offered = security_infos.parse(tlv.encode(0x31, info(f"{BSI}.4.2.{cipher}", integer(2), integer(curve))))
    channel = Channel(in_hand(make_card()))
    chosen = select(offered.pace)
    assert chosen
    establish(channel, chosen, Password.from_can(persona.card.can))
    assert select_application(channel)
    for blocks in (EXTENDED_BLOCKS, EXTENDED_BLOCKS[1:]):
        assert FileReader(channel, blocks).read(LdsFile.DG2) == make_card().files[0x0102]


@pytest.fixture
def triple_des_card(make_card: Callable[..., ChipImage], trust: DemoTrust) -> Callable[..., ChipImage]:
    """A card whose chip authentication is triple DES with MSE:Set KAT, with or without an info about it."""

    def make(*, is_inferred: bool) -> ChipImage:
        image = make_card()
        assert image.chip_private_key
        key = ec.derive_private_key(image.chip_private_key, ec.BrainpoolP256R1()).public_key()
        encoded = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        infos = [info(f"{BSI}.1.2", encoded), info(f"{BSI}.4.2.2", integer(2), integer(13))]
        if not is_inferred:
            infos.append(info(f"{BSI}.3.2.1", integer(1)))
        files = {**image.files, 0x010E: tlv.encode(0x6E, tlv.encode(0x31, *infos))}
        groups = {number: files[0x0100 + number] for number in (1, 2, 3, 13, 14)}
        files[0x011D] = make_sod(groups, trust.trusted.signer, trust.trusted.signer_key)
        return image.model_copy(update={"files": files})

    return make


@pytest.mark.parametrize("is_inferred", [True, False])
def test_chip_authentication_with_triple_des(
    triple_des_card: Callable[..., ChipImage],
    in_hand: Callable[..., Any],
    store: TrustStore,
    today: date,
    persona: Persona,
    *,
    is_inferred: bool,
) -> None:
    card = in_hand(triple_des_card(is_inferred=is_inferred))
    report = inspect(card, AccessKeys(persona.card.can), store, today=today, on_progress=lambda progress: None)
    assert report.verdict is DocumentVerdict.AUTHENTIC


def test_key_named_by_its_id_is_the_one_that_is_used() -> None:
    keys = tuple(
        security_infos.ChipAuthenticationPublicKeyInfo(security_infos.PUBLIC_KEY_ECDH, bytes((number,)), number)
        for number in (1, 2)
    )
    offered = (security_infos.ChipAuthenticationInfo(f"{BSI}.3.2.2", 1, 2),)
    offer = chip_authentication.select(security_infos.SecurityInfos((), offered, keys))
    assert offer
    assert offer.key is keys[1]


def test_version_2_and_finite_field_protocols_are_passed_over() -> None:
    offered = (
        security_infos.ChipAuthenticationInfo(f"{BSI}.3.2.2", 2, None),
        security_infos.ChipAuthenticationInfo(f"{BSI}.3.1.2", 1, None),
    )
    key = security_infos.ChipAuthenticationPublicKeyInfo(security_infos.PUBLIC_KEY_ECDH, b"", None)
    assert chip_authentication.select(security_infos.SecurityInfos((), offered, (key,))) is None
