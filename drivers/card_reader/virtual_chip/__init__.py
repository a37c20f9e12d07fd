"""A model of a Vietnamese ID card's chip, laid on a virtual PC/SC reader (vsmartcard's vpcd).

The card's side of BAC, PACE, secure messaging and chip authentication is written here a second time, apart from
`kiosk.emrtd`, so that a mistake made there is not mirrored here. Shared are only `kiosk.emrtd.tlv` (a framing
that either side would notice to be wrong) and the `ecdsa` library's point arithmetic; the standard's worked
examples and OpenPACE's libeac guard both sides in the tests.
"""

from drivers.card_reader.virtual_chip.image import ChipBehaviour, ChipImage
from drivers.card_reader.virtual_chip.reader import VirtualReader

__all__ = ["ChipBehaviour", "ChipImage", "VirtualReader"]
