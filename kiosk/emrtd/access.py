"""Opening the chip: PACE where it is offered, BAC else, with the keys the visitor's card gave.

ICAO Doc 9303-11 §4.2. Never a silent fall from PACE to BAC: what was offered is kept and compared later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kiosk.emrtd import bac, card_access, lds, mrz, pace
from kiosk.emrtd.card_access import CardAccess
from kiosk.emrtd.channel import Channel
from kiosk.emrtd.pace import Password, PasswordKind
from kiosk.emrtd.security_infos import PaceInfo
from kiosk.errors import AccessKeyInsufficient, CardNotSupported, FileAbsent, WrongAccessKey
from kiosk.session import AccessKeys

AccessProtocol = Literal["PACE-CAN", "PACE-MRZ", "BAC"]
_NAMES: dict[PasswordKind, AccessProtocol] = {PasswordKind.CAN: "PACE-CAN", PasswordKind.MRZ: "PACE-MRZ"}


@dataclass(frozen=True)
class OpenedChip:
    """A chip with its application selected and a session open, and how that was reached."""

    protocol: AccessProtocol
    card_access: CardAccess


def open_chip(channel: Channel, keys: AccessKeys) -> OpenedChip:
    """Read EF.CardAccess, run the access protocol, select the eMRTD application.

    Raises: WrongAccessKey, AccessKeyInsufficient, CardNotSupported, and what the channel raises.
    """
    offered = card_access.read(channel)
    info = pace.select(offered.infos.pace)
    if info is None:
        _open_with_bac(channel, keys)
        return OpenedChip("BAC", offered)
    protocol = _open_with_pace(channel, info, keys)
    if not lds.select_application(channel):
        raise CardNotSupported("no eMRTD application")
    return OpenedChip(protocol, offered)


def _passwords(keys: AccessKeys) -> Iterator[Password]:
    if keys.can:
        yield Password.from_can(keys.can)
    for candidate in keys.mrz_candidates:
        yield Password.from_mrz(mrz.mrz_information(*candidate))


def _open_with_pace(channel: Channel, info: PaceInfo, keys: AccessKeys) -> AccessProtocol:
    """Try each password; a chip without CAN (6A88) gets the MRZ. Raises: WrongAccessKey, AccessKeyInsufficient."""
    refusal: WrongAccessKey | None = None
    for password in _passwords(keys):
        try:
            pace.establish(channel, info, password)
        except FileAbsent:
            continue
        except WrongAccessKey as error:
            refusal = error
            continue
        return _NAMES[password.kind]
    raise refusal or AccessKeyInsufficient("no password that the chip knows")


def _open_with_bac(channel: Channel, keys: AccessKeys) -> None:
    if not lds.select_application(channel):
        raise CardNotSupported("no eMRTD application")
    if not keys.mrz_candidates:
        raise AccessKeyInsufficient("BAC needs the MRZ")
    *others, last = keys.mrz_candidates
    for candidate in others:
        try:
            bac.establish(channel, mrz.mrz_information(*candidate))
        except WrongAccessKey:
            continue
        return
    bac.establish(channel, mrz.mrz_information(*last))
