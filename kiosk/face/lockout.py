"""Stops guessing with somebody else's document: too many failures with one, and it waits."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import time
from collections import defaultdict, deque
from collections.abc import Callable
from pathlib import Path

from kiosk import logs

FAILURES = 5
WINDOW_S = 180.0
KEY_BYTES = 32
KIOSK_WIDE_FAILURES = 12
"""So many failures of any documents within the window call for a look by staff."""


class Lockout:
    """Counts failures by a tag of the document: an HMAC under a key that lives only as long as this boot.

    `file` lies in the memory-backed runtime directory and lets the count outlive a process that dies; `now` counts
    seconds since the boot (CLOCK_MONOTONIC).
    """

    def __init__(self, file: Path | None = None, now: Callable[[], float] = time.monotonic) -> None:
        self._file, self._now = file, now
        self._key = secrets.token_bytes(KEY_BYTES)
        self._failures: dict[bytes, deque[float]] = defaultdict(deque)
        self._recall()

    def tag(self, document: bytes | memoryview) -> bytes:
        """The document's tag; it cannot be turned back, nor compared across a boot."""
        return hmac.digest(self._key, document, hashlib.sha256)

    def failed(self, tag: bytes) -> None:
        """Count a failure."""
        self._failures[tag].append(self._now())
        self._keep()

    def succeeded(self, tag: bytes) -> None:
        """The holder was verified: what went before no longer counts."""
        self._failures.pop(tag, None)
        self._keep()

    def is_locked(self, tag: bytes) -> bool:
        """Whether this document must wait."""
        self._forget_old()
        return len(self._failures.get(tag, ())) >= FAILURES

    @property
    def needs_a_look(self) -> bool:
        """Whether the whole kiosk sees more failures than honest visitors make."""
        self._forget_old()
        return sum(map(len, self._failures.values())) >= KIOSK_WIDE_FAILURES

    def _forget_old(self) -> None:
        now_s = self._now()
        for tag, times in list(self._failures.items()):
            fresh = [at_s for at_s in times if now_s - WINDOW_S <= at_s <= now_s]
            self._failures[tag] = deque(fresh)
            if not fresh:
                del self._failures[tag]

    def _keep(self) -> None:
        """Write key and counts for the process that may follow this one, whole or not at all."""
        if self._file is None:
            return
        self._forget_old()
        kept = {tag.hex(): list(times) for tag, times in self._failures.items()}
        new = self._file.with_suffix(".new")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            json.dump({"key": self._key.hex(), "failures": kept}, file)
        new.replace(self._file)

    def _recall(self) -> None:
        """Go on where the process before left off; without its file this is the first since the boot."""
        if self._file is not None and self._file.exists():
            try:
                self._key, self._failures = _kept(self._file.read_text(encoding="ascii"))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                logs.failure("lockout_unreadable", error)
        self._keep()


def _kept(text: str) -> tuple[bytes, dict[bytes, deque[float]]]:
    """Key and failures of a file. Raises: ValueError and its like for what no lockout wrote."""
    kept = json.loads(text)
    key = bytes.fromhex(kept["key"])
    if len(key) != KEY_BYTES:
        raise ValueError("no key of a lockout")
    times = {bytes.fromhex(tag): deque(map(float, at_s)) for tag, at_s in kept["failures"].items()}
    return key, defaultdict(deque, times)
