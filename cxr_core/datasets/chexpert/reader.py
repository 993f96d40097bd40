"""Reads a CheXpert folder: `train.csv`, `valid.csv` and the official test labels, each a dataset of its own."""

from pathlib import Path

from cxr_core.datasets.chexpert.names import NAMES
from cxr_core.datasets.chexpert.policies import POLICIES
from cxr_core.datasets.chexpert.studies import read_by_study
from cxr_core.datasets.chexpert.tables import Part, read_by_image
from cxr_core.datasets.folders import contents
from cxr_core.datasets.frames import no_boxes
from cxr_core.errors import DataError
from cxr_core.labels import unstated_note
from cxr_core.manifest import Manifest

FOLDERS = ("CheXpert-v1.0", "CheXpert-v1.0-small")
BY_STUDY = "groundtruth.csv"
TABLES: dict[Part, tuple[str, ...]] = {
    "train": ("train.csv",),
    "valid": ("valid.csv",),
    "test": ("test.csv", "test_labels.csv", BY_STUDY),
}
"""The names that the label tables are published under. The test set's came years later: ``test_labels.csv`` by image
with CheXlocalize, ``groundtruth.csv`` by study from the dataset's authors."""


def read(root: Path, *, private: Path) -> tuple[Manifest, ...]:
    """The datasets `chexpert_train`, `chexpert_valid` and `chexpert_test`, each if its table is there.

    Args:
        root: `CheXpert-v1.0`, `CheXpert-v1.0-small`, or the folder that holds one of them.
        private: Not used: CheXpert's ids are pseudonyms already.

    Raises:
        DataError: If no table is found, one is not as published, or the folder with its images is missing.
    """
    del private
    home = _home(root)
    found = {part: [home / name for name in names if (home / name).is_file()] for part, names in TABLES.items()}
    return tuple(_manifest(home, part=part, table=tables[0]) for part, tables in found.items() if tables)


def _home(root: Path) -> Path:
    names = [name for part in TABLES.values() for name in part]
    folders = [root, *(root / name for name in FOLDERS)]
    homes = [folder for folder in folders if any((folder / name).is_file() for name in names)]
    if len(homes) == 1:
        return homes[0]
    if homes:
        found = " and ".join(str(home) for home in homes)
        raise DataError(f"{root}: expected one CheXpert folder, found {found}. Give the one that is to be read.")
    raise DataError(
        f"{root}: expected CheXpert, that is train.csv, valid.csv or test_labels.csv in this folder or in "
        f"{' or '.join(FOLDERS)} below it; found {contents(root)}. Give the folder that holds the tables."
    )


def _manifest(home: Path, *, part: Part, table: Path) -> Manifest:
    if not (home / part).is_dir():
        raise DataError(
            f"{home}: expected the folder {part}/ with the images of {table.name}, found {contents(home)}. "
            "Unpack the images beside the table."
        )
    frames = read_by_study(table, root=home) if table.name == BY_STUDY else read_by_image(table, part=part)
    return Manifest(
        dataset=f"chexpert_{part}",
        reader="chexpert",
        root=home,
        images=frames.images,
        labels=frames.labels,
        boxes=no_boxes(),
        names=NAMES,
        policies=POLICIES,
        official_test=part != "train",
        notes=(*frames.notes, *unstated_note(frames.labels, names=NAMES)),
        rejected=frames.rejected,
    )
