import pytest

from kiosk.errors import CardQrInvalid
from kiosk.identity import card_qr
from provisioning.rig import people
from provisioning.trust import data_groups
from provisioning.trust.card_qr import card_qr_payload

CARD = "098092007358|098765432|Trần Quang Minh|30091992|Nam|Thôn Lương Nông, Tuy Phước, Gia Lai|15112021"


@pytest.mark.parametrize("who", [persona.id for persona in people.everybody()])
def test_keys_from_the_qr_open_the_chip_of_every_persona(who: str) -> None:
    """Both ways: the CAN, and the MRZ with the expiry worked out, among at most two candidates."""
    persona = people.load(who)
    claimed = card_qr.parse(card_qr_payload(persona.card))
    fields = data_groups.mrz_fields(persona.card)
    assert claimed.citizen_number == persona.card.citizen_number
    assert claimed.access_keys.can == persona.card.can
    key = (fields.document_number, fields.date_of_birth, fields.date_of_expiry)
    assert key in claimed.access_keys.mrz_candidates
    assert len(claimed.access_keys.mrz_candidates) <= 2


def test_further_fields_of_newer_cards_are_left_alone() -> None:
    """They name the holder's parents: more than a kiosk needs."""
    newer = card_qr.parse(CARD + "||Trần Văn Mẫu|Lê Thị Mẫu|")
    assert newer == card_qr.parse(CARD)
    assert "Mẫu" not in str(vars(newer)) + str(vars(newer.access_keys))


@pytest.mark.parametrize("fields_before", [1, 3, 4, 6])
def test_a_newer_card_with_its_fields_elsewhere_is_refused(fields_before: int) -> None:
    """A form nobody has published may put them anywhere; a wrong key is never tried."""
    fields = CARD.split("|")
    with pytest.raises(CardQrInvalid):
        card_qr.parse("|".join([*fields[:fields_before], "new", *fields[fields_before:]]))


@pytest.mark.parametrize("word", ["Nam", "Nữ", "nữ", "Nu\u031b\u0303", " NAM "])
def test_gender_is_read_in_either_unicode_form_and_case(word: str) -> None:
    assert card_qr.parse(CARD.replace("Nam|", f"{word}|"))


def test_name_and_address_are_not_kept() -> None:
    claimed = card_qr.parse(CARD)
    assert "Minh" not in repr(claimed)
    assert "Minh" not in str(vars(claimed)) + str(vars(claimed.access_keys))


@pytest.mark.parametrize(
    "payload",
    [
        "", "https://example.vn/menu", "|" * 6, "|" * 40, CARD[1:], CARD.rsplit("|", 1)[0],
        CARD.replace("30091992", "31091992"), CARD.replace("30091992", "300992"), CARD.replace("30091992", "1992"),
        CARD.replace("15112021", "15111921"), CARD.replace("15112021", ""), CARD.replace("Nam", "M"),
        CARD.replace("098092007358", "09809200735X"), CARD + "x" * 1000, CARD.replace("3009", "３009"),
    ],
)  # fmt: skip
def test_what_is_no_card_qr_is_refused(payload: str) -> None:
    with pytest.raises(CardQrInvalid):
        card_qr.parse(payload)
