"""SMART Backend Services: the kiosk signs in with a key of its own, no password, no person.

SMART App Launch 2, "Client Authentication: Asymmetric"; RFC 7523; ES384.
"""

from __future__ import annotations

import json
import os
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm
from jwt.utils import base64url_encode

from drivers.site.https import Answer, Https
from drivers.site.statuses import refusal
from kiosk.errors import ClientKeyUnusable, SiteSpokeNonsense, SiteTimedOut, SiteTokenRefused

ASSERTION_LIFE_S = 240
"""At most 300 by the standard; the rest is for clocks that differ."""

RENEW_BEFORE_EXPIRY_S = 30
SCOPE = "system/*.cruds"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class BackendServicesToken:
    """Gets access tokens and keeps the current one until shortly before it expires."""

    def __init__(
        self,
        https: Https,
        *,
        token_url: str,
        client_id: str,
        client_key_file: Path,
        now_s: Callable[[], float] = time.time,
    ) -> None:
        """Raises: ClientKeyUnusable."""
        self._https, self._token_url, self._client_id = https, token_url, client_id
        self._key = read_client_key(client_key_file)
        self._key_id = thumbprint(self._key.public_key())
        self._now_s = now_s
        self._turn = threading.Lock()
        self._token, self._good_until_s = "", 0.0
        self.site_clock_offset_s = 0.0
        """Added to the device's clock in assertions, so that a kiosk whose clock is off can still sign in."""

    def get(self, timeout_s: float) -> str:
        """The current token, or a new one.

        Raises: SiteTokenRefused, SiteTimedOut, SiteSpokeNonsense, and what `Https.send` raises.
        """
        if not self._turn.acquire(timeout=timeout_s):
            raise SiteTimedOut("another call is still signing in")
        try:
            if not self._token or time.monotonic() >= self._good_until_s:
                self._token, life_s = self._ask(timeout_s)
                self._good_until_s = time.monotonic() + life_s - min(RENEW_BEFORE_EXPIRY_S, life_s / 2)
            return self._token
        finally:
            self._turn.release()

    def forget(self, token: str) -> None:
        """Drop `token`, which the site did not accept; one that replaced it by now is kept."""
        with self._turn:
            if self._token == token:
                self._token = ""

    def _ask(self, timeout_s: float) -> tuple[str, float]:
        form = {
            "grant_type": "client_credentials",
            "scope": SCOPE,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self._assertion(),
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        answer = self._https.send(
            "POST", self._token_url, headers=headers, body=urlencode(form).encode(), timeout_s=timeout_s
        )
        if answer.status in (400, 401, 403):  # RFC 6749 §5.2
            raise SiteTokenRefused(f"token endpoint: HTTP {answer.status}")
        if answer.status != 200:
            raise refusal(answer)
        return _granted(answer)

    def _assertion(self) -> str:
        now = int(self._now_s() + self.site_clock_offset_s)
        claims = {
            "iss": self._client_id,
            "sub": self._client_id,
            "aud": self._token_url,
            "iat": now,
            "exp": now + ASSERTION_LIFE_S,
            "jti": str(uuid4()),
        }
        return jwt.encode(claims, self._key, algorithm="ES384", headers={"kid": self._key_id})


def _granted(answer: Answer) -> tuple[str, float]:
    try:
        granted = json.loads(answer.body)
        token, kind, life_s = granted["access_token"], granted["token_type"], float(granted.get("expires_in", 300))
    except (LookupError, TypeError, ValueError) as error:
        raise SiteSpokeNonsense(f"token endpoint: {type(error).__name__}") from None
    if not isinstance(token, str) or not token or str(kind).lower() != "bearer":
        raise SiteSpokeNonsense("token endpoint: no bearer token")
    return token, life_s


def read_client_key(file: Path) -> ec.EllipticCurvePrivateKey:
    """The client's private key. Raises: ClientKeyUnusable."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW)
        with os.fdopen(descriptor, "rb") as opened:
            if stat.S_IMODE(os.fstat(descriptor).st_mode) & 0o077:
                raise ClientKeyUnusable(f"{file}: must be of mode 0600")
            key = serialization.load_pem_private_key(opened.read(), password=None)
    except OSError as error:
        raise ClientKeyUnusable(f"{file}: {error.strerror}") from error
    except (TypeError, ValueError):
        raise ClientKeyUnusable(f"{file}: not a PEM private key without password") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP384R1):
        raise ClientKeyUnusable(f"{file}: not on P-384")
    return key


def thumbprint(key: ec.EllipticCurvePublicKey) -> str:
    """The key's id: its JWK thumbprint. RFC 7638."""
    jwk = ECAlgorithm.to_jwk(key, as_dict=True)
    canonical = json.dumps({name: jwk[name] for name in ("crv", "kty", "x", "y")}, separators=(",", ":"))
    digest = hashes.Hash(hashes.SHA256())
    digest.update(canonical.encode())
    return base64url_encode(digest.finalize()).decode()
