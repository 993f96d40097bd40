"""Harmonization against the plain way: everything at full resolution, in floats, with OpenCV's own functions."""

import re
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom import Dataset, dcmread, uid
from pydicom.pixels import apply_voi_lut

from cxr_core.images import harmonize as module
from cxr_core.images.decode.file import decode
from cxr_core.images.decode.reduced import reduce, whole
from cxr_core.images.harmonize import decoding_px, harmonize, pipeline_fingerprint, squared

WINDOW = {"WindowCenter": 2000, "WindowWidth": 3001}


def the_plain_way(path, *, size_px=224):
    dataset = dcmread(path)
    values = apply_voi_lut(dataset.pixel_array, dataset).astype(float)
    values = (values - values.min()) / (values.max() - values.min())
    if dataset.PhotometricInterpretation == "MONOCHROME1":
        values = 1 - values
    gray = cv2.equalizeHist(np.floor(values * 255 + 0.5).astype(np.uint8))
    return cv2.resize(gray, (size_px, size_px), interpolation=cv2.INTER_AREA)


def our_way(path, *, size_px=224):
    return harmonize(decode(path, size_px=decoding_px(size_px)), size_px=size_px)


def errors(ours, theirs):
    difference = np.abs(ours.astype(int) - theirs)
    return difference.mean(), np.percentile(difference, 99)


@pytest.mark.parametrize(
    "syntax", [uid.ExplicitVRLittleEndian, uid.JPEG2000Lossless], ids=lambda syntax: syntax.keyword
)
@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("elements", [WINDOW, {}], ids=["window", "no window"])
def test_an_image_too_small_to_be_reduced_is_harmonized_the_plain_way(
    *, write_dicom, radiograph, syntax, photometric, elements
):
    path = write_dicom(
        radiograph(height=301, width=277), syntax=syntax, photometric=photometric, elements=dict(elements)
    )
    np.testing.assert_allclose(our_way(path).astype(int), the_plain_way(path), atol=1)


@pytest.mark.parametrize(
    ("syntax", "height", "width"),
    [
        (uid.ExplicitVRLittleEndian, 1800, 1792),
        (uid.ExplicitVRLittleEndian, 2047, 1999),
        (uid.JPEG2000Lossless, 1801, 1795),
    ],
)
def test_a_reduced_image_stays_within_a_gray_level_or_two(*, write_dicom, radiograph, syntax, height, width):
    path = write_dicom(radiograph(height=height, width=width), syntax=syntax, elements=dict(WINDOW))
    decoded = decode(path, size_px=224)
    assert decoded.image.step == 8
    mean, most = errors(harmonize(decoded, size_px=224), the_plain_way(path))
    assert mean < 1.4
    assert most <= 7
    mean, most = errors(harmonize(decode(path, size_px=448), size_px=224), the_plain_way(path))
    assert mean < 0.7
    assert most <= 3


def test_a_long_voi_lut_in_a_file_is_applied(write_dicom, radiograph):
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [4096, 0, 16])
    item.add_new("LUTData", "OW", np.round(np.sqrt(np.arange(4096)) * 1000).astype("<u2").tobytes())
    path = write_dicom(radiograph(height=301, width=277), elements={"VOILUTSequence": [item]})
    np.testing.assert_allclose(our_way(path).astype(int), the_plain_way(path), atol=1)


def test_a_reduced_jpeg_stays_within_a_gray_level_or_two(tmp_path, radiograph):
    path = tmp_path / "image.jpg"
    cv2.imwrite(str(path), radiograph(height=1801, width=1795, bits=8).astype(np.uint8))
    theirs = cv2.equalizeHist(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE))
    mean, most = errors(our_way(path), cv2.resize(theirs, (224, 224), interpolation=cv2.INTER_AREA))
    assert mean < 1.4
    assert most <= 7


def test_the_half_pixel_of_jpeg_2000_levels_is_corrected(write_dicom, radiograph):
    path = write_dicom(radiograph(height=900, width=912), syntax=uid.JPEG2000Lossless, elements=dict(WINDOW))
    decoded, expected = decode(path, size_px=224), the_plain_way(path)
    uncorrected = replace(decoded, image=replace(decoded.image, start=0.0))
    corrected, _ = errors(harmonize(decoded, size_px=224), expected)
    shifted, _ = errors(harmonize(uncorrected, size_px=224), expected)
    assert decoded.image.step == 4
    assert corrected < shifted / 2


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    height=st.integers(225, 700),
    width=st.integers(225, 700),
    seed=st.integers(0, 9),
    size_px=st.sampled_from([64, 96, 224]),
)
def test_monochrome1_of_inverted_pixels_is_monochrome2_exactly(
    *, write_dicom, radiograph, height, width, seed, size_px
):
    pixels = radiograph(height=height, width=width, seed=seed)
    mirrored = {"WindowCenter": 4096 - WINDOW["WindowCenter"], "WindowWidth": WINDOW["WindowWidth"]}
    plain = write_dicom(pixels, name="2", elements=dict(WINDOW))
    inverted = write_dicom(4095 - pixels, name="1", photometric="MONOCHROME1", elements=mirrored)
    np.testing.assert_array_equal(our_way(inverted, size_px=size_px), our_way(plain, size_px=size_px))


