"""Personalising a demonstration card for one of the rig's people: genuine, or wrong in one named way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric import ec

from drivers.card_reader.virtual_chip import ChipBehaviour, ChipImage
from provisioning.rig.people import CardData, Persona
from provisioning.trust import chip_description, data_groups
from provisioning.trust.issuer import DemoTrust, Issuer, impostor_of
from provisioning.trust.security_object import make_sod

_COM, _SOD = 0x011E, 0x011D
_FINGERPRINTS = bytes.fromhex("6303020100")
"""A DG3 that nobody may read; only its hash is ever used."""
_EXPIRED_ON = date(2024, 1, 31)


class Variant(StrEnum):
    """What is wrong with a card."""

    GENUINE = "genuine"
    BAC_ONLY = "bac-only"
    """An older chip: no PACE, so six digits do not open it."""
    EXPIRED = "expired"
    WITHOUT_PORTRAIT = "no-portrait"
    """A child's card."""
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
    persona: Persona, portrait_jpeg: bytes, trust: DemoTrust, variant: Variant | str = Variant.GENUINE
) -> ChipImage:
    """A card for `persona` with this portrait (JPEG or JPEG 2000), wrong as `variant` says."""
    variant = Variant(variant)
    making = _make(persona, portrait_jpeg, trust, variant)
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


def _make(persona: Persona, portrait: bytes, trust: DemoTrust, variant: Variant) -> _Making:
    card = persona.card
    if variant is Variant.EXPIRED:
        card = card.model_copy(update={"date_of_expiry": _EXPIRED_ON})
    chip_key = ec.generate_private_key(ec.BrainpoolP256R1())
    described_key = None if variant is Variant.WITHOUT_CHIP_PROOF else chip_key.public_key()
    files = {
        1: data_groups.dg1(data_groups.mrz_fields(card)),
        2: data_groups.dg2(portrait),
        3: _FINGERPRINTS,
        13: data_groups.dg13(card),
        14: chip_description.dg14(described_key, offers_pace=variant is not Variant.BAC_ONLY),
    }
    if variant is Variant.WITHOUT_PORTRAIT:
        del files[2]
    return _Making(card, files, chip_key, trust.unknown if variant is Variant.UNKNOWN_ISSUER else trust.trusted)


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
        original = files[0x0102]
        files[0x0102] = original[:-2] + bytes((original[-2] ^ 0xFF, original[-1]))


def _card_access(variant: Variant) -> bytes | None:
    if variant is Variant.BAC_ONLY:
        return None
    return chip_description.card_access(offers_pace=variant is not Variant.PACE_HIDDEN)
