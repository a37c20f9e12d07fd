"""How a text or a number may lie in a file or in memory."""

from __future__ import annotations

import base64
import json
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

from kiosk.emrtd.mrz import check_digit
from provisioning.trust.data_groups import mrz_name

from .needles import Needle

WIDE = ("utf-16-le", "utf-16-be", "utf-32-le")
"""UTF-16-LE is also how Python keeps a str with Vietnamese letters, UTF-8 how C libraries do."""
SEPARATORS = (" ", "-", ".", "\u00a0", "\u202f")


def of_name(whose: str, name: str) -> set[Needle]:
    """A name as a person writes it, in capitals, and as the machine-readable zone has it."""
    primary, _, secondary = mrz_name(name).partition(" ")
    forms = {
        "name": name,
        "name in capitals": name.upper(),
        "name in small letters": name.lower(),
        "name without marks": mrz_name(name),
        "name in the MRZ": f"{primary}<<{secondary.replace(' ', '<')}",
        "given names without marks": secondary,
    }
    return {needle for what, form in forms.items() for needle in _of_text(whose, what, form)}


def of_words(whose: str, what: str, text: str) -> set[Needle]:
    """Any other text of a person's."""
    return set(_of_text(whose, what, text))


def of_citizen_number(whose: str, number: str) -> set[Needle]:
    """The number, whole, in groups, as the document number with its check digit, and its last six digits alone."""
    needles = set(_of_text(whose, "citizen number", number))
    for separator in SEPARATORS:
        for size in (3, 4):
            groups = separator.join(number[at : at + size] for at in range(0, len(number), size))
            needles |= {Needle(whose, "citizen number in groups", groups.encode(code)) for code in ("utf-8", *WIDE)}
    needles |= set(_of_text(whose, "document number", number[-9:]))
    needles.add(Needle(whose, "document number in the MRZ", f"{number[-9:]}{check_digit(number[-9:])}".encode()))
    needles.add(Needle(whose, "citizen number as BCD", bytes.fromhex(number)))
    # six digits may be part of any other number; base64 of them is too short to mean anything
    needles |= {Needle(whose, "last six digits", number[-6:].encode(code), alone=True) for code in ("utf-8", *WIDE)}
    return needles


def _of_text(whose: str, what: str, text: str) -> Iterator[Needle]:
    for form in ("NFC", "NFD"):
        plain = unicodedata.normalize(form, text)  # type: ignore[arg-type]
        for how, data in _encodings(plain):
            yield Needle(whose, f"{what}, {form}, {how}", data)


def _encodings(text: str) -> Iterator[tuple[str, bytes]]:
    data = text.encode()
    yield "utf-8", data
    for code in WIDE:
        yield code, text.encode(code)
    for how, wide in (("utf-8", data), ("utf-16-le", text.encode("utf-16-le"))):
        yield f"hex of {how}", wide.hex().encode()
        yield f"HEX of {how}", wide.hex().upper().encode()
        for number, encoded in enumerate(_base64(wide)):
            yield f"base64 {number} of {how}", encoded
            yield f"url-safe base64 {number} of {how}", encoded.translate(bytes.maketrans(b"+/", b"-_"))
    escaped = json.dumps(text)[1:-1]
    yield "JSON", escaped.encode()
    yield "JSON in capitals", _capital_escapes(escaped).encode()
    yield "percent", quote(text).encode()
    yield "form", quote_plus(text).encode()
    yield "repr of bytes", repr(data)[2:-1].encode()


def _base64(data: bytes) -> Iterator[bytes]:
    """The characters that depend on `data` alone, for each of the three places it may have in a longer text."""
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + data)
        yield encoded[(before * 8 + 5) // 6 : (before + len(data)) * 8 // 6]


def _capital_escapes(text: str) -> str:
    head, *rest = text.split("\\u")
    return head + "".join(f"\\u{part[:4].upper()}{part[4:]}" for part in rest)


def pieces_in_base64(whose: str, what: str, data: bytes) -> set[Needle]:
    """Bytes as they are, and as base64 at its three places."""
    return {Needle(whose, what, data)} | {Needle(whose, f"{what}, base64", encoded) for encoded in _base64(data)}
