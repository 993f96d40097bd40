"""How many bytes an image that is not compressed may have, and one in RLE."""

import struct
import zlib

import numpy as np
import pytest
from pydicom import dcmread, uid

from cxr_core.errors import ImageError
from cxr_core.images.decode import dicom_pixels, header

NATIVE = [
    uid.ImplicitVRLittleEndian,
    uid.ExplicitVRLittleEndian,
    uid.ExplicitVRBigEndian,
    uid.DeflatedExplicitVRLittleEndian,
]
PIXELS_TAG = {uid.ExplicitVRBigEndian: b"\x7f\xe0\0\x10"}


def decoded(data):
    stored = dicom_pixels.decode(*header.read(data), size_px=10_000)
    return stored.zero + stored.direction * stored.image.pixels.astype(np.int64)


@pytest.fixture
def padded(write_dicom, tmp_path):
    """A file whose Pixel Data ends with more than its pixels."""

    def padded(pixels, excess, syntax):
        path = write_dicom(pixels, syntax=syntax)
        dataset = dcmread(path)
        dataset.PixelData += excess
        dataset.save_as(tmp_path / "padded.dicom")
        return (tmp_path / "padded.dicom").read_bytes()

    return padded


@pytest.mark.parametrize("syntax", NATIVE, ids=lambda syntax: syntax.keyword)
@pytest.mark.parametrize("size", [2, 126, 128, 400])
def test_excess_padding_is_left_out(*, padded, radiograph, syntax, size):
    pixels = radiograph(height=231, width=242)
    np.testing.assert_array_equal(decoded(padded(pixels, bytes(size), syntax)), pixels)


@pytest.mark.parametrize("syntax", NATIVE, ids=lambda syntax: syntax.keyword)
def test_excess_bytes_that_are_no_padding_are_refused(padded, radiograph, syntax):
    pixels = radiograph(height=231, width=242)
    for excess in (b"\x01\0", bytes(126) + b"\0\x01", bytes(2 * 231), bytes(2 * 242)):
        with pytest.raises(ImageError, match="Expected 111804 bytes"):
            decoded(padded(pixels, excess, syntax))


@pytest.mark.parametrize("syntax", NATIVE, ids=lambda syntax: syntax.keyword)
@pytest.mark.parametrize("size", [1, 2, 7, 8, 64, 128, 5000])
@pytest.mark.parametrize("is_zero", [False, True])
def test_bytes_put_in_before_the_end_are_damage(*, write_dicom, radiograph, syntax, size, is_zero):
    pixels = radiograph(height=231, width=242, bits=16)
    pixels[-20:] = 0
    data, random = write_dicom(pixels, bits=16, syntax=syntax).read_bytes(), np.random.default_rng(size)
    for place in random.integers(700, len(data) - 20, size=12):
        put_in = bytes(size) if is_zero else random.bytes(size)
        try:
            values = decoded(data[:place] + put_in + data[place:])
        except ImageError:
            continue
        # nothing tells that deflated bytes are the right ones but their number
        assert syntax == uid.DeflatedExplicitVRLittleEndian
        assert (values != pixels).mean() < 0.01


@pytest.mark.parametrize("syntax", NATIVE, ids=lambda syntax: syntax.keyword)
def test_elements_after_the_pixels_are_no_damage(write_dicom, radiograph, syntax):
    pixels = radiograph(height=31, width=42)
    elements = {"DataSetTrailingPadding": bytes(3000)}
    path = write_dicom(pixels, syntax=syntax, elements=elements)
    np.testing.assert_array_equal(decoded(path.read_bytes()), pixels)
    dataset = dcmread(path)
    block = dataset.private_block(0x7FE1, "MAKER", create=True)
    block.add_new(1, "SH", "short")
    block.add_new(2, "UT", "long" * 20_000)
    dataset.save_as(path)
    np.testing.assert_array_equal(decoded(path.read_bytes()), pixels)


def test_an_explicit_element_out_of_order_is_no_damage(write_dicom, radiograph):
    pixels = radiograph(height=31, width=42)
    data = write_dicom(pixels).read_bytes()
    np.testing.assert_array_equal(decoded(data + b"\x11\x00\x10\x00LO\x04\x00made"), pixels)


