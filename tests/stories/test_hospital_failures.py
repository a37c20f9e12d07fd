"""What the hospital hears when things go wrong, beyond what a rehearsal's row can say: alerts, alarms, releases."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from kiosk import messages as m
from kiosk import outbox_command
from kiosk.errors import CallError
from provisioning.rig import rehearsal
from provisioning.rig.choices import AccessChoice, CardChoice, Choices, SiteChoice
from provisioning.rig.rig import Rig

from .conftest import Hall


def test_refused_card_is_told_to_the_hospital_once_though_it_is_away_and_the_link_dies_meanwhile(
    hall: Hall,
) -> None:
    rig = hall.rig
    hall.encounters_once_delivered()
    alerts, heard = len(rig.site.security_events()), len(rig.site.transactions())
    refused = Choices(card=CardChoice.FORGED_SOD, site=SiteChoice.AWAY, access=AccessChoice.DIGITS)
    report = rehearsal.rehearse(rig, refused)
    assert (report.outcome, report.reason) == ("refused", "document_forged")
    hall.until(lambda: rig.link_health().outbox_waiting == 1)
    rig.kill("link")
    hall.until(started_again(rig, lambda: rig.link_health().outbox_waiting == 1))
    assert len(rig.site.security_events()) == alerts

    rehearsal.ready_again(rig)
    hall.until(lambda: rig.link_health().outbox_waiting == 0)
    (alert,) = rig.site.security_events()[alerts:]
    assert (alert["kiosk"], alert["code"]) == ("rig-01", "document_forged")
    assert alert["reasons"] == ["sod_signature_wrong"]
    assert alert["access_protocol"] == "PACE-CAN"
    assert len(rig.site.transactions()) == heard + 1


def test_visit_that_was_set_aside_is_delivered_when_a_technician_releases_it(hall: Hall) -> None:
    rig = hall.rig
    before = hall.encounters_once_delivered()
    report = hall.visit(site=SiteChoice.REFUSES_DATA, access=AccessChoice.DIGITS)
    assert (report.outcome, report.reason) == ("staff", "site_refused")
    assert "site_refused" in rig.link_health().alarms
    assert len(rig.site.encounters()) == before
    assert any(line.endswith("site_refused") for line in outbox_command.lines(rig.files.link))

    set_aside = [item for item in rig.link.outbox(m.Nothing()).items if item.state == "parked"]
    released = outbox_command.release(rig.files.link, outbox_command.ALL)
    assert released == len(set_aside)
    visits = sum(item.kind == "register_visit" for item in set_aside)
    assert hall.encounters_once_delivered() == before + visits
    (newest,) = rig.site.encounters()[-1:]
    assert newest["queue_number"]
    assert newest["pending_queue_number"]
    assert rig.link_health().alarms == ()


def started_again(rig: Rig, true: Callable[[], bool]) -> Callable[[], bool]:
    """The same, False while the process it asks is not there yet."""

    def ask() -> bool:
        rig.kiosk.watch_once()
        with contextlib.suppress(CallError):
            return true()
        return False

    return ask
