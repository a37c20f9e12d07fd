"""The SMART Backend Services token endpoint: a client proves itself with a signed assertion, used once.

SMART App Launch 2, "Client Authentication: Asymmetric"; RFC 7523 §3.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from provisioning.rig.site.problem import Refused
from provisioning.rig.site.tables import Sessions, UsedAssertion

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_ASSERTION_S = 300
CLOCK_LEEWAY_S = 10
TOKEN_LIFE_S = 300


class NotSignedIn(Exception):
    """An OAuth error code. RFC 6749 §5.2."""


@dataclass
class SignIn:
    """Knows one client, by its public key, and the tokens it holds."""

    sessions: Sessions
    client_id: str
    client_key: ec.EllipticCurvePublicKey
    _tokens: dict[str, float] = field(default_factory=dict, repr=False)

    def grant(self, form: Mapping[str, str], token_url: str) -> dict[str, str | int]:
        """A token for a good assertion. Raises: NotSignedIn."""
        if form.get("grant_type") != "client_credentials":
            raise NotSignedIn("unsupported_grant_type")
        if not form.get("scope", "").startswith("system/"):
            raise NotSignedIn("invalid_scope")
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            raise NotSignedIn("invalid_client")
        self._check(form.get("client_assertion", ""), token_url)
        token = secrets.token_urlsafe(32)
        self._tokens[token] = time.monotonic() + TOKEN_LIFE_S
        return {
            "access_token": token,
            "token_type": "bearer",
            "expires_in": TOKEN_LIFE_S,
            "scope": form["scope"],
        }

    def require(self, authorization: str | None) -> None:
        """Raises: Refused 401 unless the header carries a token that is still good."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or self._tokens.get(token, 0.0) < time.monotonic():
            raise Refused(401, "login", "a valid access token is needed")

    def revoke_all(self) -> None:
        """No token given out so far is good any more."""
        self._tokens.clear()

    def _check(self, assertion: str, token_url: str) -> None:
        try:
            claims = jwt.decode(
                assertion,
                self.client_key,
                algorithms=["ES384"],
                audience=token_url,
                issuer=self.client_id,
                subject=self.client_id,
                leeway=CLOCK_LEEWAY_S,
                options={"require": ["iss", "sub", "aud", "exp", "jti"]},
            )
        except jwt.InvalidTokenError:
            raise NotSignedIn("invalid_client") from None
        now = time.time()
        if claims["exp"] > now + LONGEST_ASSERTION_S + CLOCK_LEEWAY_S:
            raise NotSignedIn("invalid_client")
        try:
            with self.sessions.begin() as session:
                session.execute(delete(UsedAssertion).where(UsedAssertion.expires_at_s < now - CLOCK_LEEWAY_S))
                session.add(UsedAssertion(jti=str(claims["jti"]), expires_at_s=float(claims["exp"])))
        except IntegrityError:
            raise NotSignedIn("invalid_client") from None
