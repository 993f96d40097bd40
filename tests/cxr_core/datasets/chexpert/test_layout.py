"""CheXpert as it is downloaded today: in batches, of which some may be missing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cxr_core.datasets import chexpert
from cxr_core.datasets.chexpert.names import LABELS
from cxr_core.errors import DataError
from cxr_core.manifest import Manifest

CSV, ONE, TWO, THREE = (
    "CheXpert-v1.0 batch 1 (validate & csv)",
    "CheXpert-v1.0 batch 2 (train 1)",
    "CheXpert-v1.0 batch 3 (train 2)",
    "CheXpert-v1.0 batch 4 (train 3)",
)
VIEW = "study1/view1_frontal.jpg"
STATED = ",1" + ",0" * 13


def table(part: str, *patients: str) -> str:
    rows = [f"CheXpert-v1.0/{part}/{patient}/{VIEW}{STATED}" for patient in patients]
    return "\n".join(["Path," + ",".join(LABELS), *rows]) + "\n"


TABLES = {
    f"{CSV}/train.csv": table("train", "patient00001", "patient21514", "patient43018"),
    f"{CSV}/valid.csv": table("valid", "patient64541"),
    f"{CSV}/valid/patient64541/{VIEW}": "",
}
TRAIN = {
    f"{ONE}/patient00001/{VIEW}": "",
    f"{TWO}/patient21514/{VIEW}": "",
    f"{THREE}/patient43018/{VIEW}": "",
}

Lay = Callable[[dict[str, str]], Path]


@pytest.fixture
def lay(tmp_path: Path) -> Lay:
    def laid(files: dict[str, str]) -> Path:
        for name, content in files.items():
            (tmp_path / "down" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "down" / name).write_text(content)
        return tmp_path / "down"

    return laid


def read(root: Path) -> tuple[Manifest, ...]:
    return chexpert.read(root, private=root / "none")


@pytest.mark.parametrize("given", ["", CSV, TWO])
def test_batches_are_read_as_they_lie(lay: Lay, given: str) -> None:
    train, valid = read(lay(TABLES | TRAIN) / given)
    assert (train.dataset, valid.dataset) == ("chexpert_train", "chexpert_valid")
    assert train.images["image_id"].tolist() == [
        f"train/{patient}/study1/view1_frontal" for patient in ("patient00001", "patient21514", "patient43018")
    ]
    assert train.images["patient_id"].tolist() == ["patient00001", "patient21514", "patient43018"]
    assert valid.images["file"].tolist() == [f"{CSV}/valid/patient64541/{VIEW}"]
    assert [*train.rejected, *train.notes, *valid.rejected, *valid.notes] == []
    for manifest in (train, valid):
        assert all(
            manifest.path(*names).is_file()
            for names in zip(manifest.images["image_id"], manifest.images["file"], strict=True)
        )


def test_the_folder_above_and_tables_that_were_moved_up_are_found(lay: Lay) -> None:
    moved = {name.removeprefix(f"{CSV}/") if name.endswith(".csv") else name: text for name, text in TABLES.items()}
    root = lay({f"chexpertchestxrays-u20210408/{name}": text for name, text in (moved | TRAIN).items()})
    assert [len(manifest.images) for manifest in read(root)] == [3, 1]


def test_patients_of_a_batch_that_is_not_here_are_rejected(lay: Lay) -> None:
    train, _ = read(lay(TABLES | {f"{TWO}/patient21514/{VIEW}": ""}))
    assert train.images["patient_id"].tolist() == ["patient21514"]
    assert [file for file, _ in train.rejected] == [f"train/patient00001/{VIEW}", f"train/patient43018/{VIEW}"]
    assert set(train.labels["image_id"]) == set(train.images["image_id"])


@pytest.mark.parametrize("given", ["", CSV])
def test_the_first_batch_alone_is_the_validation_set_and_says_what_is_missing(lay: Lay, given: str) -> None:
    (valid,) = read(lay(TABLES) / given)
    assert (valid.dataset, len(valid.images)) == ("chexpert_valid", 1)
    assert valid.notes == ("train.csv is there without its images in train/, so that chexpert_train is not read.",)


def test_a_table_without_images_in_the_old_layout_is_said_too(lay: Lay) -> None:
    files = {
        "train.csv": table("train", "patient1"),
        "valid.csv": table("valid", "patient2"),
        f"valid/patient2/{VIEW}": "",
    }
    (valid,) = read(lay(files))
    assert valid.notes == ("train.csv is there without its images in train/, so that chexpert_train is not read.",)


def test_tables_without_any_image_are_refused(lay: Lay) -> None:
    with pytest.raises(
        DataError, match=r"expected the folder train/ with the images of train.csv or the folder valid/"
    ):
        read(lay({name: text for name, text in TABLES.items() if name.endswith(".csv")}))
    with pytest.raises(DataError, match=r"found none of their patients in .*batch 3"):
        read(lay({**TABLES, f"{TWO}/patient99999/{VIEW}": ""}))
