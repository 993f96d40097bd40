"""The student's script reads the labels of the sites that both sides are given; paired differences by hand."""

import cv2
import pytest

from benchmarks import student
from benchmarks.full_size_sites import write_sites
from benchmarks.precision import intervals
from benchmarks.usual_script import smaller_jpeg, to_jpeg
from cxr_core.datasets.registry import read
from cxr_core.findings import FINDINGS


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    return write_sites(tmp_path_factory.mktemp("sites"), images=7, dicom_px=(300, 260), jpeg_px=(280, 240))


def test_the_student_names_the_classes_as_ours(sites) -> None:
    source, external = sites
    assert student.CLASSES == FINDINGS
    for found in (student.vinbigdata_classes(source), student.chexpert_classes(external)):
        assert [found[path] for path in sorted(found)] == [0, 1, 2, 3, 4, 5, 0]
        assert all(path.exists() for path in found)


def test_the_student_has_images_of_224_px(sites, tmp_path) -> None:
    source, external = sites
    for convert, path in (
        (to_jpeg, next(source.rglob("*.dicom"))),
        (smaller_jpeg, next(external.rglob("*.jpg"))),
    ):
        assert cv2.imread(str(convert(tmp_path, path)), cv2.IMREAD_UNCHANGED).shape == (224, 224)


def test_ours_reads_both_sites(sites, tmp_path) -> None:
    for name, folder in zip(("vinbigdata", "chexpert"), sites, strict=True):
        manifest = read(name, folder, private=tmp_path)[0]
        assert len(manifest.images) == 7
        assert manifest.images["patient_id"].nunique() in {0, 7}


def test_paired_differences_have_an_interval() -> None:
    key = ("internal_test", "accuracy")
    low, high = intervals([{key: value} for value in (0.0, 1.0, 2.0)])[key]
    assert (low, high) == pytest.approx((1 - 4.3027 / 3**0.5, 1 + 4.3027 / 3**0.5), abs=1e-3)
