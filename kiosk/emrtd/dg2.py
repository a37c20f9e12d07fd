"""DG2: the holder's portrait. ICAO Doc 9303-10 §4.7.2 (CBEFF); ISO/IEC 19794-5:2005 §5 (face record)."""

from __future__ import annotations

from kiosk.emrtd import tlv
from kiosk.emrtd.lds import LdsFile
from kiosk.errors import PortraitInvalid, TlvInvalid

_GROUP_TEMPLATE, _TEMPLATE = 0x7F61, 0x7F60
_BIOMETRIC_DATA = (0x5F2E, 0x7F2E)
_FORMAT = b"FAC\x00"
_RECORD_HEADER = 14
_FACIAL_INFORMATION = 20
_FEATURE_POINT = 8
_IMAGE_INFORMATION = 12
SIGNATURES = (b"\xff\xd8\xff", b"\x00\x00\x00\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51")
"""JPEG, JP2, and the bare JPEG 2000 codestream that some issuers store."""


def portrait(contents: bytes) -> bytes:
    """The first face image as JPEG or JPEG 2000. Raises: PortraitInvalid."""
    try:
        template = tlv.parse_one(contents, LdsFile.DG2.tag).child(_GROUP_TEMPLATE).child(_TEMPLATE)
        record = next((item.value for item in template.children() if item.tag in _BIOMETRIC_DATA), None)
    except TlvInvalid as error:
        raise PortraitInvalid("DG2's wrapping") from error
    if record is None:
        raise PortraitInvalid("DG2 holds no biometric data")
    return _image(record)


def _image(record: bytes) -> bytes:
    """Skip the headers; the feature points between them vary in number. ISO/IEC 19794-5 §5.4 to §5.8."""
    if not record.startswith(_FORMAT) or len(record) < _RECORD_HEADER + _FACIAL_INFORMATION + _IMAGE_INFORMATION:
        raise PortraitInvalid("not a face record")
    block_length = int.from_bytes(record[_RECORD_HEADER : _RECORD_HEADER + 4], "big")
    feature_points = int.from_bytes(record[_RECORD_HEADER + 4 : _RECORD_HEADER + 6], "big")
    start = _RECORD_HEADER + _FACIAL_INFORMATION + feature_points * _FEATURE_POINT + _IMAGE_INFORMATION
    image = record[start : _RECORD_HEADER + block_length]
    if not image.startswith(SIGNATURES):
        raise PortraitInvalid("neither JPEG nor JPEG 2000")
    return image
