"""The hospital's resources: create, read, search by token."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from provisioning.rig.site.problem import Refused
from provisioning.rig.site.tables import Record, Token

Resource = dict[str, Any]
SEARCHABLE = ("identifier", "_tag")


def create(session: Session, resource: Resource, record_id: str | None = None) -> Resource:
    """Keep a new resource under a new id; returns it with id and version."""
    place = (session.scalar(select(func.max(Record.place))) or 0) + 1
    kind = resource["resourceType"]
    record = Record(id=record_id or str(uuid4()), resource_type=kind, place=place, version=0, body="")
    session.add(record)
    return save(session, record, resource)


def save(session: Session, record: Record, resource: Resource) -> Resource:
    """Keep the next version of a resource; returns it as kept."""
    record.version += 1
    meta = {**resource.get("meta", {}), "versionId": str(record.version)}
    kept = {**resource, "id": record.id, "meta": meta}
    record.body = json.dumps(kept, ensure_ascii=False)
    session.flush()
    for known in session.scalars(select(Token).where(Token.record_id == record.id)):
        session.delete(known)
    for parameter, system, value in _tokens(kept):
        session.add(
            Token(
                record_id=record.id,
                resource_type=record.resource_type,
                parameter=parameter,
                system=system,
                value=value,
            )
        )
    session.flush()
    return kept


def read(session: Session, resource_type: str, record_id: str) -> Resource:
    """A resource by id. Raises: Refused 404."""
    record = session.get(Record, record_id)
    if record is None or record.resource_type != resource_type:
        raise Refused(404, "not-found", f"no such {resource_type}")
    return as_resource(record)


def as_resource(record: Record) -> Resource:
    """The resource in a record."""
    return dict(json.loads(record.body))


def search(session: Session, resource_type: str, query: str) -> list[Record]:
    """The records that match `query`, as `identifier=system|value`. Raises: Refused 400."""
    parameters = parse_qsl(query, keep_blank_values=True)
    if not parameters:
        raise Refused(400, "invalid", "an empty search")
    statement = select(Record).where(Record.resource_type == resource_type).order_by(Record.id)
    for parameter, wanted in parameters:
        system, bar, value = wanted.partition("|")
        if parameter not in SEARCHABLE or not (system and bar and value):
            raise Refused(400, "not-supported", f"cannot search {resource_type} by {parameter}")
        statement = statement.where(
            select(Token.id)
            .where(
                Token.record_id == Record.id,
                Token.resource_type == resource_type,
                Token.parameter == parameter,
                Token.system == system,
                Token.value == value,
            )
            .exists()
        )
    return list(session.scalars(statement))


def everything(session: Session, resource_type: str) -> list[Resource]:
    """All resources of a type, oldest first."""
    rows = session.scalars(select(Record).where(Record.resource_type == resource_type).order_by(Record.place))
    return [as_resource(record) for record in rows]


def _tokens(resource: Resource) -> set[tuple[str, str, str]]:
    identifiers = resource.get("identifier", [])
    tags = resource.get("meta", {}).get("tag", [])
    return {("identifier", found["system"], found["value"]) for found in identifiers} | {
        ("_tag", found["system"], found["code"]) for found in tags
    }
