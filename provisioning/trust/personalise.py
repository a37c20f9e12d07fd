"""Personalising a demonstration card for one of the rig's people: genuine, or wrong in one named way."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image

from drivers.card_reader.virtual_chip import ChipBehaviour, ChipImage
from provisioning.rig.people import CardData, Persona
from provisioning.trust import chip_description, data_groups
from provisioning.trust.issuer import DemoTrust, Issuer, impostor_of
from provisioning.trust.security_object import make_sod

_COM, _SOD, _DG2 = 0x011E, 0x011D, 0x0102
_FINGERPRINTS = bytes.fromhex("6303020100")
"""A DG3 that nobody may read; only its hash is ever used."""
_EXPIRED_ON = date(2024, 1, 31)
_AT_LEAST = timedelta(days=30)
"""How long an expired card was valid, should it be younger than _EXPIRED_ON."""


class Variant(StrEnum):
    """What is wrong with a card."""

    GENUINE = "genuine"
    BAC_ONLY = "bac-only"
    """An older chip: no PACE, so six digits do not open it."""
    EXPIRED = "expired"
    WITHOUT_PORTRAIT = "no-portrait"
    """As a child's card is made."""
    WITHOUT_CHIP_PROOF = "without-chip-proof"
    """A chip without chip authentication."""
    UNKNOWN_ISSUER = "unknown-issuer"
    FORGED_SOD = "forged-sod"
    """The true signer's certificate, the forger's signature."""
    FORGED_SIGNER = "forged-signer"
    """A signer who claims the trusted CSCA without its signature."""
    ALTERED_DG1 = "altered-dg1"
    """Another name, the rest of the files untouched."""
    ALTERED_DG2 = "altered-dg2"
    """One byte of the portrait; where the card has none, a portrait the issuer never saw."""
    CLONED = "cloned"
    """All files copied, the chip's private key not."""
    CLONE_WITHOUT_PROOF = "clone-without-proof"
    """A clone that refuses chip authentication instead of failing it."""
    PACE_HIDDEN = "pace-hidden"
    """EF.CardAccess rewritten so that the kiosk falls back to BAC."""


@dataclass(frozen=True)
class _Making:
    """A card in the making."""

    card: CardData
    files: dict[int, bytes]
    chip_key: ec.EllipticCurvePrivateKey
    signer: Issuer


def personalise(
    persona: Persona, portrait: bytes | None, trust: DemoTrust, variant: Variant | str = Variant.GENUINE
) -> ChipImage:
    """A card for `persona` with this portrait (JPEG, JPEG 2000 or none), wrong as `variant` says."""
    variant = Variant(variant)
    making = _make(persona, portrait, trust, variant)
    files = {0x0100 + number: contents for number, contents in making.files.items()}
    files[_COM] = data_groups.ef_com(sorted(making.files))
    files[_SOD] = _sod(making, variant)
    _alter(files, making, variant)
    fields = data_groups.mrz_fields(making.card)
    chip_key = ec.generate_private_key(ec.BrainpoolP256R1()) if variant is Variant.CLONED else making.chip_key
    has_proof = variant is not Variant.WITHOUT_CHIP_PROOF
    speaks_pace = variant is not Variant.BAC_ONLY
    return ChipImage(
        name=f"{persona.id}-{variant}",
        card_access=_card_access(variant),
        files=files,
        can=making.card.can if speaks_pace else None,
        mrz_key=(fields.document_number, fields.date_of_birth, fields.date_of_expiry),
        chip_private_key=chip_key.private_numbers().private_value if has_proof else None,
        behaviour=ChipBehaviour(speaks_pace=speaks_pace, proves_itself=variant is not Variant.CLONE_WITHOUT_PROOF),
    )


def _make(persona: Persona, portrait: bytes | None, trust: DemoTrust, variant: Variant) -> _Making:
    card = persona.card
    if variant is Variant.EXPIRED:
        expiry = max(_EXPIRED_ON, card.date_of_issue + _AT_LEAST)
        card = card.model_copy(update={"date_of_expiry": expiry})
    chip_key = ec.generate_private_key(ec.BrainpoolP256R1())
    described_key = None if variant is Variant.WITHOUT_CHIP_PROOF else chip_key.public_key()
    files = {
        1: data_groups.dg1(data_groups.mrz_fields(card)),
        3: _FINGERPRINTS,
        13: data_groups.dg13(card),
        14: chip_description.dg14(described_key, offers_pace=variant is not Variant.BAC_ONLY),
    }
    if portrait is not None and variant is not Variant.WITHOUT_PORTRAIT:
        files[2] = data_groups.dg2(portrait)
    return _Making(card, files, chip_key, _issuer(card, trust, variant))


def _issuer(card: CardData, trust: DemoTrust, variant: Variant) -> Issuer:
    is_unknown = variant is Variant.UNKNOWN_ISSUER or card.issuer == "unknown"
    return trust.unknown if is_unknown else trust.trusted


def _sod(making: _Making, variant: Variant) -> bytes:
    signer, key = making.signer.signer, making.signer.signer_key
    if variant is Variant.FORGED_SOD:
        key = ec.generate_private_key(ec.BrainpoolP256R1())
    if variant is Variant.FORGED_SIGNER:
        forger = impostor_of(making.signer)
        signer, key = forger.signer, forger.signer_key
    return make_sod(making.files, signer, key)


def _alter(files: dict[int, bytes], making: _Making, variant: Variant) -> None:
    """What a forger changes after the signature."""
    if variant is Variant.ALTERED_DG1:
        fields = replace(data_groups.mrz_fields(making.card), secondary_identifier="VAN GIA")
        files[0x0101] = data_groups.dg1(fields)
    if variant is Variant.ALTERED_DG2:
        original = files.get(_DG2) or data_groups.dg2(_blank_portrait())
        files[_DG2] = original[:-2] + bytes((original[-2] ^ 0xFF, original[-1]))


def _blank_portrait() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (60, 80), (205, 205, 205)).save(file, "JPEG")
    return file.getvalue()


def _card_access(variant: Variant) -> bytes | None:
    if variant is Variant.BAC_ONLY:
        return None
    return chip_description.card_access(offers_pace=variant is not Variant.PACE_HIDDEN)
