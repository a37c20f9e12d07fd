"""The bytes of a resource that a signature is over, the same for whoever writes its JSON however."""

from __future__ import annotations

import json
from typing import Any

from kiosk.sync.fhir.systems import Resource

CANONICALIZATION = "http://hl7.org/fhir/canonicalization/json#static"


def canonical_json(resource: Resource) -> bytes:
    """A resource without meta, narrative and the id a server gave it, by RFC 8785 (JCS), in UTF-8.

    Raises: TypeError for numbers, whose form RFC 8785 takes from ECMAScript; nothing signed here has any.
    """
    kept = {key: value for key, value in resource.items() if key not in ("id", "meta", "text")}
    _refuse_numbers(kept)
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _refuse_numbers(value: Any) -> None:
    if isinstance(value, dict):
        for inner in value.values():
            _refuse_numbers(inner)
    elif isinstance(value, list):
        for inner in value:
            _refuse_numbers(inner)
    elif not isinstance(value, str | bool):
        raise TypeError(f"a {type(value).__name__} has no canonical form here")
