from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cxr_core.datasets.vinbigdata.names import KAGGLE_FINDINGS, PHYSIONET_FINDINGS, SIX
from cxr_core.datasets.vinbigdata.readings import Readings, read_kaggle, read_physionet
from cxr_core.errors import DataError

Write = Callable[..., Path]

HEADER = "image_id,class_name,class_id,rad_id,x_min,y_min,x_max,y_max"
ROWS = (
    "b,Cardiomegaly,3,R10,10,20,30,40",
    "b,Cardiomegaly,3,R10,11,21,31,41",
    "a,No finding,14,R9,,,,",
    "b,No finding,14,R2,,,,",
)
LABELS_HEADER = "image_id,rad_ID," + ",".join(SIX)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(*lines: str, name: str = "t.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n")
        return path

    return written


def marks(readings: Readings) -> dict[tuple[str, str], set[str]]:
    """For each image and reader, the findings that were marked."""
    labels = readings.labels.astype({"image_id": "str", "reader": "str", "finding": "str"})
    return {
        pair: set(group.loc[group["value"] == 1, "finding"]) for pair, group in labels.groupby(["image_id", "reader"])
    }


def test_a_reader_who_saw_the_image_and_marked_nothing_is_zero(write: Write) -> None:
    readings = read_kaggle(write(HEADER, *ROWS))
    assert marks(readings) == {("a", "R9"): {"No finding"}, ("b", "R10"): {"Cardiomegaly"}, ("b", "R2"): {"No finding"}}
    assert len(readings.labels) == 3 * 15
    assert readings.labels["value"].dtype == np.float32
    assert set(readings.labels["value"]) == {0.0, 1.0}


def test_images_and_readers_are_in_order_whatever_the_order_of_rows(write: Write) -> None:
    first, second = read_kaggle(write(HEADER, *ROWS)), read_kaggle(write(HEADER, *reversed(ROWS)))
    assert first.image_ids.tolist() == ["a", "b"]
    assert first.labels["reader"].cat.categories.tolist() == ["R2", "R9", "R10"]
    pd.testing.assert_frame_equal(first.labels, second.labels)


def test_every_box_is_kept_and_none_without_corners(write: Write) -> None:
    boxes = read_kaggle(write(HEADER, *ROWS)).boxes
    assert boxes[["image_id", "finding", "reader", "x0", "y0", "x1", "y1"]].to_numpy().tolist() == [
        ["b", "Cardiomegaly", "R10", 10, 20, 30, 40],
        ["b", "Cardiomegaly", "R10", 11, 21, 31, 41],
    ]
    assert boxes[["frame_width", "frame_height"]].isna().all(axis=None)


def test_columns_may_stand_in_any_order_and_a_size_is_the_frame(write: Write) -> None:
    path = write("height,width,y_max,x_max,y_min,x_min,rad_id,class_name,image_id", "300,200,4,3,2,1,R1,ILD,a")
    assert read_kaggle(path).boxes.iloc[0].tolist() == ["a", "ILD", "R1", 1, 2, 3, 4, 200, 300]


