"""The values that a DICOM file stores, under each transfer syntax, against pydicom's own decoding."""

import imagecodecs
import numpy as np
import pytest
from pydicom import dcmread, uid
from pydicom.encaps import encapsulate

from cxr_core.errors import ImageError
from cxr_core.images.decode import dicom_pixels, header

NATIVE = [
    uid.ImplicitVRLittleEndian,
    uid.ExplicitVRLittleEndian,
    uid.ExplicitVRBigEndian,
    uid.DeflatedExplicitVRLittleEndian,
]
LOSSLESS = [
    *NATIVE,
    uid.JPEG2000Lossless,
    uid.JPEGLossless,
    uid.JPEGLosslessSV1,
    uid.JPEGLSLossless,
    uid.RLELossless,
]
PYDICOM_CAN = {*NATIVE, uid.JPEG2000Lossless, uid.JPEG2000, uid.JPEGBaseline8Bit, uid.RLELossless}
WHOLE = 10_000


def stored_values(path, *, size_px=WHOLE):
    head, pixel_data = header.read(path.read_bytes())
    stored = dicom_pixels.decode(head, pixel_data, size_px=size_px)
    return stored.zero + stored.direction * stored.image.pixels.astype(np.int64), stored


@pytest.mark.parametrize("syntax", LOSSLESS, ids=lambda syntax: syntax.keyword)
@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize(("bits", "allocated"), [(8, 8), (10, 16), (12, 16), (16, 16)])
@pytest.mark.parametrize(("height", "width"), [(33, 47), (64, 38)])
def test_lossless_values_are_those_that_were_stored(
    *, write_dicom, radiograph, syntax, photometric, bits, allocated, height, width
):
    pixels = radiograph(height=height, width=width, bits=bits).astype(f"u{allocated // 8}")
    path = write_dicom(pixels, syntax=syntax, photometric=photometric, bits=bits, allocated=allocated)
    values, stored = stored_values(path)
    np.testing.assert_array_equal(values, pixels)
    assert (stored.image.lowest, stored.image.highest) == (stored.image.pixels.min(), stored.image.pixels.max())
    if syntax in PYDICOM_CAN:
        np.testing.assert_array_equal(values, dcmread(path).pixel_array)


@pytest.mark.parametrize("syntax", [*NATIVE, uid.JPEG2000Lossless, uid.RLELossless], ids=lambda syntax: syntax.keyword)
@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize(("bits", "allocated"), [(8, 8), (12, 16), (16, 16)])
def test_signed_values_are_those_that_were_stored(*, write_dicom, radiograph, syntax, photometric, bits, allocated):
    pixels = (radiograph(height=41, width=52, bits=bits).astype(np.int32) - (1 << bits - 1)).astype(
        f"i{allocated // 8}"
    )
    path = write_dicom(pixels, syntax=syntax, photometric=photometric, bits=bits, allocated=allocated, signed=True)
    values, stored = stored_values(path)
    np.testing.assert_array_equal(values, pixels)
    np.testing.assert_array_equal(values, dcmread(path).pixel_array)
    assert stored.image.pixels.dtype == np.dtype(f"u{allocated // 8}")


@pytest.mark.parametrize("syntax", [uid.JPEGLossless, uid.JPEGLSLossless], ids=lambda syntax: syntax.keyword)
def test_signed_values_come_as_bit_patterns_where_the_compression_knows_no_sign(write_dicom, radiograph, syntax):
    pixels = radiograph(height=41, width=52).astype(np.int16) - 2048
    patterns = pixels.view(np.uint16) & 0xFFF
    path = write_dicom(patterns, syntax=syntax, signed=True)
    np.testing.assert_array_equal(stored_values(path)[0], pixels)


def test_signed_values_in_an_unsigned_jpeg_2000_stream_are_read_as_pydicom_reads_them(write_dicom, radiograph):
    pixels = radiograph(height=41, width=52).astype(np.int16) - 2048
    path = write_dicom(pixels.view(np.uint16) & 0xFFF, syntax=uid.JPEG2000Lossless, signed=True)
    np.testing.assert_array_equal(stored_values(path)[0], pixels)
    np.testing.assert_array_equal(dcmread(path).pixel_array, pixels)
    # and where it may be reduced, by means of the true values, not of wrapped ones
    means = pixels[:40].astype(int).reshape(20, 2, 26, 2).mean(axis=(1, 3))
    np.testing.assert_allclose(stored_values(path, size_px=20)[0], means, atol=0.5)


