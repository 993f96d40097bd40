from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from cxr_core.datasets import chexpert
from cxr_core.datasets.chexpert.names import LABELS, names
from cxr_core.errors import DataError
from cxr_core.findings import FINDINGS
from cxr_core.manifest import Manifest

NAMES = names(FINDINGS)

FULL = "Path,Sex,Age,Frontal/Lateral,AP/PA," + ",".join(LABELS)
LABELS_ONLY = "Path," + ",".join(LABELS)
BLANK = "," * 13
SMALL = "CheXpert-v1.0-small"

Lay = Callable[[dict[str, str]], Path]


@pytest.fixture
def lay(tmp_path: Path) -> Lay:
    def laid(files: dict[str, str]) -> Path:
        for name, content in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(content)
        return tmp_path

    return laid


def read(root: Path) -> tuple[Manifest, ...]:
    return chexpert.read(root, private=root / "none")


def train(*rows: str, folder: str = "") -> dict[str, str]:
    lines = [FULL, *(f"{SMALL}/train/{row}" for row in rows)]
    return {f"{folder}train.csv": "\n".join(lines) + "\n", f"{folder}train/patient00001/study1/view1_frontal.jpg": ""}


ROW = "patient00001/study1/view1_frontal.jpg,Female,68,Frontal,AP,1.0,,,,,,,,,0.0,,,,-1.0"


def test_a_row_is_an_image_with_its_patient_view_sex_and_age(lay: Lay) -> None:
    (manifest,) = read(lay(train(ROW)))
    assert (manifest.dataset, manifest.reader) == ("chexpert_train", "chexpert")
    assert manifest.images.iloc[0].tolist() == [
        "train/patient00001/study1/view1_frontal",
        "patient00001",
        "train/patient00001/study1",
        "train/patient00001/study1/view1_frontal.jpg",
        "AP",
        "F",
        68.0,
    ]
    assert manifest.default_policy.name == "u_ignore"
    assert manifest.boxes.empty


def test_all_fourteen_labels_are_kept_as_stated(lay: Lay) -> None:
    (manifest,) = read(lay(train(ROW)))
    said = dict(zip(manifest.labels["finding"].astype("str"), manifest.labels["value"].tolist(), strict=True))
    assert tuple(said) == LABELS
    stated = {name: value for name, value in said.items() if not np.isnan(value)}
    assert stated == {"No Finding": 1.0, "Pneumothorax": 0.0, "Support Devices": -1.0}
    assert manifest.labels["reader"].unique().tolist() == ["labeler"]


@pytest.mark.parametrize(
    ("view", "projection", "expected"),
    [
        ("frontal", "AP", "AP"),
        ("frontal", "PA", "PA"),
        ("frontal", "LL", "frontal"),
        ("frontal", "RL", "frontal"),
        ("frontal", "", "frontal"),
        ("lateral", "", "lateral"),
        ("lateral", "AP", "lateral"),
    ],
)
def test_view_is_the_path_and_the_projection(lay: Lay, view: str, projection: str, expected: str) -> None:
    (manifest,) = read(lay(train(f"patient00001/study1/view2_{view}.jpg,Male,1,,{projection}{BLANK},")))
    assert manifest.images["view"].tolist() == [expected]


@pytest.mark.parametrize(("column", "notes"), [("Frontal", 0), ("frontal ", 0), ("", 0), ("Lateral", 1), ("Frntal", 1)])
def test_a_column_that_contradicts_the_name_of_the_file_is_said(lay: Lay, column: str, notes: int) -> None:
    (plain,), (manifest,) = read(lay(train(ROW))), read(lay(train(ROW.replace("Frontal", column))))
    assert manifest.images["view"].tolist() == ["AP"]
    said = [note for note in manifest.notes if note not in plain.notes]
    wanted = "Images whose column Frontal/Lateral contradicts the name of their file: 1; the name was followed."
    assert said == [wanted] * notes


def test_age_zero_blank_and_unknown_sex_are_not_recorded(lay: Lay) -> None:
    rows = [f"patient00001/study1/view{n}_frontal.jpg,{rest}{BLANK}," for n, rest in enumerate(["Unknown,0,,", ",,,"])]
    (manifest,) = read(lay(train(*rows)))
    assert manifest.images["age_years"].isna().all()
    assert manifest.images["sex"].tolist() == [None, None]


@pytest.mark.parametrize("folder", ["", "CheXpert-v1.0/", "CheXpert-v1.0-small/"])
def test_the_folder_or_its_parent_may_be_given(lay: Lay, folder: str) -> None:
    root = lay(train(ROW, folder=folder))
    assert read(root)[0].root == root / folder
    assert read(root / folder)[0].root == root / folder


def test_each_table_is_a_dataset_of_its_own_training_first(lay: Lay) -> None:
    valid = "CheXpert-v1.0/valid/patient64541/study1/view1_frontal.jpg" + ",0.0" * 14
    test = "test/patient64741/study1/view1_frontal.jpg" + ",1" * 14
    files = {
        "test_labels.csv": f"{LABELS_ONLY}\n{test}\n",
        "test/patient64741/study1/view1_frontal.jpg": "",
        "valid.csv": f"{LABELS_ONLY}\n{valid}\n",
        "valid/patient64541/study1/view1_frontal.jpg": "",
    }
    manifests = read(lay(train(ROW) | files))
    assert [manifest.dataset for manifest in manifests] == ["chexpert_train", "chexpert_valid", "chexpert_test"]
    assert [manifest.labels["reader"].iloc[0] for manifest in manifests] == ["labeler", "radiologists", "radiologists"]
    assert manifests[2].images.iloc[0].tolist()[:5] == [
        "test/patient64741/study1/view1_frontal",
        "patient64741",
        "test/patient64741/study1",
        "test/patient64741/study1/view1_frontal.jpg",
        "frontal",
    ]
    assert manifests[2].labels["value"].tolist() == [1.0] * 14


