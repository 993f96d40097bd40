"""Padding is background, at full size and after reduction."""

import numpy as np
import pytest
from pydicom import uid

from cxr_core.errors import ImageError
from cxr_core.images.decode.file import decode
from cxr_core.images.harmonize import harmonize

SYNTAXES = [uid.ExplicitVRLittleEndian, uid.JPEG2000Lossless, uid.JPEGLSLossless, uid.RLELossless]
BORDER = 41
"""Of padding, px; odd, so that means of 2 x 2 lie across its edge."""


def by_keyword(syntax):
    return syntax.keyword


@pytest.fixture
def anatomy(radiograph):
    """12-bit anatomy between 300 and 3900, and where padding goes."""
    pixels = (300 + radiograph(height=900, width=700) * (3600 / 4095)).astype(np.uint16)
    outside = np.ones(pixels.shape, np.bool_)
    outside[BORDER:-BORDER, BORDER:-BORDER] = False
    return pixels, outside


def shown(path) -> np.ndarray:
    return harmonize(decode(path, size_px=224), size_px=224).astype(int)


@pytest.mark.parametrize("syntax", SYNTAXES, ids=by_keyword)
@pytest.mark.parametrize(("value", "bits"), [(65535, 16), (4095, 12), (0, 12)])
@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("window", [{}, {"WindowCenter": 2100, "WindowWidth": 3600}], ids=["no window", "window"])
def test_padding_of_any_value_is_what_black_around_the_anatomy_is(
    write_dicom, anatomy, *, syntax, value, bits, photometric, window
):
    pixels, outside = anatomy
    black = pixels[~outside].max() if photometric == "MONOCHROME1" else pixels[~outside].min()
    plain = write_dicom(
        np.where(outside, black, pixels), bits=bits, photometric=photometric, elements=window, name="plain"
    )
    padded = write_dicom(
        np.where(outside, np.uint16(value), pixels),
        syntax=syntax,
        bits=bits,
        photometric=photometric,
        elements=window | {"PixelPaddingValue": value},
    )
    found = shown(padded)
    np.testing.assert_array_equal(found, shown(plain))
    assert found[: BORDER * 224 // 900 - 1].max() == 0
    assert len(np.unique(found[40:-40, 40:-40])) > 150


@pytest.mark.parametrize("value", [-2000, -32768])
def test_padding_of_signed_values(write_dicom, anatomy, value):
    pixels, outside = anatomy
    signed = pixels.astype(np.int16) - np.int16(1500)
    plain = np.where(outside, signed[~outside].min(), signed)
    padded = np.where(outside, np.int16(value), signed)
    elements = {"PixelPaddingValue": value}
    expected = shown(write_dicom(plain, signed=True, bits=16, name="plain"))
    for syntax in (uid.ExplicitVRLittleEndian, uid.ImplicitVRLittleEndian, uid.RLELossless):
        path = write_dicom(padded, signed=True, bits=16, elements=elements, syntax=syntax)
        np.testing.assert_array_equal(shown(path), expected)


def test_a_range_of_padding(write_dicom, anatomy):
    pixels, outside = anatomy
    noise = np.random.default_rng(0).integers(4000, 4096, pixels.shape).astype(np.uint16)
    path = write_dicom(
        np.where(outside, noise, pixels), elements={"PixelPaddingValue": 4095, "PixelPaddingRangeLimit": 4000}
    )
    plain = write_dicom(np.where(outside, pixels[~outside].min(), pixels), name="plain")
    np.testing.assert_array_equal(shown(path), shown(plain))


def test_padding_is_dark_where_a_falling_table_shows_low_values_bright(write_dicom, anatomy):
    pixels, outside = anatomy
    falling = {"RescaleSlope": -1, "RescaleIntercept": 4095}
    plain = write_dicom(np.where(outside, pixels[~outside].max(), pixels), elements=falling, name="plain")
    path = write_dicom(np.where(outside, np.uint16(0), pixels), elements=falling | {"PixelPaddingValue": 0})
    np.testing.assert_array_equal(shown(path), shown(plain))


def test_a_value_that_is_declared_and_nowhere_changes_nothing(write_dicom, anatomy):
    pixels, _ = anatomy
    expected = shown(write_dicom(pixels, name="plain"))
    for syntax in (uid.ExplicitVRLittleEndian, uid.RLELossless):
        for value in (4095, 65535):
            path = write_dicom(pixels, syntax=syntax, elements={"PixelPaddingValue": value})
            np.testing.assert_array_equal(shown(path), expected)


def test_padding_is_part_of_the_picture_and_not_of_the_exposure(write_dicom, anatomy):
    pixels, outside = anatomy
    padded = np.where(outside, np.uint16(4095), pixels)
    said = write_dicom(padded, elements={"PixelPaddingValue": 4095})
    unsaid = write_dicom(padded, name="unsaid")
    assert decode(said, size_px=224).content_hash == decode(unsaid, size_px=224).content_hash
    assert np.abs(shown(said) - shown(unsaid)).mean() > 5


def test_nothing_but_padding_is_no_radiograph(write_dicom):
    path = write_dicom(np.full((30, 40), 7, np.uint16), elements={"PixelPaddingValue": 7})
    with pytest.raises(ImageError, match="all pixels are padding"):
        decode(path, size_px=224)
