"""The hospital and the record."""

from __future__ import annotations

from kiosk.errors.base import ConfigurationError, NeedsStaff, Retryable, SiteError, StoreError


class SiteUnreachable(SiteError, Retryable):
    """No connection to the site; nothing was sent."""

    code = "site_unreachable"


class SiteTimedOut(SiteError, Retryable):
    """The site took the request but did not answer before the deadline; it may have acted on it."""

    code = "site_timed_out"


class SiteAnswerLost(SiteError, Retryable):
    """The connection broke before the whole answer was here; the site may have acted on the request."""

    code = "site_answer_lost"


class SiteFailed(SiteError, Retryable):
    """The site answered with a fault of its own (5xx); `retry_after_s` is what it asked for, if it did."""

    code = "site_failed"

    def __init__(self, detail: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class SiteBusy(SiteFailed):
    """The site asks to come back later: 408, 425, 429, or 503 (RFC 9110 §15, RFC 6585 §4)."""

    code = "site_busy"


class SiteStillWorking(SiteFailed):
    """The site is still at work on an earlier try of the same event (409)."""

    code = "site_still_working"


class SiteSpokeNonsense(SiteError, Retryable):
    """The answer is not the FHIR that was asked for, such as a web page of something in between."""

    code = "site_spoke_nonsense"


class SiteNotTrusted(SiteError, NeedsStaff):
    """The site's TLS certificate does not chain to the configured CA, or names another host."""

    code = "site_not_trusted"


class SiteTokenRefused(SiteError, NeedsStaff):
    """The site does not accept the kiosk's credentials (401, 403, or no token)."""

    code = "site_token_refused"


class SiteNotSuitable(SiteError, NeedsStaff):
    """The site's CapabilityStatement lacks FHIR R4, JSON, or transactions."""

    code = "site_not_suitable"


class SiteRefused(SiteError, NeedsStaff):
    """The site refuses what was sent for good (400, 404, 422)."""

    code = "site_refused"


class SiteFindsSeveral(SiteError, NeedsStaff):
    """Several of the site's records match a condition (412), as two patients with one number."""

    code = "site_finds_several"


class QueueNumbersUsedUp(SiteError, NeedsStaff):
    """The site is away and the series of queue numbers leased from it is used up."""

    code = "queue_numbers_used_up"


class DepartmentsUnknown(SiteError, NeedsStaff):
    """The site is away and this kiosk has never heard which departments there are."""

    code = "departments_unknown"


class ClientKeyUnusable(ConfigurationError, NeedsStaff):
    """The key the kiosk signs in to the site with is missing, not an EC P-384 key, or not mode 0600."""

    code = "client_key_unusable"


class StoreKeyMissing(StoreError, NeedsStaff):
    """There is a database but no key file; a new key could not open it, so none is made."""

    code = "store_key_missing"


class StoreKeyExposed(StoreError, NeedsStaff):
    """The key file can be read by others, or is not a file of its own."""

    code = "store_key_exposed"


class StoreKeyWrong(StoreError, NeedsStaff):
    """The key does not open the database, or is not 32 bytes."""

    code = "store_key_wrong"


class StoreNewer(StoreError, NeedsStaff):
    """The database was written by a newer version of the kiosk."""

    code = "store_newer"


class StoreInUse(StoreError, NeedsStaff):
    """Another process has the database."""

    code = "store_in_use"


class StoreUnwritable(StoreError, NeedsStaff):
    """The database cannot be written: disk full, read-only, or damaged."""

    code = "store_unwritable"
