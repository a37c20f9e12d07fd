"""Demonstration issuers and cards: made once, kept private, and worth nothing outside the rig."""

import io
import stat
import subprocess
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from PIL import Image

from kiosk.emrtd import dg1, dg2, dg13, sod, tlv
from kiosk.emrtd.csca import TrustStore
from kiosk.emrtd.dg13 import Dg13Field
from kiosk.errors import DemoIssuerRefused
from provisioning.rig import people
from provisioning.trust import data_groups
from provisioning.trust.issuer import DemoTrust, make_demo_trust
from provisioning.trust.personalise import Variant, personalise


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> DemoTrust:
    return make_demo_trust(tmp_path_factory.mktemp("trust"))


@pytest.fixture(scope="module")
def portrait() -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((300, 400), 60).save(buffer, "JPEG", quality=40)
    return buffer.getvalue()


def test_issuers_are_made_once_and_found_again(tmp_path: Path) -> None:
    first, second = make_demo_trust(tmp_path), make_demo_trust(tmp_path)
    assert first.trusted.csca == second.trusted.csca
    assert first.unknown.csca == second.unknown.csca
    assert first.trusted.csca != first.unknown.csca


def test_signing_keys_are_for_the_owner_alone(tmp_path: Path) -> None:
    make_demo_trust(tmp_path)
    keys = list(tmp_path.rglob("*.key"))
    assert len(keys) == 2
    assert {stat.S_IMODE(key.stat().st_mode) for key in keys} == {0o600}


def test_kiosk_trusts_the_one_issuer_and_not_the_other(trust: DemoTrust) -> None:
    store = TrustStore.load(trust.csca_dir, allow_demo=True)
    assert [issuer.encoded for issuer in store.issuers] == [trust.trusted.csca.public_bytes(Encoding.DER)]


def test_production_refuses_both(trust: DemoTrust, tmp_path: Path) -> None:
    (tmp_path / "unknown.pem").write_bytes(trust.unknown.csca.public_bytes(Encoding.PEM))
    for directory in (trust.csca_dir, tmp_path):
        with pytest.raises(DemoIssuerRefused):
            TrustStore.load(directory, allow_demo=False)


def test_openssl_agrees_with_the_chain(trust: DemoTrust, tmp_path: Path) -> None:
    (tmp_path / "csca.pem").write_bytes(trust.trusted.csca.public_bytes(Encoding.PEM))
    (tmp_path / "signer.pem").write_bytes(trust.trusted.signer.public_bytes(Encoding.PEM))
    command = ["openssl", "verify", "-CAfile", tmp_path / "csca.pem", tmp_path / "signer.pem"]
    assert "OK" in subprocess.run(command, capture_output=True, text=True).stdout


EVERYBODY = [persona.id for persona in people.everybody()]


@pytest.mark.parametrize("who", EVERYBODY)
def test_card_holds_the_persona(trust: DemoTrust, portrait: bytes, who: str) -> None:
    persona = people.load(who)
    image = personalise(persona, portrait if persona.face else None, trust)
    holder = dg1.parse(image.files[0x0101])
    assert holder.citizen_number == persona.card.citizen_number
    assert (holder.date_of_birth, holder.date_of_expiry) == (
        persona.card.date_of_birth,
        persona.card.date_of_expiry,
    )
    assert dg13.parse(image.files[0x010D], {Dg13Field.NAME}) == {Dg13Field.NAME: (persona.card.name,)}
    assert image.can == persona.card.can
    if persona.face:
        assert dg2.portrait(image.files[0x0102]) == portrait


def test_card_of_a_child_has_no_portrait_nor_says_it_has(trust: DemoTrust) -> None:
    image = personalise(people.load("nhi"), None, trust)
    assert 0x0102 not in image.files
    assert 2 not in sod.parse(image.files[0x011D]).hashes
    assert b"\x75" not in tlv.parse_one(image.files[0x011E], 0x60).child(0x5C).value


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("variant", Variant)
def test_every_persona_can_be_given_every_card(
    trust: DemoTrust, portrait: bytes, who: str, variant: Variant
) -> None:
    persona = people.load(who)
    image = personalise(persona, portrait if persona.face else None, trust, variant)
    has_portrait = persona.face is not None and variant is not Variant.WITHOUT_PORTRAIT
    assert (0x0102 in image.files) == (has_portrait or variant is Variant.ALTERED_DG2)
    expired_on = dg1.parse(image.files[0x0101]).date_of_expiry
    if variant is Variant.EXPIRED:
        assert expired_on is not None
        assert persona.card.date_of_issue < expired_on < date.today()
    is_of_unknown = variant is Variant.UNKNOWN_ISSUER or persona.card.issuer == "unknown"
    signer = (trust.unknown if is_of_unknown else trust.trusted).signer.public_bytes(Encoding.DER)
    assert (sod.parse(image.files[0x011D]).signer.encoded == signer) == (variant is not Variant.FORGED_SIGNER)


def test_portrait_put_into_a_childs_card_is_not_what_was_signed(trust: DemoTrust) -> None:
    image = personalise(people.load("nhi"), None, trust, Variant.ALTERED_DG2)
    assert image.files[0x0102]
    assert 2 not in sod.parse(image.files[0x011D]).hashes


@pytest.mark.parametrize("variant", Variant)
def test_hashes_in_the_sod_fit_every_file_but_the_altered_one(
    trust: DemoTrust, portrait: bytes, variant: Variant
) -> None:
    image = personalise(people.load("minh"), portrait, trust, variant)
    security_object = sod.parse(image.files[0x011D])
    unfit = {
        number
        for number in security_object.hashes
        if not security_object.matches(number, image.files[0x0100 + number])
    }
    assert unfit == {Variant.ALTERED_DG1: {1}, Variant.ALTERED_DG2: {2}}.get(variant, set())


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Nguyễn Thị Ngọc Lan", "NGUYEN THI NGOC LAN"),
        ("Đặng Văn Ước", "DANG VAN UOC"),
        ("Lý Ỷ", "LY Y"),
        ("H'Mrai Niê Kdăm", "HMRAI NIE KDAM"),
        ("Tôn-Nữ Hạ", "TON NU HA"),
    ],
)
def test_names_lose_their_diacritics_in_the_mrz(name: str, plain: str) -> None:
    assert data_groups.mrz_name(name) == plain


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Trần Quang Minh", "TRAN<<QUANG<MINH<<<<<<<<<<<<<<"),
        ("Minh", "MINH<<<<<<<<<<<<<<<<<<<<<<<<<<"),
        ("Nguyễn Hoàng Phương Thảo Ngân", "NGUYEN<<HOANG<PHUONG<THAO<NGAN"),
        ("Nguyễn Hoàng Phương Thảo Nguyên", "NGUYEN<<HOANG<PHUONG<THAO<NGUY"),
        # cut right after a name: the one before gives a letter, so that the last place has one
        ("Nguyễn Hoàng Phương Thảo Mai Ly", "NGUYEN<<HOANG<PHUONG<THAO<MA<L"),
        ("Nguyễn Hoàng Phương Thảo Y Na La", "NGUYEN<<HOANG<PHUONG<THAO<Y<NA"),
        ("Congtangtonnuthinguyenhoangphuong Lan", "CONGTANGTONNUTHINGUYENHOANG<<L"),
    ],
)
def test_long_names_are_cut_so_that_both_parts_are_seen_and_the_cut_too(name: str, line: str) -> None:
    primary, secondary = data_groups.mrz_identifiers(name)
    assert f"{primary}<<{secondary}".replace(" ", "<").ljust(30, "<") == line