@pytest.mark.parametrize("bits", [12, 16])
def test_more_precision_in_jpeg_2000_than_bits_stored_does_not_matter(write_dicom, radiograph, bits):
    pixels = radiograph(height=41, width=52)
    encoded = imagecodecs.jpeg2k_encode(pixels, codecformat="J2K", bitspersample=16, reversible=True)
    path = write_dicom(pixels, syntax=uid.JPEG2000Lossless, bits=bits, encoded=encoded)
    np.testing.assert_array_equal(stored_values(path)[0], pixels)


def test_high_bits_of_signed_values_need_not_repeat_the_sign(write_dicom, radiograph):
    pixels = radiograph(height=20, width=30).astype(np.int16) - 2048
    path = write_dicom(pixels.view(np.uint16) & 0xFFF, signed=True)
    np.testing.assert_array_equal(stored_values(path)[0], pixels)
    np.testing.assert_array_equal(dcmread(path).pixel_array, pixels)


def test_lossy_jpeg_2000_is_what_pydicom_decodes(write_dicom, radiograph):
    path = write_dicom(radiograph(height=101, width=83), syntax=uid.JPEG2000)
    np.testing.assert_array_equal(stored_values(path)[0], dcmread(path).pixel_array)


def test_jpeg_baseline_is_what_pydicom_decodes(write_dicom, radiograph):
    pixels = radiograph(height=101, width=83, bits=8).astype(np.uint8)
    path = write_dicom(pixels, syntax=uid.JPEGBaseline8Bit, bits=8, allocated=8)
    np.testing.assert_allclose(stored_values(path)[0], dcmread(path).pixel_array.astype(int), atol=1)


def test_jpeg_extended_keeps_twelve_bits(write_dicom, radiograph):
    pixels = radiograph(height=101, width=83)
    path = write_dicom(pixels, syntax=uid.JPEGExtended12Bit)
    error = np.abs(stored_values(path)[0] - pixels)
    assert error.mean() < 16  # at quality 95; eight bits alone would round to multiples of 16
    assert len(np.unique(stored_values(path)[0])) > 1000


def test_near_lossless_jpeg_ls_stays_within_its_bound(write_dicom, radiograph):
    pixels = radiograph(height=101, width=83)
    path = write_dicom(pixels, syntax=uid.JPEGLSNearLossless)
    assert np.abs(stored_values(path)[0] - pixels).max() == 2


def test_high_throughput_jpeg_2000(write_dicom, radiograph):
    pixels = radiograph(height=101, width=83)
    path = write_dicom(pixels, syntax=uid.HTJ2KLossless, encoded=imagecodecs.htj2k_encode(pixels))
    np.testing.assert_array_equal(stored_values(path)[0], pixels)


