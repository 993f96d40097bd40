"""Whole files: their kinds, their content hash, and what becomes of damaged ones."""

from io import BytesIO

import cv2
import numpy as np
import pytest
from pydicom import dcmread, uid
from pydicom.encaps import encapsulate, get_frame

from cxr_core.errors import ImageError
from cxr_core.images import identity
from cxr_core.images.decode import file
from cxr_core.images.decode.facts import ImageFacts
from cxr_core.images.decode.file import decode
from cxr_core.images.harmonize import harmonize

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
    assert dicom.facts == ImageFacts(sex="F", view="PA", age_years=64.0)


def test_a_deep_png_gets_a_table_over_its_own_range(write, radiograph):
    pixels = radiograph(height=71, width=58) + np.uint16(1000)
    decoded = decode(write(cv2.imencode(".png", pixels)[1].tobytes()), size_px=224)
    low, high = int(pixels.min()), int(pixels.max())
    assert decoded.table.shape == (65536,)
    assert (decoded.table[: low + 1].max(), decoded.table[high:].min()) == (0, 255)
    assert decoded.table[(low + high) // 2] in {127, 128}


EXACT = [
    uid.ImplicitVRLittleEndian,
    uid.ExplicitVRBigEndian,
    uid.DeflatedExplicitVRLittleEndian,
    uid.RLELossless,
    uid.JPEGLossless,
    uid.JPEGLosslessSV1,
    uid.JPEGLSLossless,
]


@pytest.fixture
def content_hash(write_dicom):
    def content_hash(pixels, **what):
        return decode(write_dicom(pixels, **what), size_px=224).content_hash

    return content_hash


def test_an_exposure_is_known_by_its_samples(content_hash, radiograph):
    pixels = radiograph(height=71, width=58)
    same = content_hash(pixels)
    assert same == identity.of_samples(pixels)
    assert len({same, content_hash(pixels ^ np.uint16(1)), content_hash(pixels.reshape(58, 71))}) == 3


@pytest.mark.parametrize(
    "what",
    [
        {"elements": {"PatientName": "OTHER", "PatientSex": "M", "PatientAge": None}},
        {"elements": {"WindowCenter": 900, "WindowWidth": 400}},
        {"elements": {"RescaleSlope": 2, "RescaleIntercept": -1024}},
        {"photometric": "MONOCHROME1"},
        {"bits": 16},
    ],
    ids=["patient", "window", "rescale", "photometric", "bits"],
)
def test_what_only_a_header_says_makes_no_other_exposure(content_hash, radiograph, what):
    pixels = radiograph(height=71, width=58)
    assert content_hash(pixels, **what) == content_hash(pixels)
    stream = {"syntax": uid.JPEG2000Lossless, "bits": 12}
    assert content_hash(pixels, **(what | stream)) == content_hash(pixels, **stream)


@pytest.mark.parametrize("syntax", EXACT, ids=by_keyword)
def test_an_exposure_stays_itself_in_every_lossless_syntax_that_is_decoded_whole(content_hash, radiograph, syntax):
    pixels = radiograph(height=71, width=58)
    assert content_hash(pixels, syntax=syntax) == content_hash(pixels)


def test_signed_values_are_counted_from_the_least_possible_one(content_hash, radiograph):
    pixels = radiograph(height=71, width=58).astype(np.int16) - np.int16(2048)
    assert content_hash(pixels, signed=True) == identity.of_samples(pixels + np.int16(2048))


def test_a_png_file_is_known_by_its_samples_too(write, content_hash, radiograph):
    pixels = radiograph(height=71, width=58)
    for effort in (1, 9):
        data = cv2.imencode(".png", pixels, [cv2.IMWRITE_PNG_COMPRESSION, effort])[1].tobytes()
        assert decode(write(data), size_px=224).content_hash == content_hash(pixels)


def test_a_stream_is_known_by_its_bytes_whatever_holds_them(write, content_hash, gray):
    stream = cv2.imencode(".jpg", gray)[1].tobytes()
    alone = decode(write(stream), size_px=224).content_hash
    held = content_hash(gray, syntax=uid.JPEGBaseline8Bit, bits=8, allocated=8, encoded=stream)
    assert alone == held == identity.of_stream(stream)
    assert decode(write(stream + b"\0" * 3), size_px=224).content_hash == alone


def test_fragments_are_not_part_of_an_exposure(write_dicom, radiograph):
    path = write_dicom(radiograph(height=71, width=58), syntax=uid.JPEG2000Lossless)
    whole = decode(path, size_px=224).content_hash
    dataset = dcmread(path)
    dataset.PixelData = encapsulate([get_frame(dataset.PixelData, 0, number_of_frames=1)], fragments_per_frame=3)
    dataset.save_as(path)
    assert decode(path, size_px=224).content_hash == whole


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


def test_a_number_that_is_none_in_a_window_is_no_window_and_is_not_quoted(write, write_dicom, radiograph):
    path = write_dicom(radiograph(height=31, width=48), elements={"WindowCenter": 1234.5, "WindowWidth": 4000})
    damaged = path.read_bytes().replace(b"1234.5", b"SECRET")
    assert dcmread(write(damaged)).WindowCenter == "SECRET"
    found = decode(write(damaged), size_px=224)
    without = decode(write_dicom(radiograph(height=31, width=48)), size_px=224)
    np.testing.assert_array_equal(found.table, without.table)
    assert (found.notes, without.notes) == (("no_window",), ())
    assert "SECRET" not in repr(found)


def test_a_window_that_does_not_fit_is_noted(write_dicom, radiograph):
    pixels = radiograph(height=71, width=58)
    found = decode(write_dicom(pixels, elements={"WindowCenter": 127, "WindowWidth": 254}), size_px=224)
    np.testing.assert_array_equal(found.table, decode(write_dicom(pixels), size_px=224).table)
    assert found.notes == ("window",)


def test_hot_pixels_leave_the_anatomy_its_grays(write, write_dicom, radiograph):
    pixels = radiograph(height=300, width=260)
    hot = pixels.copy()
    hot.flat[np.linspace(1000, 70_000, 9).astype(int)] = 65535
    expected = harmonize(decode(write_dicom(pixels, bits=16), size_px=224), size_px=224).astype(int)
    png = write(cv2.imencode(".png", hot)[1].tobytes())
    for path in (write_dicom(hot, bits=16), write_dicom(hot, bits=16, syntax=uid.JPEG2000Lossless), png):
        found = decode(path, size_px=224)
        shown = harmonize(found, size_px=224)
        assert len(np.unique(shown)) > 200
        assert np.abs(shown - expected).mean() < 2
        assert found.notes == ("spikes",)


class TestBareDataSets:
    @pytest.fixture
    def bare(self, write_dicom, radiograph):
        """A file, and its data set alone in that encoding."""

        def bare(**what):
            path = write_dicom(radiograph(height=71, width=58), **what)
            buffer = BytesIO()
            dataset = dcmread(path)
            del dataset.file_meta
            dataset.preamble = None
            implicit = what.get("syntax") == uid.ImplicitVRLittleEndian
            dataset.save_as(buffer, implicit_vr=implicit, little_endian=True, enforce_file_format=False)
            return path.read_bytes(), buffer.getvalue()

        return bare

    @pytest.mark.parametrize("syntax", [uid.ImplicitVRLittleEndian, uid.ExplicitVRLittleEndian], ids=by_keyword)
    @pytest.mark.parametrize("before", [b"", bytes(128) + b"DICM"], ids=["nothing", "preamble"])
    def test_they_are_read_and_noted(self, bare, write, syntax, before):
        whole, alone = bare(syntax=syntax, elements={"SOPClassUID": "1.2.3", "WindowCenter": 2000, "WindowWidth": 3000})
        expected, found = decode(write(whole), size_px=224), decode(write(before + alone), size_px=224)
        np.testing.assert_array_equal(found.image.pixels, expected.image.pixels)
        np.testing.assert_array_equal(found.table, expected.table)
        assert (found.content_hash, found.facts.sex, found.facts.view) == (expected.content_hash, "F", "PA")
        assert (expected.notes, found.notes) == ((), ("bare",))

    def test_a_compressed_one_is_named_for_what_it_is(self, bare, write):
        _, alone = bare(syntax=uid.JPEG2000Lossless, elements={"SOPClassUID": "1.2.3"})
        with pytest.raises(ImageError, match="bare data set with compressed pixels"):
            decode(write(alone), size_px=224)

    def test_one_that_is_cut_off_is_refused(self, bare, write):
        _, alone = bare(elements={"SOPClassUID": "1.2.3"})
        for end in [*range(8, 400, 31), len(alone) - 1000, len(alone) - 1]:
            with pytest.raises(ImageError):
                decode(write(alone[:end]), size_px=224)


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
