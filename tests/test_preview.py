import os
from pathlib import Path

import numpy as np
import pytest

from kiosk.preview import PreviewReader, PreviewWriter


def test_a_frame_written_is_read_once(tmp_path: Path) -> None:
    writer, reader = PreviewWriter(tmp_path / "preview"), PreviewReader(tmp_path / "preview")
    frame = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    writer.write(frame)
    assert np.array_equal(reader.read(), frame)
    assert reader.read() is None
    writer.close()


def test_after_a_wipe_no_pixel_is_left(tmp_path: Path) -> None:
    writer = PreviewWriter(tmp_path / "preview")
    writer.write(np.full((4, 4, 3), 200, np.uint8))
    writer.wipe()
    assert not any((tmp_path / "preview").read_bytes())
    assert PreviewReader(tmp_path / "preview").read() is None
    writer.close()


def test_only_its_user_may_look_at_the_preview(tmp_path: Path) -> None:
    writer = PreviewWriter(tmp_path / "preview")
    assert (tmp_path / "preview").stat().st_mode & 0o777 == 0o600
    writer.close()


def test_a_writer_that_starts_again_overwrites_what_was_left_and_a_reader_goes_on(tmp_path: Path) -> None:
    died, reader = PreviewWriter(tmp_path / "preview"), PreviewReader(tmp_path / "preview")
    frame = np.full((4, 4, 3), 200, np.uint8)
    died.write(frame)
    assert reader.read() is not None
    before = (tmp_path / "preview").stat()
    writer = PreviewWriter(tmp_path / "preview")
    assert not any((tmp_path / "preview").read_bytes())
    assert reader.read() is None
    for level in (50, 60):
        writer.write(np.full((4, 4, 3), level, np.uint8))
        read = reader.read()
        assert read is None or read[0, 0, 0] == level
    assert read is not None
    assert (tmp_path / "preview").stat().st_ino == before.st_ino
    writer.close()
    died.close()


def test_the_file_is_never_cut_under_a_reader_which_would_die_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    died = PreviewWriter(tmp_path / "preview")
    whole, sizes, really = (tmp_path / "preview").stat().st_size, [], os.ftruncate

    def look(descriptor: int, size: int) -> None:
        sizes.append(os.fstat(descriptor).st_size)
        really(descriptor, size)

    monkeypatch.setattr(os, "ftruncate", look)
    PreviewWriter(tmp_path / "preview").close()
    assert sizes == [whole]
    died.close()
