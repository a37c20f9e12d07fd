from __future__ import annotations

import cv2
import numpy as np
import pytest
import qrcode

from drivers.qr_scanner.zxing import ZxingQrScanner

TEXT = "098185004127||Nguyễn Thị Ngọc Lan|12041985|Nữ|Tổ 4, thôn Vân Hội, Tuy Phước, Gia Lai|08062022"


def picture(data: bytes, side=150, blur=0.0, turn_deg=0.0):
    """A code on a grey frame of a camera."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_L, border=3)
    code.add_data(data)
    code.make(fit=True)
    image = np.asarray(code.make_image().get_image().convert("L"))
    frame = np.full((480, 640), 150, np.uint8)
    frame[160 : 160 + side, 240 : 240 + side] = cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA)
    turned = cv2.warpAffine(frame, cv2.getRotationMatrix2D((315, 235), turn_deg, 1), (640, 480), borderValue=150)
    soft = cv2.GaussianBlur(turned, (0, 0), blur) if blur else turned
    return cv2.cvtColor(soft, cv2.COLOR_GRAY2RGB)


@pytest.mark.parametrize("turn_deg", [0, 12, -33, 180])
def test_vietnamese_comes_back_letter_for_letter(turn_deg):
    assert ZxingQrScanner().scan(picture(TEXT.encode(), 190, turn_deg=turn_deg)) == TEXT


def test_the_second_pass_reads_what_the_first_cannot():
    import zxingcpp

    frame = picture(TEXT.encode(), 150, blur=1.7)
    assert not zxingcpp.read_barcodes(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY))
    assert ZxingQrScanner().scan(frame) == TEXT


def test_bytes_that_are_no_utf8_count_as_unread():
    assert ZxingQrScanner().scan(picture("Nguyễn".encode()[:-2] + b"\xff\xfe", 190)) is None


def test_an_empty_frame_holds_no_code():
    assert ZxingQrScanner().scan(np.full((480, 640, 3), 150, np.uint8)) is None


def test_other_kinds_of_codes_are_left_alone():
    import zxingcpp

    code = zxingcpp.create_barcode("098185004127", zxingcpp.BarcodeFormat.DataMatrix).to_image(scale=6)
    frame = np.full((480, 640), 150, np.uint8)
    image = np.asarray(code)
    frame[100 : 100 + image.shape[0], 200 : 200 + image.shape[1]] = image
    assert ZxingQrScanner().scan(cv2.cvtColor(frame, cv2.COLOR_GRAY2RGB)) is None