def test_no_finding_has_no_box_whatever_stands_there(write: Write) -> None:
    assert read_kaggle(write(HEADER, "a,No finding,14,R9,0,0,1,1")).boxes.empty


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("a,Cardiomegalie,3,R9,,,,", "column 'class_name': expected one of Aortic enlargement, Atelectasis"),
        ("a,Cardiomegaly,3,,,,,", "column 'rad_id': expected a name, found nothing"),
        (",Cardiomegaly,3,R9,,,,", "column 'image_id': expected a name, found nothing"),
        ("a,Cardiomegaly,3,R9,1,x,3,4", "column 'y_min': expected a number of pixels up to 65535, or blank, found 'x'"),
        (
            "a,Cardiomegaly,3,R9,1,-2,3,4",
            "column 'y_min': expected a number of pixels up to 65535, or blank, found '-2'",
        ),
        ("a,Cardiomegaly,3,R9,1,2,3,", "expected all four corners or none, found some of them"),
        ("a,Cardiomegaly,3,R9,5,2,3,4", "found a box the other way round"),
        ("a,Cardiomegaly,3,R9,1,5,3,4", "found a box the other way round"),
        ("a,Cardiomegaly,3,R9", "expected 8 cells as in the header, found 4"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line(write: Write, row: str, words: str) -> None:
    with pytest.raises(DataError) as caught:
        read_kaggle(write(HEADER, *ROWS, row))
    assert "t.csv:6: " in str(caught.value)
    assert words in str(caught.value)


def test_spaces_around_names_make_no_other_reader_image_or_finding(write: Write) -> None:
    rows = ("b, Cardiomegaly ,3,R10 ,10,20,30,40", " b,No finding ,14, R2,0,0,9,9", "a,No finding,14,R10,,,,")
    readings = read_kaggle(write(HEADER, *rows))
    assert marks(readings) == {
        ("a", "R10"): {"No finding"}, ("b", "R10"): {"Cardiomegaly"}, ("b", "R2"): {"No finding"}
    }  # fmt: skip
    assert readings.boxes[["finding", "reader"]].to_numpy().tolist() == [["Cardiomegaly", "R10"]]
    labels = (LABELS_HEADER, "a,R1,1,0,0,0,0,0", "a, R1,1,0,0,0,0,0")
    with pytest.raises(DataError, match=r"t\.csv:3: .* each image and reader once"):
        read_physionet(write(*labels), boxes=None, consensus=False)


def test_a_reader_in_two_spellings_is_refused_since_a_majority_counts_readers(write: Write) -> None:
    with pytest.raises(DataError, match=r"t\.csv:6: column 'rad_id': expected each reader in one spelling"):
        read_kaggle(write(HEADER, *ROWS, "b,Cardiomegaly,3,r10,,,,"))
    with pytest.raises(DataError, match=r"t\.csv:3: column 'rad_ID': expected each reader in one spelling"):
        read_physionet(write(LABELS_HEADER, "a,R1,1,0,0,0,0,0", "b,r1,1,0,0,0,0,0"), boxes=None, consensus=False)


@pytest.mark.parametrize(("name", "number"), [("Cardiomegaly", 4), ("Consolidation", 3), ("Cardiomegaly", 14)])
def test_a_name_and_a_number_that_contradict_each_other_are_refused(write: Write, name: str, number: int) -> None:
    with pytest.raises(DataError, match=r"t\.csv:6: column 'class_.*expected the same in all rows of one class_"):
        read_kaggle(write(HEADER, *ROWS, f"a,{name},{number},R10,1,2,3,4"))


def test_a_box_that_stands_there_twice_is_one(write: Write) -> None:
    readings = read_kaggle(write(HEADER, *ROWS, *ROWS))
    pd.testing.assert_frame_equal(readings.boxes, read_kaggle(write(HEADER, *ROWS)).boxes)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("b,ILD,5,R1,200,10,210,20,200,300", "column 'x_min': expected a box on the image"),
        ("b,ILD,5,R1,10,300,20,310,200,300", "column 'x_min': expected a box on the image"),
        ("a,ILD,5,R1,10,10,20,20,300,200", "column 'width': expected the same in all rows of one image_id"),
        ("a,ILD,5,R1,10,10,20,20,200,301", "column 'height': expected the same in all rows of one image_id"),
    ],
)
def test_a_box_beside_its_image_or_in_another_frame_is_refused(write: Write, row: str, words: str) -> None:
    rows = (f"{HEADER},width,height", "a,ILD,5,R1,1,2,199,299,200,300", "a,ILD,5,R2,150,2,205,300,200,300")
    assert len(read_kaggle(write(*rows)).boxes) == 2  # what reaches over the edge ends there, in the results
    with pytest.raises(DataError) as caught:
        read_kaggle(write(*rows, row))
    assert "t.csv:4: " in str(caught.value)
    assert words in str(caught.value)


def test_boxes_in_fractions_of_the_image_are_refused(write: Write) -> None:
    rows = (HEADER, "a,No finding,14,R1,0,0,1,1", "a,ILD,5,R2,0.1,0.2,0.5,1")
    with pytest.raises(DataError, match=r"t\.csv:3: .* expected pixels, found fractions of the image"):
        read_kaggle(write(*rows))
    assert len(read_kaggle(write(*rows, "a,ILD,5,R3,0,0,2,2")).boxes) == 2


@pytest.mark.parametrize("column", ["image_id", "class_name", "rad_id", "x_min", "y_max"])
def test_a_missing_column_is_named(write: Write, column: str) -> None:
    with pytest.raises(DataError, match=f"t.csv:1: expected the column {column}, found "):
        read_kaggle(write(HEADER.replace(column, "other"), ROWS[0]))