def test_a_finding_that_no_row_states_is_said(lay: Lay) -> None:
    (manifest,) = read(lay(train("patient00001/study1/view1_frontal.jpg,Female,68,Frontal,AP,1.0,0,0,0,,,0,,,,,,,")))
    (said,) = manifest.notes
    assert said.startswith("Blank in every row: Lung Lesion, Pleural Effusion. There it is unknown, never absent")


def test_labels_by_study_are_those_of_each_of_its_images(lay: Lay) -> None:
    rows = ["CheXpert-v1.0/test/patient2/study1" + ",0" * 14, "CheXpert-v1.0/test/patient1/study1" + ",1" * 14]
    gone = "CheXpert-v1.0/test/patient3/study1" + ",1" * 14
    names = ("patient1/study1/view1_frontal", "patient1/study1/view2_lateral", "patient2/study1/view1_frontal")
    images = {f"test/{name}.jpg": "" for name in (*names, "patient9/study1/view1_frontal")}
    table = "\n".join(["Study," + ",".join(LABELS), *rows, gone]) + "\n"
    (manifest,) = read(lay(images | {"groundtruth.csv": table}))
    assert manifest.images["image_id"].tolist() == [f"test/{name}" for name in names]
    assert manifest.images["view"].tolist() == ["frontal", "lateral", "frontal"]
    assert manifest.images["patient_id"].tolist() == ["patient1", "patient1", "patient2"]
    assert manifest.labels["value"].tolist() == [1.0] * 28 + [0.0] * 14
    assert manifest.rejected == (("test/patient3/study1", "groundtruth.csv lists it; no image lies there."),)
    assert manifest.notes == ("Images in test/ of studies that groundtruth.csv does not list: 1.",)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (ROW, "column 'Path': expected each image once, found that of line 2 again"),
        (ROW.replace("patient00001", "p1"), "expected CheXpert-v1.0/train/patient<n>/study<n>/view<n>_frontal.jpg"),
        (ROW.replace("Female", "X"), "column 'Sex': expected one of Female, Male, Unknown, blank, found 'X'"),
        (ROW.replace("68", "old"), "column 'Age': expected years from 0 to 130, or blank, found 'old'"),
        (ROW.replace("AP", "XX"), "column 'AP/PA': expected one of AP, PA, LL, RL, blank, found 'XX'"),
        (ROW.replace("0.0", "0.5"), "column 'Pneumothorax': expected one of 1, 0, -1, blank, found '0.5'"),
        (ROW + ",", "expected 19 cells as in the header, found 20"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line(lay: Lay, row: str, words: str) -> None:
    second = row if row == ROW else row.replace("view1", "view2")
    with pytest.raises(DataError) as caught:
        read(lay(train(ROW, second)))
    assert "train.csv:3: " in str(caught.value)
    assert words in str(caught.value)


def test_a_path_of_another_part_is_refused(lay: Lay) -> None:
    files = {"valid.csv": f"{LABELS_ONLY}\ntrain/patient1/study1/view1_frontal.jpg{BLANK},\n", "valid/x": ""}
    with pytest.raises(DataError, match=r"valid.csv:2: column 'Path': expected CheXpert-v1.0/valid/"):
        read(lay(files))


def test_a_study_that_is_none_or_twice_is_refused(lay: Lay) -> None:
    header = "Study," + ",".join(LABELS)
    good = "test/patient1/study1" + ",1" * 14
    for second, words in (
        (good, "each study once, found that of line 2"),
        ("x" + ",1" * 14, "expected CheXpert-v1.0/"),
    ):
        with pytest.raises(DataError, match=rf"groundtruth.csv:3: .*{words}"):
            read(lay({"groundtruth.csv": f"{header}\n{good}\n{second}\n", "test/x": ""}))


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"x.txt": ""}, r"expected CheXpert.*found x.txt"),
        ({"train.csv": f"{FULL}\n"}, r"expected the folder train/ with the images of train.csv, found train.csv"),
        (train(ROW) | train(ROW, folder="CheXpert-v1.0/"), "expected one CheXpert folder"),
        (train(ROW) | {"train.csv": "Path,Sex\na,b\n"}, r"train.csv:1: expected the columns No Finding, Cardiomegaly"),
    ],
)
def test_a_wrong_folder_is_refused(lay: Lay, files: dict[str, str], words: str) -> None:
    with pytest.raises(DataError, match=words):
        read(lay(files))


def test_names_are_in_class_order() -> None:
    assert [match.class_index for match in NAMES] == list(range(6))
    assert [match.finding for match in NAMES] == [name.replace("Nodule/Mass", "Lung Lesion") for name in FINDINGS]
    assert {match.finding for match in NAMES if match.grade == "exact"} == {
        "Cardiomegaly",
        "Pleural Effusion",
        "Consolidation",
    }
