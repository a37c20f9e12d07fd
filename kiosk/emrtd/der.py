"""Reading hostile DER through asn1crypto, which parses as one looks and raises whatever it trips over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kiosk.errors import DerInvalid


@contextmanager
def reading_der(what: str, *, quote: bool = False) -> Iterator[None]:
    """Turn every way in which malformed `what` surfaces into DerInvalid.

    asn1crypto's own text may hold what it read; it is given only where `quote` says that it is not personal.
    """
    try:
        yield
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError) as error:
        text = str(error).partition("\n")[0] if quote else ""
        raise DerInvalid(f"{what}: {text or type(error).__name__}") from None
