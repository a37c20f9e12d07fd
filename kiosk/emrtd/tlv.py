"""BER-TLV with definite lengths, as eMRTD files and secure messaging use it. ISO/IEC 7816-4 §5.2.2."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.errors import TlvInvalid

MAX_TAG_BYTES = 3
MAX_LENGTH_BYTES = 4


@dataclass(frozen=True, repr=False)
class Tlv:
    """One data object; `raw` is its exact encoding, for hashes and MACs over what was really sent."""

    tag: int
    value: bytes
    raw: bytes

    def children(self) -> list[Tlv]:
        """The objects inside this one. Raises: TlvInvalid."""
        return parse(self.value)

    def child(self, tag: int) -> Tlv:
        """The first object with `tag` inside this one. Raises: TlvInvalid if there is none."""
        return find(self.children(), tag)

    def __repr__(self) -> str:
        return f"Tlv({self.tag:X}, <{len(self.value)} bytes>)"


@dataclass(frozen=True)
class Header:
    """Tag and lengths in bytes of an object whose value may not have been read yet."""

    tag: int
    header_length: int
    value_length: int

    @property
    def total_length(self) -> int:
        """Header and value together."""
        return self.header_length + self.value_length


def _read_tag(data: bytes, offset: int) -> tuple[int, int]:
    end = offset + 1
    if data[offset] & 0x1F == 0x1F:
        while data[end] & 0x80:
            end += 1
        end += 1
    if end - offset > MAX_TAG_BYTES:
        raise TlvInvalid("tag too long")
    return int.from_bytes(data[offset:end], "big"), end


def _read_length(data: bytes, offset: int) -> tuple[int, int]:
    first = data[offset]
    if first < 0x80:
        return first, offset + 1
    count = first & 0x7F
    if not 1 <= count <= MAX_LENGTH_BYTES:
        raise TlvInvalid("indefinite or oversized length")
    end = offset + 1 + count
    if end > len(data):
        raise TlvInvalid("cut short inside a length")
    return int.from_bytes(data[offset + 1 : end], "big"), end


def header(data: bytes, offset: int = 0) -> Header:
    """Tag and length at `offset`; the value need not be there. Raises: TlvInvalid."""
    try:
        tag, after_tag = _read_tag(data, offset)
        length, after_length = _read_length(data, after_tag)
    except IndexError as error:
        raise TlvInvalid("cut short inside a header") from error
    return Header(tag, after_length - offset, length)


def iterate(data: bytes) -> Iterator[Tlv]:
    """The objects of `data` one after the other. Raises: TlvInvalid."""
    offset = 0
    while offset < len(data):
        head = header(data, offset)
        end = offset + head.total_length
        if end > len(data):
            raise TlvInvalid(f"object {head.tag:X} is cut short")
        yield Tlv(head.tag, data[offset + head.header_length : end], data[offset:end])
        offset = end


def parse(data: bytes) -> list[Tlv]:
    """All objects of `data`. Raises: TlvInvalid."""
    return list(iterate(data))


def parse_one(data: bytes, tag: int) -> Tlv:
    """The single object that `data` is, which must have `tag`; padding after it is left out.

    Raises: TlvInvalid.
    """
    first = next(iterate(data), None)
    if first is None or first.tag != tag:
        raise TlvInvalid(f"expected object {tag:X}")
    return first


def find(objects: list[Tlv], tag: int) -> Tlv:
    """The first object with `tag`. Raises: TlvInvalid if there is none."""
    found = find_optional(objects, tag)
    if found is None:
        raise TlvInvalid(f"no object {tag:X}")
    return found


def find_optional(objects: list[Tlv], tag: int) -> Tlv | None:
    """The first object with `tag`, or None."""
    return next((item for item in objects if item.tag == tag), None)


def encode_length(length: int) -> bytes:
    """A definite length in its shortest form."""
    if length < 0x80:
        return bytes((length,))
    digits = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((0x80 | len(digits),)) + digits


def encode(tag: int, *values: bytes) -> bytes:
    """An object with `tag` around the joined `values`."""
    value = b"".join(values)
    return tag.to_bytes((tag.bit_length() + 7) // 8, "big") + encode_length(len(value)) + value
