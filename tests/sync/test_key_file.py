"""The key: made once, readable by nobody else, never made anew for a database that has one."""

from __future__ import annotations

import os
import stat

import pytest

from kiosk.errors import StoreKeyExposed, StoreKeyMissing, StoreKeyWrong
from kiosk.sync.key_file import read_or_make_key


def test_first_start_makes_32_random_bytes_that_only_the_owner_can_read(tmp_path):
    file = tmp_path / "etc" / "record.key"
    key = read_or_make_key(file, tmp_path / "record.sqlite")

    assert len(key) == 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert read_or_make_key(file, tmp_path / "record.sqlite") == key
    assert read_or_make_key(tmp_path / "other.key", tmp_path / "record.sqlite") != key
    assert [found.name for found in file.parent.iterdir()] == ["record.key"]


def test_missing_key_beside_a_database_is_an_error_and_no_new_key(tmp_path):
    (tmp_path / "record.sqlite").touch()
    with pytest.raises(StoreKeyMissing):
        read_or_make_key(tmp_path / "record.key", tmp_path / "record.sqlite")
    assert not (tmp_path / "record.key").exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666])
def test_key_others_can_read_is_refused(tmp_path, mode):
    file = tmp_path / "record.key"
    read_or_make_key(file, tmp_path / "record.sqlite")
    file.chmod(mode)
    with pytest.raises(StoreKeyExposed):
        read_or_make_key(file, tmp_path / "record.sqlite")


def test_key_of_another_user_is_refused(tmp_path):
    file = tmp_path / "record.key"
    read_or_make_key(file, tmp_path / "record.sqlite")
    os.chown(file, 12345, 12345)
    with pytest.raises(StoreKeyExposed):
        read_or_make_key(file, tmp_path / "record.sqlite")


def test_link_in_the_keys_place_is_refused(tmp_path):
    read_or_make_key(tmp_path / "real.key", tmp_path / "record.sqlite")
    (tmp_path / "record.key").symlink_to(tmp_path / "real.key")
    with pytest.raises(StoreKeyExposed):
        read_or_make_key(tmp_path / "record.key", tmp_path / "record.sqlite")


@pytest.mark.parametrize("length", [0, 31, 33])
def test_key_of_another_length_is_refused(tmp_path, length):
    file = tmp_path / "record.key"
    file.write_bytes(bytes(length))
    file.chmod(0o600)
    with pytest.raises(StoreKeyWrong):
        read_or_make_key(file, tmp_path / "record.sqlite")


def test_key_cut_short_by_a_power_cut_is_not_taken_for_one(tmp_path):
    file = tmp_path / "record.key"
    (tmp_path / "record.key.new").write_bytes(b"half")
    assert len(read_or_make_key(file, tmp_path / "record.sqlite")) == 32
