"""How a header says from where a chest was seen."""

import pytest
from pydicom import Dataset
from pydicom.sequence import Sequence

from cxr_core.images.decode import view


def said(*, position=None, code=None, meaning=None, orientation=None) -> Dataset:
    data = Dataset()
    if position is not None:
        data.add_new("ViewPosition", "LO", position)
    if orientation is not None:
        data.PatientOrientation = orientation
    if code is not None or meaning is not None:
        item = Dataset()
        item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = code or "", "SCT", meaning or ""
        data.ViewCodeSequence = Sequence([item])
    return data


@pytest.mark.parametrize(
    ("position", "known"),
    [
        ("PA", "PA"), ("pa ", "PA"), ("P.A.", "PA"), ("PA ERECT", "PA"), ("postero-anterior", "PA"),
        ("AP", "AP"), ("AP SUPINE", "AP"), ("PORTABLE AP", "AP"), ("ANTEROPOSTERIOR", "AP"), ("FRONTAL AP", "AP"),
        ("FRONTAL", "frontal"), ("LLD", "frontal"), ("RLD", "frontal"), ("LEFT LATERAL DECUBITUS", "frontal"),
        ("LL", "lateral"), ("RL", "lateral"), ("LAT", "lateral"), ("LATERAL", "lateral"), ("L-LAT", "lateral"),
        ("Left Lateral", "lateral"), ("LLO", "lateral"), ("RLO", "lateral"), ("RAO", "lateral"), ("PA LAT", "lateral"),
    ],
)  # fmt: skip
def test_a_position_in_words(position, known):
    assert view.read(said(position=position)) == (known, False)


@pytest.mark.parametrize(
    ("code", "known"),
    [
        ("272479007", "PA"), ("R-10214", "PA"), ("399348003", "AP"), ("R-10206", "AP"), ("399033003", "frontal"),
        ("399067008", "lateral"), ("399173006", "lateral"), ("399198007", "lateral"), ("R-10236", "lateral"),
        ("R-10232", "lateral"), ("399135007", "lateral"),
    ],
)  # fmt: skip
def test_a_code(code, known):
    assert view.read(said(code=code)) == (known, False)
    assert view.read(said(code=code, position="", orientation=["L", "F"])) == (known, False)


def test_a_code_of_a_house_of_its_own_is_read_by_its_meaning():
    assert view.read(said(code="X17", meaning="Chest lateral")) == ("lateral", False)


@pytest.mark.parametrize(
    ("orientation", "known"),
    [(["A", "F"], "lateral"), (["P", "F"], "lateral"), (["L", "F"], "frontal"), (["R", "H"], "frontal"),
     (["A", "R"], None), (["AL", "F"], None), ("L", None), (None, None)],
)  # fmt: skip
def test_the_orientation_speaks_where_nothing_else_does(orientation, known):
    assert view.read(said(orientation=orientation)) == (known, False)
    assert view.read(said(orientation=orientation, position="PA")) == ("PA", False)


def test_what_is_lateral_by_one_word_is_not_taken_for_a_frontal_by_another():
    assert view.read(said(position="LL", code="272479007")) == ("lateral", False)
    assert view.read(said(position="PA", code="399173006")) == ("lateral", False)


def test_of_frontals_the_exact_one_is_taken_and_of_two_neither():
    assert view.read(said(position="AP", code="399033003")) == ("AP", False)
    assert view.read(said(position="AP", code="272479007")) == ("frontal", False)
    assert view.read(said(position="AP/PA")) == ("frontal", False)


@pytest.mark.parametrize("unknown", [{"position": "SKYLINE"}, {"code": "X17"}, {"code": "399061009"}])
def test_a_view_that_is_named_and_not_known_is_told_from_none(unknown):
    assert view.read(said(**unknown)) == (None, True)
    assert view.read(said(**unknown, orientation=["L", "F"])) == (None, True)
    assert view.read(said(position=" ")) == (None, False)
