import numpy as np
import pytest
from PIL import Image
from PIL.Image import Transpose

from cxr_core.images.decode.orientation import UPRIGHT, noted, turned

PILLOW = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_each_orientation_by_hand_and_by_pillow(dtype):
    stored = np.array([[1, 2, 3], [4, 5, 6]], dtype)
    assert turned(stored, 1).tolist() == [[1, 2, 3], [4, 5, 6]]
    # 6: the 0th row of what is stored is the right-hand side of the scene
    assert turned(stored, 6).tolist() == [[4, 1], [5, 2], [6, 3]]
    for orientation, method in PILLOW.items():
        image = turned(stored, orientation)
        assert image.tolist() == np.asarray(Image.fromarray(stored).transpose(method)).tolist()
        assert image.dtype == dtype
        assert image.flags.c_contiguous


@pytest.mark.parametrize("order", ["<", ">"])
def test_the_orientation_is_found_in_either_byte_order(order):
    entries = Image.Exif()
    entries.endian = order
    entries[0x010F], entries[0x0112] = "maker", 8
    assert noted(entries.tobytes().removeprefix(b"Exif\0\0")) == 8


@pytest.mark.parametrize("exif", [b"", b"II*\0", b"text" * 9, b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff"])
def test_what_cannot_be_read_turns_nothing_and_is_not_quoted(exif, recwarn):
    assert noted(exif) == UPRIGHT
    assert not recwarn.list


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_an_orientation_that_cannot_be_turns_nothing(value):
    entries = Image.Exif()
    entries[0x0112] = value
    assert noted(entries.tobytes().removeprefix(b"Exif\0\0")) == UPRIGHT


def test_an_orientation_in_letters_turns_nothing():
    assert noted(b"II*\0\x08\0\0\0\x01\0\x12\x01\x02\0\x02\0\0\x006\0\0\0\0\0\0\0") == UPRIGHT
