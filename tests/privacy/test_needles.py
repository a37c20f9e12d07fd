"""The search finds what it says it finds."""

from __future__ import annotations

import base64
import json
import re
import unicodedata
from urllib.parse import quote

import numpy as np
import pytest

from . import canaries, faces, spellings
from .needles import CHUNK_BYTES, Needle, Needles

NAME, NUMBER = "Trương Nghẵn Khạt Xợm", "098199912345"
WRITTEN = {
    "UTF-8": NAME.encode(),
    "UTF-16 little": NAME.encode("utf-16-le"),
    "UTF-16 big": NAME.encode("utf-16-be"),
    "decomposed": unicodedata.normalize("NFD", NAME).encode(),
    "decomposed, UTF-16": unicodedata.normalize("NFD", NAME).encode("utf-16-le"),
    "capitals": NAME.upper().encode(),
    "MRZ": b"TRUONG<<NGHAN<KHAT<XOM",
    "JSON": json.dumps({"text": NAME}).encode(),
    "JSON in capitals": re.sub(r"\\\\u....", lambda code: "\\\\u" + code[0][2:].upper(), json.dumps(NAME)).encode(),
    "percent": f"https://x/?name={quote(NAME)}&y".encode(),
    "form": f"name={quote(NAME).replace('%20', '+')}".encode(),
    "hex": NAME.encode().hex().encode(),
    "repr": repr(NAME.encode()).encode(),
    "base64 of UTF-16": base64.b64encode(f"..{NAME}".encode("utf-16-le")),
    **{f"base64 {n}": base64.b64encode(b"x" * n + NAME.encode() + b"tail") for n in range(3)},
    **{f"url-safe base64 {n}": base64.urlsafe_b64encode(b"~" * n + NAME.encode()) for n in range(3)},
}


def names() -> Needles:
    return Needles(spellings.of_name("c", NAME))


def numbers() -> Needles:
    return Needles(spellings.of_citizen_number("c", NUMBER))


@pytest.mark.parametrize("data", WRITTEN.values(), ids=WRITTEN.keys())
def test_a_name_is_found_however_it_is_written(data: bytes) -> None:
    assert list(names().search(b"\0before" + data + b"behind", "here"))


@pytest.mark.parametrize(
    "written",
    ["098199912345", "098 199 912 345", "0981-9991-2345", "098.199.912.345", "IDVNM1999123459", "can=912345;"],
)
def test_a_number_is_found_whole_in_groups_and_by_its_last_six_digits(written: str) -> None:
    for code in ("ascii", "utf-16-le") if "=" not in written and "VNM" not in written else ("ascii",):
        assert list(numbers().search(written.encode(code), "here")), code


@pytest.mark.parametrize("other", ["0.912345", "19123450", "a0912345", "912345f0-0000", "time: 17.9123451"])
def test_six_digits_of_another_number_are_not_a_persons(other: str) -> None:
    assert list(numbers().search(other.encode(), "here")) == []


def test_a_needle_is_found_once_at_every_place_also_across_chunks() -> None:
    needles = Needles([Needle("c", "mark", b"\x01\x02\x03\x04\x05\x06")])
    places = [0, 1, 2, 3, 4097, CHUNK_BYTES - 3, CHUNK_BYTES - 1 + 6, 2 * CHUNK_BYTES, 3 * CHUNK_BYTES - 6]
    data = bytearray(3 * CHUNK_BYTES)
    for place in places[4:] + places[:1]:
        data[place : place + 6] = b"\x01\x02\x03\x04\x05\x06"
    found = sorted(hit.at for hit in needles.search(data, "here"))
    assert found == sorted({0, *places[4:]})


def test_a_portrait_is_found_by_any_kilobyte_any_rows_and_any_part_of_its_embedding() -> None:
    shape = (240, 180, 3)
    pixels = np.random.default_rng(7).integers(0, 256, shape, np.uint8)
    rows = np.ascontiguousarray(
        np.dstack([pixels, np.full(shape[:2], 255, np.uint8)])[60:90][::-1, :, [2, 1, 0, 3]]
    )
    assert list(Needles(faces.of_pixels("c", "portrait", pixels)).search(rows.tobytes(), "here"))
    embedding = np.random.default_rng(8).normal(0, 0.1, 128)
    needles = Needles(faces.of_embedding("c", "embedding", embedding))
    for kind in ("<f4", "<f8"):
        assert list(needles.search(b"odd" + embedding[30:41].astype(kind).tobytes(), "here"))


def test_a_jpeg_is_found_by_any_kilobyte_of_it_also_in_base64() -> None:
    data = canaries.encode(np.random.default_rng(9).integers(0, 256, (240, 180, 3), np.uint8), 90)
    needles = Needles(faces.of_jpeg("c", data))
    for piece in (data[-1100:-60], base64.b64encode(data[1500:2600])):
        assert list(needles.search(piece, "here"))


def test_all_letters_that_carry_a_tone_are_among_the_canaries_names() -> None:
    spelled = "".join(canaries.name(number) for number in range(canaries.COUNT)).lower()
    assert [letter for letter in [*canaries.LETTERS, "đ"] if letter not in spelled] == []
