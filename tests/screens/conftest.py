"""One real glass a shape, each in its own process (Kivy knows one window), asked over kiosk.rpc."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kiosk import rpc
from kiosk.errors import KioskError
from kiosk.messages import Nothing

STAGE_FILE = Path(__file__).with_name("stage.py")
ROOT = STAGE_FILE.parents[2]


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("screens_stage", STAGE_FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["screens_stage"] = module
    spec.loader.exec_module(module)
    return module


class RunningStage:
    """A stage's process and its calls, shortened."""

    def __init__(self, shape: str, directory: Path, environment: dict[str, str] | None = None) -> None:
        self.shape, self.directory, self.m = shape, directory, _load()
        socket = directory / "stage.sock"
        offscreen = "no" if environment and "DISPLAY" in environment else "yes"
        self.log = (directory / "stage.log").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, str(STAGE_FILE), shape, str(socket), offscreen],
            env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=self.log,
        )
        self.call: Any = rpc.client(self.m.StageService, socket, timeout_s=30.0)
        self.spoken = "vi"
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while True:
            assert self.process.poll() is None, (self.directory / "stage.log").read_text()
            try:
                self.call.set_language(self.m.Language(language="vi"))
                return
            except KioskError:
                assert time.monotonic() < deadline, "the stage did not open"
                time.sleep(0.05)

    def show(self, name: str, /, *, warn_s: int | None = None, settle: bool = True, **values: Any) -> None:
        self.call.show(self.m.ShowSample(name=name, values=values, warn_s=warn_s, settle=settle))

    def fresh(self, name: str, /, **values: Any) -> None:
        """Show a view as a new visit would meet it, with everything before it forgotten."""
        self.call.forget(Nothing())
        self.show(name, **values)
        self.emitted()

    def language(self, language: str) -> None:
        self.call.set_language(self.m.Language(language=language))
        self.spoken = language

    def tap(self, touch_id: str, times: int = 1, fingers: int = 1) -> None:
        self.call.touch(self.m.Touches(id=touch_id, times=times, fingers=fingers))

    def emitted(self) -> Any:
        return self.call.emitted(Nothing())

    def texts(self) -> list[Any]:
        return list(self.call.texts(Nothing()).texts)

    def said(self) -> list[str]:
        return [text.text.replace("\n", " ").replace("\u00a0", " ") for text in self.texts()]

    def boxes(self) -> list[Any]:
        return list(self.call.touchables(Nothing()).boxes)

    def picture(self, name: str) -> Path:
        from screens.pilot_service import Screenshot

        path = self.directory / f"{name}.bmp"
        self.call.screenshot(Screenshot(path=str(path)))
        return path

    def close(self) -> bytes:
        """End it; what it printed to stdout."""
        self.call.stop(Nothing())
        printed, _ = self.process.communicate(timeout=20)
        self.log.close()
        return bytes(printed)


def _session(shape: str, directory: Path, environment: dict[str, str] | None = None) -> Iterator[RunningStage]:
    running = RunningStage(shape, directory, environment)
    yield running
    assert running.close() == b"", "the glass printed to stdout"
    assert running.process.returncode == 0
    assert "too much iteration" not in (directory / "stage.log").read_text(), "a layout that finds no rest"


@pytest.fixture(scope="session", params=["portrait", "landscape"])
def sketch(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStage]:
    """A glass of either shape that lays everything out at full size and draws no pixels."""
    yield from _session(request.param, tmp_path_factory.mktemp("sketch"), {"KIVY_GL_BACKEND": "mock"})


@pytest.fixture(scope="session", params=["portrait", "landscape"])
def painted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStage]:
    """A glass of either shape in full size with all its pixels."""
    yield from _session(request.param, tmp_path_factory.mktemp("painted"))


@pytest.fixture(scope="session")
def small_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStage]:
    """A small tall glass for the tests of behaviour, which is the same in every size."""
    yield from _session("small", tmp_path_factory.mktemp("small"))


@pytest.fixture
def open_stage(tmp_path: Path) -> Iterator[Callable[[str, dict[str, str]], RunningStage]]:
    """Opens a glass in an environment of its own."""
    opened: list[RunningStage] = []

    def open_one(shape: str, environment: dict[str, str]) -> RunningStage:
        opened.append(RunningStage(shape, tmp_path, environment))
        return opened[-1]

    yield open_one
    for running in opened:
        running.close()


@pytest.fixture
def stage(small_stage: RunningStage) -> RunningStage:
    small_stage.language("vi")
    small_stage.fresh("welcome")
    return small_stage