def test_what_follows_deflated_data(write_dicom, radiograph):
    pixels = radiograph(height=31, width=42)
    data = write_dicom(pixels, syntax=uid.DeflatedExplicitVRLittleEndian).read_bytes()
    start = 144 + int.from_bytes(data[140:144], "little")
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    inflated = inflate.decompress(data[start:])
    data = data[: len(data) - len(inflate.unused_data)]
    # with the end of a gzip file, as some writers leave it; otherwise it is damage
    end = struct.pack("<2L", zlib.crc32(inflated), len(inflated))
    for excess in (b"", b"\0", end):
        np.testing.assert_array_equal(decoded(data + excess), pixels)
    for excess in (b"\x01", bytes(8), end[::-1]):
        with pytest.raises(ImageError, match="Expected a deflated file that ends with its data"):
            decoded(data + excess)


@pytest.mark.parametrize("excess", [b"\0", bytes(2), b"\n", bytes(512), b"\xfc\xff\xfc\xffOB\0\0\x08\0\0\0\0"])
def test_other_bytes_after_the_pixels_are_damage(write_dicom, radiograph, excess):
    data = write_dicom(radiograph(height=31, width=42)).read_bytes()
    with pytest.raises(ImageError, match="Expected the file to end with its pixels"):
        decoded(data + excess)


@pytest.mark.parametrize("width", [42, 43])
@pytest.mark.parametrize("syntax", [uid.ExplicitVRLittleEndian, uid.ExplicitVRBigEndian], ids=lambda uid: uid.keyword)
@pytest.mark.parametrize("vr", ["OB", "OW"])
def test_bytes_in_words_come_in_the_order_of_the_file(*, write_dicom, radiograph, width, syntax, vr):
    pixels = radiograph(height=31, width=width, bits=8).astype(np.uint8)
    path = write_dicom(pixels, syntax=syntax, bits=8, allocated=8)
    dataset = dcmread(path)
    dataset["PixelData"].VR = vr
    if (syntax, vr) == (uid.ExplicitVRBigEndian, "OW"):
        dataset.PixelData = np.frombuffer(dataset.PixelData, "u2").byteswap().tobytes()
        dataset["PixelData"].VR = vr
    dataset.save_as(path)
    np.testing.assert_array_equal(dcmread(path).pixel_array, pixels)
    np.testing.assert_array_equal(decoded(path.read_bytes()), pixels)


class TestRunLengths:
    @pytest.fixture
    def file(self, write_dicom, radiograph):
        pixels = radiograph(height=131, width=142)
        pixels[-30:] = pixels[:, :20] = 0
        return pixels, write_dicom(pixels, syntax=uid.RLELossless).read_bytes()

    def test_it_is_what_pydicom_decodes(self, file, tmp_path):
        pixels, data = file
        (tmp_path / "image").write_bytes(data)
        np.testing.assert_array_equal(decoded(data), pixels)
        np.testing.assert_array_equal(decoded(data), dcmread(tmp_path / "image").pixel_array)

    @pytest.mark.parametrize("size", [512, 2048])
    @pytest.mark.parametrize("is_zero", [False, True])
    def test_a_segment_with_a_hole_is_refused(self, file, size, is_zero):
        _, data = file
        random = np.random.default_rng(0)
        start = data.index(struct.pack("<2L", 2, 64)) + 64
        for place in random.integers(start, len(data) - size - 20, size=20):
            hole = bytes(size) if is_zero else random.bytes(size)
            with pytest.raises(ImageError, match="RLE"):
                decoded(data[:place] + hole + data[place + size :])

    def test_a_segment_made_even_by_a_byte_that_is_decoded_is_read(self, write_dicom, radiograph):
        pixels = radiograph(height=1, width=60, bits=8).astype(np.uint8)
        segment = bytes([59]) + pixels.tobytes()
        for more in (b"\0", b"\0\0"):
            encoded = struct.pack("<16L", 1, 64, *[0] * 14) + segment + more
            path = write_dicom(pixels, syntax=uid.RLELossless, bits=8, allocated=8, encoded=encoded)
            np.testing.assert_array_equal(decoded(path.read_bytes()), pixels)
