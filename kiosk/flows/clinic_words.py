"""What a clinic visit's screens say of the patient: the visitor, or the child a carer brought."""

from __future__ import annotations

from kiosk.flows.identify.words import words
from kiosk.flows.views import Words
from kiosk.session import Session


def of_patient(session: Session, area: str, key: str, **values: str) -> Words:
    """Words that speak to the patient, or of the child."""
    return words(f"{area}_child.{key}" if session.for_child else f"{area}.{key}", **values)


def names(session: Session) -> tuple[tuple[Words, Words], ...]:
    """Who is registered, and by whom if not by themself."""
    patient, label = session.patient, "clinic_check_in.confirm."
    name = words("identify.plain", text=patient.document.name)
    if patient.carer is None:
        return ((words(label + "name"), name),)
    carers_name = words("identify.plain", text=patient.carer.document.name)
    return ((words(label + "childs_name"), name), (words(label + "carers_name"), carers_name))
