"""`kiosk outbox`: what the hospital has not heard yet, for a technician, and letting it be tried again.

Asked of the link process, which has the record open. Ids, kinds, ages and codes; never whom it is about.
"""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from kiosk import messages as m
from kiosk import ports, rpc

ALL = "all"
KINDS = {
    "register_visit": "a visit",
    "bind_pending_number": "a pending number",
    "security_event": "a refused document",
}


def lines(link_socket: Path) -> list[str]:
    """The outbox as a table, what was set aside with why. Raises: CallError."""
    link = rpc.client(ports.Link, link_socket)
    items = link.outbox(m.Nothing()).items
    health = link.health(m.Nothing())
    parked = [item for item in items if item.state == "parked"]
    waiting = [item for item in items if item.state == "waiting"]
    return [
        f"hospital   {health.site}",
        f"alarms     {', '.join(health.alarms) or 'none'}",
        f"waiting    {_count(waiting)}",
        f"set aside  {_count(parked)}",
        *(f"  {item.event_id}  {KINDS[item.kind]:<18}  {_age(item.age_s):>9}  {item.code}" for item in parked),
    ]


def release(link_socket: Path, which: str) -> int:
    """Let what was set aside be tried again, by an event's id or all; how many. Raises: CallError, ValueError."""
    event_id = None if which == ALL else UUID(which)
    link = rpc.client(ports.Link, link_socket)
    return link.release_parked(m.ReleaseParked(event_id=event_id)).count


def _count(items: list[m.OutboxItem]) -> str:
    if not items:
        return "nothing"
    return f"{len(items)}, the oldest since {_age(max(item.age_s for item in items))}"


def _age(seconds: float) -> str:
    """As a person says it: 40 s, 12 min, 3 h 05 min, 2 d 04 h."""
    minutes, hours = int(seconds // 60), int(seconds // 3600)
    if seconds < 60:
        return f"{max(seconds, 0):.0f} s"
    if hours < 1:
        return f"{minutes} min"
    if hours < 24:
        return f"{hours} h {minutes % 60:02d} min"
    return f"{hours // 24} d {hours % 24:02d} h"
