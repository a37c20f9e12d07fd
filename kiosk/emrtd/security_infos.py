"""SecurityInfos, as EF.CardAccess and DG14 hold them. ICAO Doc 9303-11 §9.2; BSI TR-03110-3 Appendix A.1.1."""

from __future__ import annotations

from dataclasses import dataclass

from asn1crypto import core

from kiosk.emrtd import tlv
from kiosk.errors import DerInvalid, TlvInvalid

PACE = "0.4.0.127.0.7.2.2.4"
PUBLIC_KEY_ECDH = "0.4.0.127.0.7.2.2.1.2"
CHIP_AUTHENTICATION = "0.4.0.127.0.7.2.2.3"
_SET, _SEQUENCE, _INTEGER, _OBJECT_IDENTIFIER = 0x31, 0x30, 0x02, 0x06


@dataclass(frozen=True)
class PaceInfo:
    """One way the chip offers PACE; `parameter_id` names standardised domain parameters."""

    protocol: str
    version: int
    parameter_id: int | None


@dataclass(frozen=True)
class ChipAuthenticationInfo:
    """One way the chip offers chip authentication; `key_id` tells its keys apart where it has several."""

    protocol: str
    version: int
    key_id: int | None


@dataclass(frozen=True)
class ChipAuthenticationPublicKeyInfo:
    """A static key of the chip as SubjectPublicKeyInfo (DER)."""

    protocol: str
    public_key: bytes
    key_id: int | None


@dataclass(frozen=True)
class SecurityInfos:
    """What the chip says it can do; unknown protocols are left out."""

    pace: tuple[PaceInfo, ...] = ()
    chip_authentication: tuple[ChipAuthenticationInfo, ...] = ()
    chip_authentication_keys: tuple[ChipAuthenticationPublicKeyInfo, ...] = ()


def parse(encoded: bytes) -> SecurityInfos:
    """A DER SET OF SecurityInfo. Raises: DerInvalid."""
    try:
        rows = [_row(item) for item in tlv.parse_one(encoded, _SET).children()]
        return SecurityInfos(
            pace=tuple(
                PaceInfo(protocol, _integer(required), _optional_integer(optional))
                for protocol, required, optional in rows
                if _is_protocol(protocol, PACE)
            ),
            chip_authentication=tuple(
                ChipAuthenticationInfo(protocol, _integer(required), _optional_integer(optional))
                for protocol, required, optional in rows
                if _is_protocol(protocol, CHIP_AUTHENTICATION)
            ),
            chip_authentication_keys=tuple(
                ChipAuthenticationPublicKeyInfo(protocol, required.raw, _optional_integer(optional))
                for protocol, required, optional in rows
                if protocol == PUBLIC_KEY_ECDH
            ),
        )
    except TlvInvalid as error:
        raise DerInvalid("SecurityInfos") from error


def _is_protocol(protocol: str, family: str) -> bool:
    """Whether `protocol` is two arcs under `family`: one arc alone marks domain parameters."""
    return protocol.startswith(family + ".") and protocol.removeprefix(family + ".").count(".") == 1


def _row(item: tlv.Tlv) -> tuple[str, tlv.Tlv, tlv.Tlv | None]:
    if item.tag != _SEQUENCE:
        raise DerInvalid("SecurityInfo is no SEQUENCE")
    parts = item.children()
    if len(parts) not in (2, 3) or parts[0].tag != _OBJECT_IDENTIFIER:
        raise DerInvalid("SecurityInfo's parts")
    return object_identifier(parts[0]), parts[1], parts[2] if len(parts) == 3 else None


def object_identifier(item: tlv.Tlv) -> str:
    """In dotted form. Raises: DerInvalid."""
    if not item.value or item.value[-1] & 0x80:
        raise DerInvalid("object identifier is cut short")
    try:
        return str(core.ObjectIdentifier.load(item.raw, strict=True).dotted)
    except (ValueError, TypeError, IndexError) as error:
        raise DerInvalid("object identifier") from error


def object_identifier_value(dotted: str) -> bytes:
    """The encoded value without tag and length, as MSE:Set AT wants it."""
    contents: bytes = core.ObjectIdentifier(dotted).contents
    return contents


def _integer(item: tlv.Tlv) -> int:
    if item.tag != _INTEGER or not 1 <= len(item.value) <= 8:
        raise DerInvalid("INTEGER")
    return int.from_bytes(item.value, "big", signed=True)


def _optional_integer(item: tlv.Tlv | None) -> int | None:
    return None if item is None else _integer(item)
