"""What lies on the disk: nothing readable, and after delivery nothing personal even with the key in hand.

The pages are decrypted here by SQLCipher 4's published format (AES-256-CBC, the IV in the page's reserve),
not by SQLCipher, so that what a query can no longer see is looked for too.
"""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from kiosk.errors import StoreInUse, StoreKeyWrong, StoreUnwritable
from kiosk.sync.store import Store

PAGE, IV, HMAC, SALT = 4096, 16, 64, 16
WAL_HEADER, FRAME_HEADER = 32, 24
NAME, NUMBER, CARD = "Đặng Thị Hoa Chuông", "098199912345", "DN4980000007777"


def spellings():
    """The canaries as they might lie in a file."""
    return [text.encode(code) for text in (NAME, NUMBER, CARD) for code in ("utf-8", "utf-16-le", "utf-16-be")]


def found_in(data: bytes) -> set[bytes]:
    return {spelling for spelling in spellings() if spelling in data}


def raw(directory: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(directory.glob("record.sqlite*")))


def decrypted(directory: Path, key: bytes) -> bytes:
    """Every page of the database and of its write-ahead log, dead ones too."""
    database = (directory / "record.sqlite").read_bytes()
    pages = [database[at : at + PAGE] for at in range(0, len(database), PAGE)]
    log = directory / "record.sqlite-wal"
    if log.exists():
        frames = log.read_bytes()[WAL_HEADER:]
        step = FRAME_HEADER + PAGE
        pages += [frames[at + FRAME_HEADER : at + step] for at in range(0, len(frames), step)]
    return b"".join(decrypt(page, key, database[:SALT]) for page in pages)


def decrypt(page: bytes, key: bytes, salt: bytes) -> bytes:
    start = SALT if page[:SALT] == salt else 0
    end = PAGE - IV - HMAC
    decryptor = Cipher(algorithms.AES(key), modes.CBC(page[end : end + IV])).decryptor()
    return decryptor.update(page[start:end]) + decryptor.finalize()


def test_waiting_visit_cannot_be_read_from_the_files_of_the_database(store, visit, tmp_path):
    store.commit_visit(visit())
    assert found_in(raw(tmp_path)) == set()

    plain = sqlite3.connect(tmp_path / "plain.sqlite")  # positive control: the search does find what is there
    plain.execute("create table visit (name text, number text, card text)")
    plain.execute("insert into visit values (?, ?, ?)", (NAME, NUMBER, CARD))
    plain.commit()
    plain.close()
    assert len(found_in((tmp_path / "plain.sqlite").read_bytes())) == 3


def test_delivered_visit_is_gone_from_every_page_even_with_the_key(store, visit, registered, tmp_path):
    key = (tmp_path / "record.key").read_bytes()
    message = visit()
    store.add_leased_numbers(["T1-001"])
    store.commit_visit(message)
    store.answer_visit(message.visit_id, "site_unreachable")
    assert len(found_in(decrypted(tmp_path, key))) == 3  # positive control: it is there until then

    (lane,) = store.lanes_waiting()
    while (event := store.next_event(lane)) is not None:
        store.delivered(event, registered(event))

    readable = decrypted(tmp_path, key)
    assert found_in(readable) == set()
    assert str(message.visit_id).encode() in readable
    assert b"T1-001" in readable
    kept = store.visit(message.visit_id)
    assert (kept.site_number, kept.pending_number) == ("A001", "T1-001")


def test_superseded_event_leaves_only_the_one_that_took_its_place(store, visit, registered, tmp_path):
    key = (tmp_path / "record.key").read_bytes()
    store.commit_visit(visit())
    (lane,) = store.lanes_waiting()
    store.supersede(store.next_event(lane))
    assert decrypted(tmp_path, key).count(NUMBER.encode()) == 1  # Patient.identifier; the old body is gone
    event = store.next_event(lane)
    store.delivered(event, registered(event))
    assert found_in(decrypted(tmp_path, key)) == set()


def test_files_of_the_database_belong_to_the_owner_alone(store, visit, tmp_path):
    store.commit_visit(visit())
    modes_found = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.glob("record.sqlite*")}
    assert set(modes_found.values()) == {0o600}
    assert {"record.sqlite", "record.sqlite-wal", "record.sqlite-shm"} <= set(modes_found)


def test_wrong_key_is_named_and_leaves_the_database_as_it_was(visit, systems, tmp_path):
    def opened():
        return Store.open(tmp_path / "record.sqlite", tmp_path / "record.key", kiosk_id="k", systems=systems)

    first = opened()
    first.commit_visit(visit())
    first.close()
    key = (tmp_path / "record.key").read_bytes()
    (tmp_path / "record.key").write_bytes(bytes(32))
    with pytest.raises(StoreKeyWrong):
        opened()

    (tmp_path / "record.key").write_bytes(key)
    again = opened()
    assert again.backlog().waiting == 1
    again.close()


def test_second_process_is_refused(store, systems, tmp_path):
    with pytest.raises(StoreInUse):
        Store.open(tmp_path / "record.sqlite", tmp_path / "record.key", kiosk_id="k", systems=systems)


def test_database_that_cannot_be_made_is_named(systems, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnwritable):
        Store.open(tmp_path / "file" / "record.sqlite", tmp_path / "record.key", kiosk_id="k", systems=systems)
