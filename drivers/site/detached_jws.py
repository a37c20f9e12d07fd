"""The kiosk's signature under what it reports: JWS, ES384, with the client key the site knows it by.

RFC 7515 in compact form, its payload left out (appendix F): the hospital keeps what was signed as FHIR, so a second
copy inside the signature could only differ from it.
"""

from __future__ import annotations

from pathlib import Path

from jwt.api_jws import PyJWS

from drivers.site.smart_backend_services import read_client_key, thumbprint

ALGORITHM = "ES384"


class DetachedSigner:
    """Signs with one key; `kid` is its JWK thumbprint, as in the kiosk's sign-in."""

    def __init__(self, client_key_file: Path) -> None:
        """Raises: ClientKeyUnusable."""
        self._key = read_client_key(client_key_file)
        self._key_id = thumbprint(self._key.public_key())

    def sign(self, content: bytes) -> str:
        """`header..signature` over `content`."""
        whole = PyJWS().encode(content, self._key, ALGORITHM, {"kid": self._key_id, "typ": "JOSE"})
        header, _, signature = whole.split(".")
        return f"{header}..{signature}"
