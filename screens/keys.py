"""Keys pressed in the window of a rig, handed to whoever plays the world around the kiosk; rig profile only."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from kiosk import logs
from kiosk import messages as m
from kiosk.errors import KioskError


class KeyPressed(m.Message):
    """One key, as the letter or digit on it."""

    key: str


class KeyListener(Protocol):
    """The rig as the window sees it."""

    def pressed(self, message: KeyPressed) -> m.Nothing: ...  # noqa: D102


def listen(listener: KeyListener) -> Callable[[], None]:
    """Send every key to the rig from now on, off the drawing thread; returns what stops it."""
    from kivy.core.window import Window

    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="keys")

    def send(key: str) -> None:
        try:
            listener.pressed(KeyPressed(key=key))
        except KioskError as error:
            logs.event("key_not_taken", code=error.code)

    def on_key(_window: Any, _code: int, _scan: int, text: str | None, _modifiers: list[str]) -> None:
        if text and text.isprintable():
            pool.submit(send, text.lower())

    Window.bind(on_key_down=on_key)
    return lambda: pool.shutdown(wait=False)
