"""What the stand-in hospital has recorded, newest first."""

from __future__ import annotations

from provisioning.rig.page.state import Alert, Visit
from provisioning.rig.page.told import department, told
from provisioning.rig.site.server import StandInSite


def visits(site: StandInSite) -> tuple[Visit, ...]:
    """Every registered visit."""
    return tuple(
        Visit(
            id=visit["visit_id"],
            queue_number=visit["queue_number"],
            pending_queue_number=visit["pending_queue_number"],
            department=department(visit["department"]),
            patient=visit["patient"],
            carer=visit.get("carer"),
            arrived_at=visit["arrived_at"],
            reconcile=visit["reconcile"],
        )
        for visit in reversed(site.encounters())
    )


def alerts(site: StandInSite) -> tuple[Alert, ...]:
    """Every document that a kiosk refused and told of."""
    return tuple(
        Alert(id=alert["event_id"], recorded_at=alert["at"], reason=told(alert["code"]))
        for alert in reversed(site.security_events())
    )