def test_an_uncompressed_image_is_reduced_by_exact_means(write_dicom, radiograph):
    pixels = radiograph(height=40, width=61)
    values, stored = stored_values(write_dicom(pixels), size_px=20)
    sums = pixels[:, :60].astype(int).reshape(20, 2, 30, 2).sum(axis=(1, 3))
    np.testing.assert_array_equal(values, (sums + 2) // 4)
    assert (stored.image.step, stored.image.start, stored.image.width) == (2, 0, 61)
    assert (stored.image.lowest, stored.image.highest) == (pixels.min(), pixels.max())


class TestRefused:
    def reason(self, path):
        with pytest.raises(ImageError) as caught:
            stored_values(path)
        return str(caught.value)

    @pytest.mark.parametrize("rows", [40, 42])
    @pytest.mark.parametrize("syntax", LOSSLESS, ids=lambda syntax: syntax.keyword)
    def test_a_header_that_lies_about_its_rows(self, write_dicom, radiograph, syntax, rows):
        path = write_dicom(radiograph(height=41, width=52), syntax=syntax, elements={"Rows": rows})
        assert "Expected" in self.reason(path)

    def test_a_header_that_lies_about_its_allocated_bits(self, write_dicom, radiograph):
        path = write_dicom(radiograph(height=41, width=52), elements={"BitsAllocated": 8, "BitsStored": 8})
        assert "Expected 2132 bytes for 52 x 41 px of 8 bits; found 4264" in self.reason(path)

    @pytest.mark.parametrize("signed", [False, True])
    def test_a_header_that_lies_about_its_stored_bits(self, write_dicom, radiograph, signed):
        pixels = radiograph(height=41, width=52, bits=16) // 2
        path = write_dicom(pixels.astype(np.int16) if signed else pixels, bits=12, signed=signed)
        assert "Expected values of 12 bits; found others" in self.reason(path)

    def test_a_compressed_image_of_more_bits_than_are_allocated(self, write_dicom, radiograph):
        elements = {"BitsAllocated": 8, "BitsStored": 8}
        path = write_dicom(radiograph(height=41, width=52), syntax=uid.JPEG2000Lossless, elements=elements)
        assert "Expected at most 8 bits as in the header; the image has 12" in self.reason(path)

    def test_a_colour_image_inside(self, write_dicom, radiograph):
        gray = radiograph(height=41, width=52, bits=8).astype(np.uint8)
        colour = imagecodecs.jpeg8_encode(np.dstack([gray] * 3), 90)
        path = write_dicom(gray, syntax=uid.JPEGBaseline8Bit, bits=8, allocated=8, encoded=colour)
        assert "Expected one gray component; found 3" in self.reason(path)

    def test_an_unknown_transfer_syntax(self, write_dicom, radiograph):
        path = write_dicom(radiograph(height=41, width=52), syntax=uid.MPEG2MPML, encoded=b"1234")
        assert "found another" in self.reason(path)

    def test_a_compressed_file_without_fragments(self, write_dicom, radiograph):
        path = write_dicom(radiograph(height=41, width=52))
        path.write_bytes(path.read_bytes().replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.5\0"))
        assert "Expected a compressed frame in fragments" in self.reason(path)


COMPRESSED = {
    uid.JPEGBaseline8Bit: lambda image: imagecodecs.jpeg8_encode(image.astype(np.uint8), 95),
    uid.JPEGLSLossless: imagecodecs.jpegls_encode,
    uid.JPEG2000Lossless: lambda image: imagecodecs.jpeg2k_encode(image, codecformat="J2K", reversible=True),
}


def two_frames(write_dicom, images, *, syntax, has_table, number):
    pixels = encapsulate([COMPRESSED[syntax](image) for image in images], has_bot=has_table)
    stated = {} if number is None else {"NumberOfFrames": number}
    path = write_dicom(images[0], syntax=syntax, bits=8, allocated=8, elements=stated)
    data = dcmread(path)
    data.PixelData = pixels
    data.save_as(path)
    return path


@pytest.mark.parametrize("syntax", COMPRESSED, ids=lambda syntax: syntax.keyword)
@pytest.mark.parametrize("has_table", [True, False])
@pytest.mark.parametrize("number", [None, 1])
def test_a_second_frame_that_the_header_hides_is_not_dropped(*, write_dicom, radiograph, syntax, has_table, number):
    first = radiograph(height=40, width=30, bits=8).astype(np.uint8)
    path = two_frames(write_dicom, [first, first[::-1].copy()], syntax=syntax, has_table=has_table, number=number)
    with pytest.raises(ImageError, match="one frame; found 2"):
        stored_values(path)


@pytest.mark.parametrize("has_table", [True, False])
def test_one_frame_in_several_fragments_is_read(write_dicom, radiograph, has_table):
    pixels = radiograph(height=40, width=30)
    path = write_dicom(pixels, syntax=uid.JPEG2000Lossless)
    data = dcmread(path)
    stream = imagecodecs.jpeg2k_encode(pixels, codecformat="J2K", bitspersample=12, reversible=True)
    data.PixelData = encapsulate([stream], fragments_per_frame=5, has_bot=has_table)
    data.save_as(path)
    np.testing.assert_array_equal(stored_values(path)[0], pixels)