def test_the_published_names_are_those_of_the_release() -> None:
    assert len(KAGGLE_FINDINGS) == 15
    assert len(set(PHYSIONET_FINDINGS)) == 22 + 6 + 1  # the sixth diagnosis has two spellings
    assert set(KAGGLE_FINDINGS) <= set(PHYSIONET_FINDINGS)
    assert set(SIX) <= set(KAGGLE_FINDINGS)


def test_full_release_labels_are_as_stated(write: Write) -> None:
    path = write("COPD," + LABELS_HEADER, "1,b,R10,0,1,0,0,0,0", "0,b,R2,1,0,0,0,0,0", "0,a,R2,0,0,0,1,1.0,0")
    readings = read_physionet(path, boxes=None, consensus=False)
    assert marks(readings) == {
        ("a", "R2"): {"Lung Opacity", "Pleural effusion"},
        ("b", "R2"): {"No finding"},
        ("b", "R10"): {"Cardiomegaly", "COPD"},
    }
    assert len(readings.labels) == 3 * 7
    assert readings.labels["image_id"].astype("str").tolist() == ["a"] * 7 + ["b"] * 14
    assert readings.boxes.empty


def test_full_release_boxes_name_their_reader(write: Write) -> None:
    path = write(LABELS_HEADER, "a,R2,0,1,0,0,0,0")
    boxes = write(
        "image_id,rad_id,class_name,x_min,y_min,x_max,y_max",
        "a,R2,Rib fracture,1,2,3,4",
        "a,R2,No finding,,,,",
        name="b.csv",
    )
    assert read_physionet(path, boxes=boxes, consensus=False).boxes.iloc[:, :7].to_numpy().tolist() == [
        ["a", "Rib fracture", "R2", 1, 2, 3, 4]
    ]


def test_the_test_set_is_read_by_the_consensus(write: Write) -> None:
    path = write("image_id," + ",".join(SIX), "a,0,1,0,0,0,0")
    boxes = write("image_id,class_name,x_min,y_min,x_max,y_max", "a,Cardiomegaly,1,2,3,4", name="b.csv")
    readings = read_physionet(path, boxes=boxes, consensus=True)
    assert marks(readings) == {("a", "consensus"): {"Cardiomegaly"}}
    assert readings.boxes["reader"].tolist() == ["consensus"]


@pytest.mark.parametrize(
    ("rows", "line", "words"),
    [
        (["a,R2,0,1,0,0,0,0", "a,R2,0,1,0,0,0,0"], 3, "each image and reader once, found that of line 2 again"),
        (["a,R2,0,1,0,0,0,"], 2, "expected one of 1, 0, found ''"),
        (["a,R2,0,1,0,0,0,-1"], 2, "expected one of 1, 0, found '-1'"),
        (["a,,0,1,0,0,0,0"], 2, "column 'rad_ID': expected a name"),
    ],
)
def test_wrong_full_release_labels_are_refused(write: Write, rows: list[str], line: int, words: str) -> None:
    with pytest.raises(DataError) as caught:
        read_physionet(write(LABELS_HEADER, *rows), boxes=None, consensus=False)
    assert f"t.csv:{line}: " in str(caught.value)
    assert words in str(caught.value)


def test_full_release_labels_without_readers_are_refused(write: Write) -> None:
    with pytest.raises(DataError, match=r"t.csv:1: expected the column rad_id"):
        read_physionet(write("image_id," + ",".join(SIX), "a,0,1,0,0,0,0"), boxes=None, consensus=False)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("z,ILD,1,2,3,4", "column 'image_id': expected an image of t.csv, found 'z'"),
        ("a,ild,1,2,3,4", "column 'class_name': expected one of Aortic enlargement, .*found 'ild'"),
    ],
)
def test_a_box_of_an_unlisted_image_or_name_is_refused(write: Write, row: str, words: str) -> None:
    path = write("image_id," + ",".join(SIX), "a,0,1,0,0,0,0")
    boxes = write("image_id,class_name,x_min,y_min,x_max,y_max", row, name="b.csv")
    with pytest.raises(DataError, match=rf"b.csv:2: {words}"):
        read_physionet(path, boxes=boxes, consensus=True)
