"""The database's key: 32 random bytes in a file that only the link process's user can read."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from kiosk.errors import StoreKeyExposed, StoreKeyMissing, StoreKeyWrong

KEY_BYTES = 32


def read_or_make_key(key_file: Path, database_file: Path) -> bytes:
    """The key in `key_file`; made there on the first start, when there is no database yet either.

    Raises: StoreKeyMissing, StoreKeyExposed, StoreKeyWrong.
    """
    if not key_file.exists() and not key_file.is_symlink():
        if database_file.exists():
            raise StoreKeyMissing(str(key_file))
        _make(key_file)
    return _read(key_file)


def _make(key_file: Path) -> None:
    """Write a new key so that a power cut leaves a whole one or none."""
    key_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = key_file.with_name(key_file.name + ".new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(descriptor)
    unfinished.rename(key_file)
    _sync_directory(key_file.parent)


def _read(key_file: Path) -> bytes:
    try:
        descriptor = os.open(key_file, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError as error:
        raise StoreKeyExposed(f"{key_file}: {error.strerror}") from error
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_mode & 0o077 or status.st_uid != os.geteuid():
            raise StoreKeyExposed(f"{key_file}: must be a plain file of mode 0600, owned by the kiosk's user")
        key = file.read(KEY_BYTES + 1)
    if len(key) != KEY_BYTES:
        raise StoreKeyWrong(f"{key_file}: not {KEY_BYTES} bytes")
    return key


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
