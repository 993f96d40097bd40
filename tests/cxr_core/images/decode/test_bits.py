"""Which bits count, whatever the transfer syntax: what stands beside the stored value is not part of the image."""

import imagecodecs
import numpy as np
import pytest
from pydicom import uid
from pydicom.pixels.encoders import RLELosslessEncoder

from cxr_core.errors import ImageError
from cxr_core.images.decode import dicom_pixels, header
from cxr_core.images.decode.bits import meant, roughness, stored_bits

WHOLE = 10_000
SYNTAXES = [
    uid.ImplicitVRLittleEndian,
    uid.ExplicitVRLittleEndian,
    uid.ExplicitVRBigEndian,
    uid.DeflatedExplicitVRLittleEndian,
    uid.RLELossless,
    uid.JPEG2000Lossless,
    uid.JPEGLossless,
    uid.JPEGLosslessSV1,
    uid.JPEGLSLossless,
    uid.HTJ2KLossless,
]


def encode(patterns, syntax):
    """All 16 bits of each sample, however few of them a header calls stored."""
    if syntax == uid.JPEG2000Lossless:
        return imagecodecs.jpeg2k_encode(patterns, codecformat="J2K", bitspersample=16, reversible=True)
    if syntax in {uid.JPEGLossless, uid.JPEGLosslessSV1}:
        return imagecodecs.jpeg8_encode(patterns, lossless=True, bitspersample=16, predictor=1)
    if syntax == uid.HTJ2KLossless:
        return imagecodecs.htj2k_encode(patterns)
    if syntax == uid.RLELossless:
        return encode_rle(patterns)
    return imagecodecs.jpegls_encode(patterns) if syntax == uid.JPEGLSLossless else None


def encode_rle(patterns):
    rows, columns = patterns.shape
    described = {"samples_per_pixel": 1, "bits_allocated": 16, "bits_stored": 16, "pixel_representation": 0}
    described |= {"photometric_interpretation": "MONOCHROME2", "number_of_frames": 1}
    return RLELosslessEncoder.encode(np.ascontiguousarray(patterns), rows=rows, columns=columns, **described)


def overlay(shape) -> np.ndarray:
    """A frame and a few letters' worth of single pixels."""
    marks = np.zeros(shape, np.uint16)
    marks[5:-5, 4] = marks[5:-5, -4] = marks[5, 4:-4] = marks[-5, 4:-4] = 1
    marks[8:20:3, 10:30:2] = 1
    return marks


def decoded(path, *, size_px=WHOLE):
    stored = dicom_pixels.decode(*header.read(path.read_bytes()), size_px=size_px)
    return stored.zero + stored.direction * stored.image.pixels.astype(np.int64)


@pytest.fixture
def stored(write_dicom):
    """The values that a file of these 16-bit patterns holds, 12 of them stored."""

    def stored(patterns, syntax=uid.ExplicitVRLittleEndian, *, size_px=WHOLE, bits=12, **what):
        path = write_dicom(patterns, syntax=syntax, bits=bits, encoded=encode(patterns, syntax), **what)
        return decoded(path, size_px=size_px)

    return stored


@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda syntax: syntax.keyword)
@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("bit", [12, 15])
def test_an_overlay_above_the_stored_bits_is_no_tissue(*, stored, radiograph, syntax, photometric, bit):
    pixels = radiograph(height=61, width=52)
    marked = pixels | overlay(pixels.shape) << np.uint16(bit)
    np.testing.assert_array_equal(stored(marked, syntax, photometric=photometric), pixels)


@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda syntax: syntax.keyword)
def test_nor_where_the_image_is_reduced(stored, radiograph, syntax):
    pixels = radiograph(height=80, width=64)
    marked = pixels | overlay(pixels.shape) << np.uint16(15)
    means = pixels.astype(int).reshape(40, 2, 32, 2).mean(axis=(1, 3))
    np.testing.assert_allclose(stored(marked, syntax, size_px=32), means, atol=0.5)


@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda syntax: syntax.keyword)
@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_values_below_another_high_bit_are_moved_down(*, stored, radiograph, syntax, photometric):
    pixels = radiograph(height=61, width=52)
    marked = pixels << np.uint16(4) | overlay(pixels.shape)
    assert stored(marked, syntax, photometric=photometric, elements={"HighBit": 15}).tolist() == pixels.tolist()
    marked = pixels << np.uint16(2) | overlay(pixels.shape) << np.uint16(15) | overlay(pixels.shape)
    assert stored(marked, syntax, photometric=photometric, elements={"HighBit": 13}).tolist() == pixels.tolist()


@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda syntax: syntax.keyword)
@pytest.mark.parametrize("high_bit", [11, 15])
def test_signed_values_keep_their_sign(*, stored, radiograph, syntax, high_bit):
    pixels = radiograph(height=61, width=52).astype(np.int16) - 2048
    patterns = (pixels.view(np.uint16) & 0xFFF) << np.uint16(high_bit - 11)
    marked = patterns | overlay(pixels.shape) << np.uint16(12 if high_bit == 11 else 2)
    assert stored(marked, syntax, signed=True, elements={"HighBit": high_bit}).tolist() == pixels.tolist()


@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda syntax: syntax.keyword)
@pytest.mark.parametrize("signed", [False, True])
def test_an_image_of_more_bits_than_are_said_to_be_stored_is_refused(*, stored, radiograph, syntax, signed):
    pixels = radiograph(height=61, width=52, bits=14)
    patterns = (pixels.astype(np.int16) - 8192).view(np.uint16) if signed else pixels
    with pytest.raises(ImageError, match="Expected values of 12 bits; found others"):
        stored(patterns, syntax, signed=signed)


