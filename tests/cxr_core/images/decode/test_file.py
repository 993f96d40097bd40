"""Whole files: their kinds, their content hash, and what becomes of damaged ones."""

import hashlib

import cv2
import numpy as np
import pytest
from pydicom import dcmread, uid

from cxr_core.errors import ImageError
from cxr_core.images.decode import file
from cxr_core.images.decode.file import decode

SYNTAXES = [
    uid.ExplicitVRLittleEndian,
    uid.DeflatedExplicitVRLittleEndian,
    uid.JPEG2000Lossless,
    uid.JPEGExtended12Bit,
    uid.JPEGLosslessSV1,
    uid.JPEGLSLossless,
    uid.RLELossless,
]


def by_keyword(syntax):
    return syntax.keyword


@pytest.fixture
def write(tmp_path):
    def write(data: bytes, name="image"):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


@pytest.fixture
def gray(radiograph):
    return radiograph(height=71, width=58, bits=8).astype(np.uint8)


def test_the_kind_is_seen_from_the_bytes_not_from_the_name(write, write_dicom, gray):
    jpeg = cv2.imencode(".jpg", gray)[1].tobytes()
    png = cv2.imencode(".png", gray)[1].tobytes()
    assert decode(write(jpeg, "image.dicom"), size_px=224).table is None
    np.testing.assert_array_equal(decode(write(png, "image.jpg"), size_px=224).image.pixels, gray)
    dicom = decode(write_dicom(gray, name="image.png", bits=8, allocated=8), size_px=224)
    assert (dicom.sex, dicom.view, dicom.age_years) == ("F", "PA", 64.0)


def test_a_deep_png_gets_a_table_over_its_own_range(write, radiograph):
    pixels = radiograph(height=71, width=58) + np.uint16(1000)
    decoded = decode(write(cv2.imencode(".png", pixels)[1].tobytes()), size_px=224)
    low, high = int(pixels.min()), int(pixels.max())
    assert decoded.table.shape == (65536,)
    assert (decoded.table[: low + 1].max(), decoded.table[high:].min()) == (0, 255)
    assert decoded.table[(low + high) // 2] in {127, 128}


def test_the_content_hash_of_other_files_is_that_of_their_bytes(write, gray):
    data = cv2.imencode(".png", gray)[1].tobytes()
    assert decode(write(data), size_px=224).content_hash == hashlib.sha256(data).hexdigest()[:32]


def test_the_content_hash_of_a_dicom_file_is_that_of_its_pixels(write_dicom, radiograph):
    pixels = radiograph(height=71, width=58)

    def content_hash(pixels, **what):
        return decode(write_dicom(pixels, **what), size_px=224).content_hash

    same = content_hash(pixels)
    expected = hashlib.sha256(b"71 58 MONOCHROME2 1.2.840.10008.1.2.1 " + pixels.tobytes())
    assert same == expected.hexdigest()[:32]
    assert content_hash(pixels, elements={"PatientName": "OTHER", "PatientSex": "M", "WindowCenter": None}) == same
    others = {
        content_hash(pixels ^ np.uint16(1)),
        content_hash(pixels.reshape(58, 71)),
        content_hash(pixels, photometric="MONOCHROME1"),
        content_hash(pixels, syntax=uid.ImplicitVRLittleEndian),
        content_hash(pixels, syntax=uid.RLELossless),
    }
    assert len(others | {same}) == 6


@pytest.mark.parametrize("syntax", SYNTAXES, ids=by_keyword)
def test_a_dicom_file_cut_off_before_its_last_pixel_is_refused(write, write_dicom, radiograph, syntax):
    pixels = radiograph(height=71, width=58)
    data = write_dicom(pixels, syntax=syntax).read_bytes()
    complete = decode(write(data), size_px=224)
    last = len(data) - {uid.ExplicitVRLittleEndian: 0, uid.DeflatedExplicitVRLittleEndian: 1}.get(syntax, 8)
    for end in [*range(0, 1200, 13), *range(1200, last, 211), last - 1]:
        with pytest.raises(ImageError):
            decode(write(data[:end]), size_px=224)
    # what is accepted without the last bytes has all its pixels
    for end in range(last, len(data)):
        try:
            assert decode(write(data[:end]), size_px=224).content_hash == complete.content_hash
        except ImageError:
            continue


@pytest.mark.parametrize("syntax", SYNTAXES, ids=by_keyword)
def test_a_damaged_file_gives_an_image_or_a_reason_and_nothing_else(write, write_dicom, radiograph, syntax):
    elements = {"WindowCenter": 2000, "WindowWidth": 3000, "RescaleSlope": 1, "RescaleIntercept": 0}
    data = write_dicom(radiograph(height=31, width=48), syntax=syntax, elements=elements).read_bytes()
    random = np.random.default_rng(0)
    refused = 0
    for _ in range(150):
        damaged = bytearray(data)
        for place in random.integers(132, min(len(data), 1200), size=2):
            damaged[place] = random.integers(256)
        try:
            decode(write(bytes(damaged)), size_px=224)
        except ImageError:
            refused += 1
    assert 0 < refused < 150


def test_segments_of_rle_that_lie_do_not_reach_the_decoder(write_dicom, radiograph):
    # the decoder believes them and reads outside its memory
    path = write_dicom(radiograph(height=31, width=48), syntax=uid.RLELossless)
    data = path.read_bytes()
    place = data.index(b"\x02\0\0\0\x40\0\0\0")
    for lie in (b"\xff\xff\xff\0", b"\x0f\0\0\0", b"\x01\0\0\0"):
        path.write_bytes(data[:place] + lie + data[place + 4 :])
        with pytest.raises(ImageError, match="RLE"):
            decode(path, size_px=224)
    path.write_bytes(data[: place + 8] + b"\xff\xff\xff\x7f" + data[place + 12 :])
    with pytest.raises(ImageError, match="RLE"):
        decode(path, size_px=224)


def test_a_number_that_is_none_in_a_window_is_refused_without_being_quoted(write, write_dicom, radiograph):
    path = write_dicom(radiograph(height=31, width=48), elements={"WindowCenter": 1234.5, "WindowWidth": 4000})
    damaged = path.read_bytes().replace(b"1234.5", b"SECRET")
    assert dcmread(write(damaged)).WindowCenter == "SECRET"
    with pytest.raises(ImageError, match="window or lookup tables that can be applied") as caught:
        decode(write(damaged), size_px=224)
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "found an empty file"),
        (b"text", "found other bytes"),
        (b"<html>Not found</html>" * 20, "found other bytes"),
        (b"GIF89a" + bytes(200), "found other bytes"),
        (b"\x02\0" + bytes(300), "transfer syntax"),
        (bytes(128) + b"DICM", "transfer syntax"),
    ],
)
def test_what_is_no_image_is_refused(write, data, reason):
    with pytest.raises(ImageError, match=reason):
        decode(write(data), size_px=224)


def test_an_image_of_one_gray_is_refused(write):
    for extension in (".jpg", ".png"):
        data = cv2.imencode(extension, np.full((300, 300), 77, np.uint8))[1].tobytes()
        with pytest.raises(ImageError, match="all pixels have the same value"):
            decode(write(data), size_px=224)


def test_a_file_too_large_is_refused_unread(write, monkeypatch):
    monkeypatch.setattr(file, "_LARGEST_FILE_BYTES", 100)
    with pytest.raises(ImageError, match="Expected at most 100 bytes"):
        decode(write(bytes(101)), size_px=224)
