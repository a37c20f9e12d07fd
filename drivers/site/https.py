"""HTTPS to one site: its own CA, a deadline over everything, and each way to fail by its own name."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path

import requests
import urllib3

from kiosk.errors import (
    SiteAnswerLost,
    SiteError,
    SiteNotTrusted,
    SiteSpokeNonsense,
    SiteTimedOut,
    SiteUnreachable,
)

MAX_ANSWER_BYTES = 4 * 1024 * 1024
GRACE_S = 0.25
"""So that a request that notices its own deadline can say what it was waiting for."""


@dataclass(frozen=True, repr=False)
class Answer:
    """A whole HTTP answer; its body may be personal, so its repr says nothing."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Https:
    """A connection pool to a site; safe to use from several threads. Follows no redirects, keeps no cookies."""

    def __init__(self, ca_file: Path) -> None:
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy, no .netrc, no other CA from the environment
        self._session.verify = str(ca_file)
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def close(self) -> None:
        """Close all connections."""
        self._session.close()

    def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None, timeout_s: float
    ) -> Answer:
        """One request and its whole answer, whatever its status.

        Raises: SiteUnreachable, SiteNotTrusted, SiteTimedOut, SiteAnswerLost, SiteSpokeNonsense.
        """
        future: Future[Answer] = Future()

        def work() -> None:
            try:
                future.set_result(self._send(method, url, headers, body, timeout_s))
            except Exception as error:
                future.set_exception(error)

        # a thread of its own: neither the name's look-up nor a second address knows of the deadline
        threading.Thread(target=work, name="https", daemon=True).start()
        try:
            return future.result(timeout_s + GRACE_S)
        except TimeoutError:
            raise SiteTimedOut("no end within the deadline") from None

    def _send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, timeout_s: float
    ) -> Answer:
        until = time.monotonic() + timeout_s
        try:
            with self._session.request(
                method,
                url,
                headers=dict(headers),
                data=body,
                timeout=max(timeout_s, 0.001),
                allow_redirects=False,
                stream=True,
            ) as response:
                return Answer(response.status_code, response.headers, _read(response, until))
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise _named(error) from None  # the original's text holds the URL


def _read(response: requests.Response, until: float) -> bytes:
    """The body, within the deadline even where a site sends it drop by drop."""
    parts: list[bytes] = []
    size = 0
    while True:
        remaining_s = until - time.monotonic()
        if remaining_s <= 0:
            raise SiteTimedOut("the answer came too slowly")
        connection = response.raw.connection
        if connection is not None and connection.sock is not None:
            connection.sock.settimeout(remaining_s)
        part = response.raw.read1(65536, decode_content=True)
        if not part:
            return b"".join(parts)
        parts.append(part)
        size += len(part)
        if size > MAX_ANSWER_BYTES:
            raise SiteSpokeNonsense("the answer is too large")


_BY_CAUSE: tuple[tuple[type[BaseException], type[SiteError]], ...] = (
    (ssl.SSLCertVerificationError, SiteNotTrusted),
    (urllib3.exceptions.ConnectTimeoutError, SiteUnreachable),
    (urllib3.exceptions.NewConnectionError, SiteUnreachable),
    (urllib3.exceptions.ReadTimeoutError, SiteTimedOut),
    (TimeoutError, SiteTimedOut),
)
"""In this order; everything else is a connection that broke, and the site may have acted."""


def _named(error: BaseException) -> SiteError:
    causes = list(_causes(error))
    for cause_type, named in _BY_CAUSE:
        if any(isinstance(cause, cause_type) for cause in causes):
            return named(type(error).__name__)
    return SiteAnswerLost(type(error).__name__)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and what it wraps: requests keeps urllib3's in `args`, urllib3 its own in `reason`."""
    waiting, seen = [error], set()
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        inner = [*current.args, getattr(current, "reason", None), current.__cause__, current.__context__]
        waiting.extend(found for found in inner if isinstance(found, BaseException))
