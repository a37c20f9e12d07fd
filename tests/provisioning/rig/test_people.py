"""The rig's people: invented, whole, and between them every kind of visitor that the table of failures needs."""

import tomllib
from datetime import date

import pytest
from pydantic import ValidationError

from kiosk.identity.age import is_adult, is_young_child
from kiosk.identity.card_validity import expiry_candidates
from kiosk.identity.citizen_number import CitizenNumber
from provisioning.rig import people, scenes
from provisioning.rig.people import Persona

EVERYBODY = people.everybody()
TODAY = date.today()


def values(name: str) -> dict:
    return {"id": name, **tomllib.loads((people.PEOPLE_DIR / f"{name}.toml").read_text(encoding="utf-8"))}


def only(persona_is_one) -> Persona:
    [found] = filter(persona_is_one, EVERYBODY)
    return found


def test_there_are_at_least_eight_people_and_eight_faces():
    assert len(EVERYBODY) > len(people.with_faces()) >= 8


def test_whose_visit_goes_well_comes_first_and_the_rest_by_id():
    names = [persona.id for persona in EVERYBODY]
    assert names == ["lan", *sorted(set(names) - {"lan"})]


def test_no_two_share_a_number_the_last_six_digits_or_a_name():
    for what in ("citizen_number", "can", "name"):
        assert len({getattr(persona.card, what) for persona in EVERYBODY}) == len(EVERYBODY)


@pytest.mark.parametrize("persona", EVERYBODY, ids=lambda persona: persona.id)
def test_a_number_belongs_to_no_province_and_tells_the_century(persona):
    number = CitizenNumber.parse(persona.card.citizen_number)
    assert number.text.startswith("098")
    assert number.birth_century <= persona.card.date_of_birth.year < number.birth_century + 100


@pytest.mark.parametrize("persona", EVERYBODY, ids=lambda persona: persona.id)
def test_a_card_holds_as_long_as_the_law_says(persona):
    card = persona.card
    assert card.date_of_expiry in expiry_candidates(card.date_of_birth, card.date_of_issue)
    assert (card.generation == 2024) == (card.date_of_issue >= date(2024, 7, 1))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("citizen_number", "097185004127"),
        ("citizen_number", "098085004127"),
        ("citizen_number", "098385004127"),
        ("citizen_number", "098186004127"),
        ("gender", "male"),
        ("date_of_birth", date(2085, 4, 12)),
    ],
)
def test_a_number_that_contradicts_its_holder_is_refused(field, value):
    file = values("lan")
    file["card"][field] = value
    with pytest.raises(ValidationError):
        Persona.model_validate(file)


def test_a_persona_without_a_face_needs_a_carer_and_nobody_else_has_one():
    child, adult = values("nhi"), values("lan")
    del child["carer"]
    for file in (child, {**adult, "carer": "tu"}):
        with pytest.raises(ValidationError):
            Persona.model_validate(file)


def test_one_is_a_child_under_six_who_comes_with_an_insured_adult():
    child = only(lambda persona: persona.face is None)
    assert is_young_child(child.card.date_of_birth, TODAY)
    carer = people.load(child.before_the_camera)
    assert carer.id == child.carer
    assert carer.face
    assert is_adult(carer.card.date_of_birth, TODAY)
    assert child.hospital.insurance == carer.hospital.insurance == "valid"
    assert child.hospital.insurance_card.startswith("TE1")


def test_one_cannot_do_the_face_check_and_says_so():
    assert "staff" in only(lambda persona: persona.face_check == "cannot").summary


def test_one_holds_a_card_that_has_run_out():
    expired = only(lambda persona: persona.card.date_of_expiry and persona.card.date_of_expiry < TODAY)
    assert expired.face


def test_one_holds_a_card_of_an_issuer_the_kiosk_does_not_know():
    assert only(lambda persona: persona.card.issuer == "unknown").face


def test_one_has_a_name_of_sixty_letters():
    assert only(lambda persona: sum(map(str.isalpha, persona.card.name)) == 60).face


def test_an_adult_holds_the_card_of_2024():
    assert only(lambda persona: persona.card.generation == 2024 and persona.face)


def test_every_state_of_insurance_is_met_by_somebody_who_comes_as_far_as_that():
    """With a good card, known to the kiosk, and a face it can check."""
    sound = [
        persona
        for persona in people.with_faces()
        if persona.card.issuer == "trusted"
        and persona.face_check == "can"
        and (persona.card.date_of_expiry or TODAY) >= TODAY
    ]
    states = {persona.hospital.insurance for persona in sound}
    assert states == {"valid", "not_insured", "expired", "name_differs", "portal_down"}


@pytest.mark.parametrize("persona", EVERYBODY, ids=lambda persona: persona.id)
def test_whoever_lays_a_card_down_somebody_with_a_face_stands_there(persona):
    faces = {other.id for other in people.with_faces()}
    holder = scenes.world("person", persona.id, 300)
    assert holder.persona in faces
    assert holder.holds_card == persona.id
    another = scenes.world("another-person", persona.id, 300)
    assert another.persona in faces - {holder.persona}
