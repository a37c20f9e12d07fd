"""HTTP answers that are not a success, sorted into the errors the delivery acts on."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from drivers.site.https import Answer
from kiosk.errors import (
    SiteBusy,
    SiteError,
    SiteFailed,
    SiteFindsSeveral,
    SiteRefused,
    SiteSpokeNonsense,
    SiteStillWorking,
    SiteTokenRefused,
)

_PLAIN: dict[int, type[SiteError]] = {
    400: SiteRefused,
    401: SiteTokenRefused,
    403: SiteTokenRefused,
    404: SiteRefused,
    412: SiteFindsSeveral,
    422: SiteRefused,
}
_LATER: dict[int, type[SiteFailed]] = {
    408: SiteBusy,
    409: SiteStillWorking,
    425: SiteBusy,
    429: SiteBusy,
    503: SiteBusy,
}
MAX_RETRY_AFTER_S = 3600.0


def refusal(answer: Answer) -> SiteError:
    """The error for an answer that is not 2xx; a status nobody planned for is nonsense, and tried again."""
    detail = f"HTTP {answer.status}{_issue_code(answer.body)}"
    if answer.status in _PLAIN:
        return _PLAIN[answer.status](detail)
    if answer.status in _LATER:
        return _LATER[answer.status](detail, retry_after_s(answer))
    if answer.status >= 500:
        return SiteFailed(detail, retry_after_s(answer))
    return SiteSpokeNonsense(detail)


def retry_after_s(answer: Answer) -> float | None:
    """Retry-After in seconds, at most an hour; None where it is absent or unreadable. RFC 9110 §10.2.3."""
    value = answer.headers.get("Retry-After", "").strip()
    if value.isdecimal():
        return min(float(value), MAX_RETRY_AFTER_S)
    until = _http_date(value)
    if until is None:
        return None
    wait_s = (until - (site_time(answer) or datetime.now(UTC))).total_seconds()
    return min(max(wait_s, 0.0), MAX_RETRY_AFTER_S)


def site_time(answer: Answer) -> datetime | None:
    """The site's clock by its Date header, or None. RFC 9110 §6.6.1."""
    return _http_date(answer.headers.get("Date", ""))


def _http_date(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _issue_code(body: bytes) -> str:
    """The OperationOutcome's issue code, for the technician; its free text may be personal and stays out."""
    try:
        code = json.loads(body)["issue"][0]["code"]
    except (LookupError, TypeError, ValueError):
        return ""
    return f" {code}" if isinstance(code, str) and re.fullmatch(r"[a-z-]{1,30}", code) else ""