def test_a_high_bit_above_values_that_end_lower_is_refused(stored, radiograph):
    with pytest.raises(ImageError, match="Expected values up to bit 15; found them below"):
        stored(radiograph(height=61, width=52), elements={"HighBit": 15})


def test_a_high_bit_above_those_of_the_compressed_image_is_refused(write_dicom, radiograph):
    pixels = radiograph(height=61, width=52, bits=14)
    path = write_dicom(pixels, syntax=uid.JPEGLosslessSV1, encoded=None, bits=14, elements={"BitsStored": 12})
    data = path.read_bytes().replace(b"\x28\0\2\1US\2\0\x0d\0", b"\x28\0\2\1US\2\0\x0f\0")
    path.write_bytes(data)
    with pytest.raises(ImageError, match="Expected a High Bit below 14; found 15"):
        decoded(path)


@pytest.mark.parametrize("high_bit", [None, 3, 16])
def test_without_a_high_bit_that_can_be_the_lowest_bits_are_stored(stored, radiograph, high_bit):
    pixels = radiograph(height=61, width=52)
    marked = pixels | overlay(pixels.shape) << np.uint16(15)
    np.testing.assert_array_equal(stored(marked, elements={"HighBit": high_bit}), pixels)


def test_a_file_without_the_element_high_bit_is_read(write_dicom, radiograph):
    pixels = radiograph(height=61, width=52)
    path = write_dicom(pixels)
    data = path.read_bytes()
    place = data.index(b"\x28\0\2\1US\2\0")
    path.write_bytes(data[:place] + data[place + 10 :])
    np.testing.assert_array_equal(decoded(path), pixels)


def test_values_that_a_lossy_compression_lets_run_over_their_bits_do_not_wrap(write_dicom, radiograph):
    pixels = radiograph(height=64, width=64, bits=10)
    pixels[:, 20:40] = 1023
    encoded = imagecodecs.jpeg8_encode(pixels, 70, bitspersample=12)
    values = decoded(write_dicom(pixels, syntax=uid.JPEGExtended12Bit, bits=10, encoded=encoded))
    assert values.max() > 1023
    assert values[:, 24:36].min() > 900


@pytest.mark.parametrize("syntax", [uid.JPEG2000Lossless, uid.HTJ2KLossless], ids=lambda syntax: syntax.keyword)
@pytest.mark.parametrize("bits", [12, 16])
class TestTheHeaderAndTheStreamDisagreeAboutTheSign:
    def encoded(self, pixels, syntax, bits):
        if syntax == uid.HTJ2KLossless:
            return imagecodecs.htj2k_encode(pixels)
        return imagecodecs.jpeg2k_encode(pixels, codecformat="J2K", bitspersample=bits, reversible=True)

    def test_unsigned_values_in_a_signed_stream(self, *, write_dicom, radiograph, syntax, bits):
        """The encoder took bit patterns for signed values."""
        pixels = radiograph(height=41, width=52, bits=bits)
        wrapped = (pixels << np.uint16(16 - bits)).view(np.int16) >> np.int16(16 - bits)
        path = write_dicom(pixels, syntax=syntax, bits=bits, encoded=self.encoded(wrapped, syntax, bits))
        np.testing.assert_array_equal(decoded(path), pixels)

    def test_signed_values_under_an_unsigned_header(self, *, write_dicom, radiograph, syntax, bits):
        pixels = (radiograph(height=41, width=52, bits=bits).astype(np.int32) - (1 << bits - 1)).astype(np.int16)
        path = write_dicom(pixels.view(np.uint16), syntax=syntax, bits=bits, encoded=self.encoded(pixels, syntax, bits))
        np.testing.assert_array_equal(decoded(path), pixels)

    def test_signed_values_in_an_unsigned_stream(self, *, write_dicom, radiograph, syntax, bits):
        pixels = (radiograph(height=41, width=52, bits=bits).astype(np.int32) - (1 << bits - 1)).astype(np.int16)
        patterns = pixels.view(np.uint16) & np.uint16((1 << bits) - 1)
        path = write_dicom(
            patterns, syntax=syntax, bits=bits, signed=True, encoded=self.encoded(patterns, syntax, bits)
        )
        np.testing.assert_array_equal(decoded(path), pixels)

    def test_unsigned_values_under_a_signed_header(self, *, write_dicom, radiograph, syntax, bits):
        pixels = radiograph(height=41, width=52, bits=bits)
        path = write_dicom(pixels, syntax=syntax, bits=bits, signed=True, encoded=self.encoded(pixels, syntax, bits))
        np.testing.assert_array_equal(decoded(path), pixels)


def test_roughness_by_hand():
    assert roughness(np.array([[0, 3, 1], [5, 5, 4]], np.int32)) == 3 + 2 + 0 + 1


def test_bit_patterns_by_hand():
    patterns = np.array([[0, 1, 7, 8, 15]], np.uint8)
    assert meant(patterns, bits=4, signed=True).tolist() == [[0, 1, 7, -8, -1]]
    assert meant(patterns, bits=4, signed=False).tolist() == [[0, 1, 7, 8, 15]]


def test_samples_beyond_the_precision_that_a_stream_names_are_told_by_their_bits(write_dicom, radiograph):
    head, _ = header.read(write_dicom(radiograph(height=9, width=9)).read_bytes())
    pixels = radiograph(height=61, width=52)
    marked = pixels | overlay(pixels.shape) << np.uint16(15)
    values, bits = stored_bits(marked, header=head, precision=12)
    assert bits == 12
    np.testing.assert_array_equal(values, pixels)
