"""What a card gave before it was taken away: kept so that a reading can go on where it was broken off."""

from __future__ import annotations

from kiosk.session import SecretBuffer


class UnfinishedReading:
    """Whole files of one document, by name, in buffers that are overwritten with the visit at the latest.

    Nothing in it is proven. Only raw bytes outlive a broken session: keys, findings and above all the chip's
    proof of itself do not. One thread at a time adds to it; any may wipe it.
    """

    def __init__(self) -> None:
        self._files: dict[str, SecretBuffer] = {}
        self.was_opened = False
        """The access keys opened the chip once; a chip that refuses them afterwards is another one."""

    def keep(self, file: str, contents: bytes) -> None:
        """Keep a whole file."""
        self._files[file] = SecretBuffer(contents)

    def contents(self, file: str) -> bytes | None:
        """The file's raw bytes, or None where it was not read to its end."""
        kept = self._files.get(file)
        return None if kept is None else bytes(kept.view)

    @property
    def files(self) -> frozenset[str]:
        """The files that were read to their end."""
        return frozenset(self._files)

    @property
    def buffers(self) -> tuple[SecretBuffer, ...]:
        """What is to be overwritten."""
        return tuple(self._files.values())

    def wipe(self) -> None:
        """Overwrite every file and let it go."""
        while self._files:
            self._files.popitem()[1].wipe()

    def __repr__(self) -> str:
        return f"UnfinishedReading(<{len(self._files)} files>)"
