"""A child under six comes with her mother: whom the hospital knows then, and what the kiosk knows afterwards."""

from __future__ import annotations

import json

from provisioning.rig import people

from .conftest import Hall

CHILD = people.load("nhi")
CARER = people.load(CHILD.before_the_camera)


def test_a_child_is_registered_with_her_mother_beside_her_and_both_are_forgotten(hall: Hall) -> None:
    before = hall.encounters_once_delivered()
    report = hall.visit(persona=CHILD.id, access="digits")
    assert (report.outcome, report.reason) == ("registered", None)
    assert [step.name for step in report.steps].count("CheckingFace") == 1

    assert hall.encounters_once_delivered() == before + 1
    visit = hall.rig.site.encounters()[-1]
    assert (visit["patient"], visit["carer"]) == (CHILD.card.name, CARER.card.name)
    assert visit["priority"] == "under_6"
    assert visit["queue_number"].startswith("U")
    sent = {
        entry["resource"]["resourceType"]: entry["resource"]
        for entry in hall.rig.site.transactions()[-1]["bundle"]["entry"]
    }
    assert sent["Patient"]["identifier"][0]["value"] == CHILD.card.citizen_number
    assert sent["Coverage"]["subscriberId"] == CHILD.hospital.insurance_card
    assert sent["RelatedPerson"]["identifier"][0]["value"] == CARER.card.citizen_number
    assert sent["Consent"]["performer"][0] == sent["Encounter"]["participant"][0]["individual"]

    canaries = [text for one in (CHILD, CARER) for text in (one.card.name, one.card.name.upper())]
    canaries += [one.card.citizen_number for one in (CHILD, CARER)]
    encoded = {text.encode(code) for text in canaries for code in ("utf-8", "utf-16-le")}
    encoded |= {json.dumps(text).strip('"').encode() for text in canaries}
    searched = [path for path in hall.rig.kiosk_files() if path.is_file()]
    assert any(path.name.startswith("kiosk.db") for path in searched)
    for path in searched:
        contents = path.read_bytes()
        assert not [canary for canary in encoded if canary in contents], path
