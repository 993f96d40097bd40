from collections.abc import Callable
from pathlib import Path

import pytest

from cxr_core import labels
from cxr_core.datasets import vinbigdata
from cxr_core.datasets.vinbigdata.names import KAGGLE_FINDINGS, SIX, names
from cxr_core.errors import DataError
from cxr_core.findings import FINDINGS
from cxr_core.manifest import Manifest

NAMES = names(KAGGLE_FINDINGS, classes=FINDINGS)

HEADER = "image_id,class_name,class_id,rad_id,x_min,y_min,x_max,y_max"

Lay = Callable[[dict[str, str]], Path]


@pytest.fixture
def lay(tmp_path: Path) -> Lay:
    """Lays out a folder: from path to content."""

    def laid(files: dict[str, str]) -> Path:
        for name, content in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(content)
        return tmp_path

    return laid


def read(root: Path) -> tuple[Manifest, ...]:
    return vinbigdata.read(root, private=root / "none")


KAGGLE = {
    "train.csv": f"{HEADER}\nb,ILD,5,R1,1,2,3,4\na,No finding,14,R1,,,,\nc,ILD,5,R1,1,2,3,4\n",
    "train/a.dicom": "",
    "train/b.png": "",
    "train/z.dicom": "",
    "train/notes.txt": "",
}


def test_kaggle_folder(lay: Lay) -> None:
    root = lay(KAGGLE)
    (manifest,) = read(root)
    assert (manifest.dataset, manifest.reader, manifest.root, manifest.official_test) == (
        "vinbigdata", "vinbigdata", root, False
    )  # fmt: skip
    assert manifest.images["image_id"].tolist() == ["a", "b"]
    assert manifest.images["file"].tolist() == ["train/a.dicom", "train/b.png"]
    assert manifest.images["view"].tolist() == ["PA", "PA"]
    assert manifest.images[["patient_id", "sex", "age_years"]].isna().all(axis=None)
    assert manifest.default_policy.name == "majority"
    assert not (root / "none").exists()


def test_a_listed_image_without_a_file_is_rejected_and_nowhere_else(lay: Lay) -> None:
    (manifest,) = read(lay(KAGGLE))
    ((file, reason),) = manifest.rejected
    assert file == "train/c"
    assert ".dicom, .dcm, .png, .jpg or .jpeg" in reason
    assert set(manifest.labels["image_id"]) == {"a", "b"}
    assert "c" not in set(manifest.boxes["image_id"])


def test_notes_tell_what_to_know(lay: Lay) -> None:
    (manifest,) = read(lay(KAGGLE))
    patients, unlisted, unframed = manifest.notes
    assert "patient" in patients
    assert unlisted == "Image files in train/ that are in no row of train.csv: 1."
    assert "is not known: 1. Put train_meta.csv" in unframed


def test_ids_with_a_suffix_and_files_without_one_are_found(lay: Lay) -> None:
    rows = "b.dicom,ILD,5,R1,1,2,3,4\na.dicom,No finding,14,R1,,,,\nc.png,ILD,5,R1,1,2,3,4\nc,Cardiomegaly,3,R2,1,2,3,4"
    names = {"train/a": "\0" * 128 + "DICM", "train/b": "\0" * 128 + "DICM", "train/c.png": "", "train/LICENSE": ""}
    (manifest,) = read(lay({"train.csv": f"{HEADER}\n{rows}\n", **names}))
    assert manifest.images["image_id"].tolist() == ["a", "b", "c"]
    assert manifest.images["file"].tolist() == ["train/a", "train/b", "train/c.png"]
    assert manifest.rejected == ()
    assert manifest.boxes["image_id"].tolist() == ["b"]
    assert not any("in no row" in note for note in manifest.notes)
    assert labels.votes(manifest).shape == (3, 2, 6)


def test_sizes_beside_the_table_give_copies_their_frames(lay: Lay) -> None:
    (manifest,) = read(lay(KAGGLE | {"train_meta.csv": "image_id,dim0,dim1\nb,600,500\n"}))
    assert manifest.boxes[["frame_width", "frame_height"]].to_numpy().tolist() == [[500, 600]]
    assert len(manifest.notes) == 2


PHYSIONET = {
    "annotations/image_labels_train.csv": f"image_id,rad_ID,{','.join(SIX)}\na,R1,0,1,0,0,0,0\n",
    "annotations/annotations_train.csv": (
        "image_id,rad_id,class_name,x_min,y_min,x_max,y_max\na,R1,Cardiomegaly,1,2,3,4\n"
    ),
    "annotations/image_labels_test.csv": f"image_id,{','.join(SIX)}\nb,1,0,0,0,0,0\n",
    "annotations/annotations_test.csv": "image_id,class_name,x_min,y_min,x_max,y_max\nb,No finding,,,,\n",
    "train/a.dicom": "",
    "test/b.dicom": "",
}


def test_physionet_folder(lay: Lay) -> None:
    train, test = read(lay(PHYSIONET))
    assert (train.dataset, test.dataset) == ("vinbigdata", "vinbigdata_test")
    assert (train.official_test, test.official_test) == (False, True)
    assert [policy.name for policy in test.policies] == ["consensus"]
    assert test.images["file"].tolist() == ["test/b.dicom"]
    assert test.labels["reader"].unique().tolist() == ["consensus"]
    assert len(train.boxes) == 1


def test_physionet_folder_without_boxes_or_test_set(lay: Lay) -> None:
    kept = ("annotations/image_labels_train.csv", "train/a.dicom")
    (train,) = read(lay({name: PHYSIONET[name] for name in kept}))
    assert train.boxes.empty
    assert "There is no annotations_train.csv, hence no boxes." in train.notes


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"x.txt": ""}, "expected VinBigData in one layout.*found x.txt"),
        (KAGGLE | PHYSIONET, "expected VinBigData in one layout.*found both"),
        ({"train.csv": KAGGLE["train.csv"]}, r"expected the folder train/ with the images of train.csv"),
        (
            {"train.csv": KAGGLE["train.csv"], "train/x.png": ""},
            "expected the images that .*train.csv lists, found x.png",
        ),
    ],
)
def test_a_wrong_folder_is_refused(lay: Lay, files: dict[str, str], words: str) -> None:
    with pytest.raises(DataError, match=words):
        read(lay(files))


def test_names_are_in_class_order() -> None:
    assert [match.class_index for match in NAMES] == list(range(6))
    assert [name.lower() for name in SIX] == [name.lower() for name in FINDINGS]