@settings(deadline=None, max_examples=50)
@given(height=st.integers(60, 300), width=st.integers(60, 300), size_px=st.integers(10, 60))
def test_means_over_samples_are_what_opencv_calls_area(height, width, size_px):
    gray = np.random.default_rng(0).integers(0, 256, (height, width)).astype(np.uint8)
    expected = cv2.resize(gray, (size_px, size_px), interpolation=cv2.INTER_AREA).astype(int)
    np.testing.assert_allclose(module._means(gray, like=whole(gray), height=size_px, width=size_px), expected, atol=1)
    np.testing.assert_allclose(squared(gray, like=whole(gray), size_px=size_px), expected, atol=1)


def test_the_last_odd_column_is_stood_for_by_the_sample_before_it():
    """Columns of 10 and 20 by turns, and a last one: means of two are 15, and each third of 5 columns is by hand."""
    gray = np.tile(np.array([10, 20, 10, 20, 30], np.uint8), (4, 1))
    image = reduce(whole(gray), size_px=2)
    assert image.pixels.tolist() == [[15, 15], [15, 15]]
    assert module._borders(5, samples=2, like=image, count=2).tolist() == [0, 1.25, 2]


def test_where_a_jpeg_2000_level_begins_is_where_its_first_sample_is_centred():
    gray = np.array([[0, 90]], np.uint8)
    level = replace(whole(gray), step=4, start=-1.5, width=8, height=1)
    # the first sample sits in the middle of pixel 0 and covers the image from 0 to 2.5, the second from 2.5 to 8
    assert squared(gray, like=level, size_px=1)[0, 0] == round(90 * 4 / 6.5)


@settings(max_examples=50)
@given(seed=st.integers(0, 99), least=st.integers(0, 200), spread=st.integers(1, 55))
def test_equalization_is_that_of_opencv_where_the_darkest_gray_is_left(seed, least, spread):
    random = np.random.default_rng(seed)
    gray = (least + spread * random.beta(0.3, 0.5, (30, 40))).astype(np.uint8)
    gray[0, :2] = least, least + spread
    ours = module._equalized(gray, darkest=int(gray.min())).astype(int)
    np.testing.assert_allclose(ours, cv2.equalizeHist(gray), atol=1)


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_a_single_pixel_darker_than_a_wide_border_does_not_shift_the_image(write_dicom, radiograph, photometric):
    pixels = 600 + radiograph(height=900, width=900, bits=11)
    pixels[:150] = 500
    pixels[700, 300] = 0
    if photometric == "MONOCHROME1":
        pixels = 4095 - pixels
    path = write_dicom(pixels, photometric=photometric)
    mean, most = errors(our_way(path), the_plain_way(path))
    assert mean < 1.4
    assert most <= 7


def test_a_small_image_is_enlarged_linearly():
    gray = np.array([[0, 100]], np.uint8)
    assert squared(gray, like=whole(gray), size_px=4)[0].tolist() == [0, 25, 75, 100]


def test_sizes_above_224_keep_their_resolution(write_dicom, radiograph):
    path = write_dicom(radiograph(height=1300, width=1100))
    for size_px, step in ((64, 4), (224, 4), (225, 4), (300, 2), (512, 2), (551, 1), (2000, 1)):
        decoded = decode(path, size_px=decoding_px(size_px))
        assert decoded.image.step == step
        assert harmonize(decoded, size_px=size_px).shape == (size_px, size_px)


def test_all_grays_are_used(write_dicom, radiograph):
    pixels = our_way(write_dicom(radiograph(height=301, width=277)))
    assert pixels.dtype == np.uint8
    assert pixels.min() < 10
    assert pixels.max() > 245
    assert abs(pixels.mean() - 127.5) < 5


def test_the_fingerprint_names_version_size_and_libraries(monkeypatch):
    first = pipeline_fingerprint(224)
    assert re.fullmatch("[0-9a-f]{16}", first)
    assert pipeline_fingerprint(224) == first
    assert pipeline_fingerprint(96) != first
    monkeypatch.setattr(module, "PIPELINE_VERSION", 0)
    assert pipeline_fingerprint(224) != first
    monkeypatch.undo()
    monkeypatch.setattr(cv2, "__version__", "0")
    assert pipeline_fingerprint(224) != first
