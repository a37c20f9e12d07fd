"""QR codes by zxing-cpp: a fast pass first, then a sharpened, doubled picture."""

from __future__ import annotations

import cv2
import zxingcpp
from numpy import uint8
from numpy.typing import NDArray

from kiosk.ports import Image

Grey = NDArray[uint8]
QR_ONLY = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


class ZxingQrScanner:
    """The port `QrScanner`; text is strict UTF-8, or the code counts as unread."""

    def scan(self, image: Image) -> str | None:
        """The text of the first readable code, or None."""
        grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
        return _decode(grey) or _decode(_sharpened_double(grey))


def _sharpened_double(grey: Grey) -> Grey:
    double = cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    sharp: Grey = cv2.addWeighted(double, 2.5, cv2.GaussianBlur(double, (0, 0), 2.5), -1.5, 0)
    return sharp


def _decode(grey: Grey) -> str | None:
    for code in zxingcpp.read_barcodes(grey, formats=QR_ONLY):
        try:
            # the bytes as encoded: no guessing of character sets, which mangles Vietnamese
            return bytes(code.bytes).decode("utf-8", errors="strict")
        except UnicodeDecodeError:
            continue
    return None
