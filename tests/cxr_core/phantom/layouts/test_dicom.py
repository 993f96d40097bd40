from datetime import date

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.uid import ExplicitVRLittleEndian, JPEG2000Lossless

from cxr_core.images.decode.facts import ImageFacts
from cxr_core.images.decode.file import decode
from cxr_core.phantom.layouts.dicom import write_dicom


@pytest.fixture
def values():
    return np.random.default_rng(0).integers(0, 4096, (40, 48), dtype=np.uint16)


def _write(path, values, **changes):
    said = {"sex": "F", "age_years": 47, "maker": "Phantom A", "study_date": date(2019, 6, 15)}
    settings = {"bits": 12, "inverted": False, "compressed": True} | said | changes
    write_dicom(path, values, **settings)
    return dcmread(path)


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("compressed", [False, True])
def test_pydicom_reads_back_what_was_written(tmp_path, values, inverted, compressed):
    found = _write(tmp_path / "a.dicom", values, inverted=inverted, compressed=compressed)

    pixels = found.pixel_array
    assert np.array_equal(4095 - pixels if inverted else pixels, values)
    assert found.PhotometricInterpretation == ("MONOCHROME1" if inverted else "MONOCHROME2")
    assert found.file_meta.TransferSyntaxUID == (JPEG2000Lossless if compressed else ExplicitVRLittleEndian)


@pytest.mark.parametrize("bits", [12, 16])
def test_the_depth_stands_in_the_header(tmp_path, values, bits):
    scaled = values << (bits - 12)

    found = _write(tmp_path / "a.dicom", scaled, bits=bits)

    assert (found.BitsStored, found.HighBit, found.BitsAllocated) == (bits, bits - 1, 16)
    assert np.array_equal(found.pixel_array, scaled)


def test_the_header_is_read_back(tmp_path, values):
    _write(tmp_path / "a.dicom", values, sex="M", age_years=7)

    decoded = decode(tmp_path / "a.dicom", size_px=32)

    assert decoded.facts == ImageFacts(sex="M", age_years=7, manufacturer="Phantom A", year=2019, synthetic=True)
    assert decoded.notes == ()


def test_what_is_not_recorded_is_not_made_up(tmp_path, values):
    _write(tmp_path / "a.dicom", values, sex=None, age_years=None, maker=None, study_date=None)

    assert decode(tmp_path / "a.dicom", size_px=32).facts == ImageFacts(synthetic=True)


def test_what_the_header_says_changes_no_pixel_and_no_hash(tmp_path, values):
    _write(tmp_path / "a.dicom", values)
    _write(tmp_path / "b.dicom", values, sex=None, age_years=None, maker="Phantom B", study_date=None)

    one, other = (decode(tmp_path / f"{name}.dicom", size_px=32) for name in "ab")

    assert one.content_hash == other.content_hash
    assert np.array_equal(one.image.pixels, other.image.pixels)


def test_both_photometric_interpretations_decode_to_the_same(tmp_path, values):
    decoded = []
    for inverted in (False, True):
        _write(tmp_path / f"{inverted}.dicom", values, inverted=inverted)
        found = decode(tmp_path / f"{inverted}.dicom", size_px=32)
        decoded.append(found.table[found.image.pixels])

    assert np.array_equal(*decoded)


def test_no_header_names_a_patient(tmp_path, values):
    found = _write(tmp_path / "a.dicom", values)

    assert "PatientName" not in found
    assert "PatientID" not in found
    assert "PatientBirthDate" not in found


def test_the_same_image_gives_the_same_file(tmp_path, values):
    for folder in ("one", "two"):
        _write(tmp_path / folder / "a.dicom", values)

    assert (tmp_path / "one" / "a.dicom").read_bytes() == (tmp_path / "two" / "a.dicom").read_bytes()
