"""Reads a VinBigData folder, in the layout of the Kaggle competition or in that of PhysioNet's VinDr-CXR."""

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import Literal

import numpy as np
import pandas as pd

from cxr_core.datasets.folders import IMAGE_SUFFIXES, contents, image_files
from cxr_core.datasets.frames import image_frame
from cxr_core.datasets.matching import unmatched_note
from cxr_core.datasets.vinbigdata.boxes import fit_frames, read_sizes
from cxr_core.datasets.vinbigdata.names import names
from cxr_core.datasets.vinbigdata.policies import TEST_POLICIES, policies
from cxr_core.datasets.vinbigdata.readings import Readings, read_kaggle, read_physionet
from cxr_core.errors import DataError
from cxr_core.findings import FINDINGS
from cxr_core.manifest import Manifest

Part = Literal["train", "test"]

KAGGLE_TABLE = "train.csv"
NO_PATIENTS = (
    "VinBigData does not tell which images are of one patient: that no patient is in two parts cannot be verified, and "
    "intervals take each image as a patient of its own."
)
_MISSING = (
    f"The label table lists it; there is no such file, bare or with {', '.join(IMAGE_SUFFIXES[:-1])} or "
    f"{IMAGE_SUFFIXES[-1]}."
)


def read(
    root: Path,
    *,
    classes: Sequence[str] = FINDINGS,
    private: Path,
    attributes: Sequence[str] = (),
    needs_images: bool = True,
) -> tuple[Manifest, ...]:
    """The datasets `vinbigdata` and, where the official test set is there, `vinbigdata_test`.

    Args:
        root: The folder that holds ``train.csv`` (Kaggle) or ``annotations/`` (PhysioNet).
        classes: What the run's classes are called.
        private: Not used: the ids are pseudonyms already.
        attributes: Not used: its tables have no further columns.
        needs_images: Not used: its tables are read beside the images.

    Raises:
        DataError: If neither layout is found or both are, a table is not as published, or its images are missing.
    """
    del private, attributes, needs_images
    kaggle, annotations = root / KAGGLE_TABLE, root / "annotations"
    parts: tuple[Part, ...] = ("train", "test")
    released = [part for part in parts if (annotations / f"image_labels_{part}.csv").is_file()]
    if kaggle.is_file() == bool(released):
        raise DataError(
            f"{root}: expected VinBigData in one layout: train.csv beside train/ (Kaggle), or image_labels_train.csv "
            f"in annotations/ beside train/ (PhysioNet); found {'both' if released else contents(root)}. "
            "Give the folder that holds one of them."
        )
    if kaggle.is_file():
        return (_manifest(root, part="train", table=kaggle, classes=tuple(classes)),)
    return tuple(
        _manifest(root, part=part, table=annotations / f"image_labels_{part}.csv", classes=tuple(classes))
        for part in released
    )


def _manifest(root: Path, *, part: Part, table: Path, classes: tuple[str, ...]) -> Manifest:
    files = _image_files(root, part=part, table=table)
    readings = _read(table, part=part)
    there = readings.image_ids.isin(list(files))
    if not there.any():
        found = contents(root / part)
        raise DataError(f"{root / part}: expected the images that {table} lists, found {found}. Unpack them there.")
    image_ids = readings.image_ids[there].tolist()
    drawn = readings.boxes[readings.boxes["image_id"].isin(image_ids)].reset_index(drop=True)
    paths = {image_id: root / part / files[image_id] for image_id in image_ids}
    boxes = fit_frames(drawn, files=paths, sizes=_sizes(root / f"{part}_meta.csv"))
    matches = names(readings.labels["finding"].cat.categories.tolist(), classes=classes)
    return Manifest(
        dataset="vinbigdata" if part == "train" else "vinbigdata_test",
        reader="vinbigdata",
        root=root,
        images=image_frame(
            image_id=image_ids,
            file=[f"{part}/{files[image_id]}" for image_id in image_ids],
            view=np.full(len(image_ids), "PA", dtype=object),
        ),
        labels=readings.labels[readings.labels["image_id"].isin(image_ids)].reset_index(drop=True),
        boxes=boxes,
        classes=classes,
        names=matches,
        policies=policies(classes) if part == "train" else TEST_POLICIES,
        official_test=part == "test",
        notes=(
            *_notes(table, part=part, unlisted=_unlisted(files, image_ids), unframed=len(drawn) - len(boxes)),
            *unmatched_note(matches, classes=classes),
        ),
        rejected=tuple((f"{part}/{image_id}", _MISSING) for image_id in readings.image_ids[~there]),
    )


def _unlisted(files: Mapping[str, str], image_ids: Sequence[str]) -> int:
    """How many files that are named as images are in no row."""
    return sum(PurePath(files[name]).suffix != "" for name in files.keys() - set(image_ids))


def _image_files(root: Path, *, part: Part, table: Path) -> dict[str, str]:
    if (root / part).is_dir():
        return image_files(root / part)
    raise DataError(
        f"{root}: expected the folder {part}/ with the images of {table.name}, found {contents(root)}. "
        "Unpack the images there."
    )


def _read(table: Path, *, part: Part) -> Readings:
    if table.name == KAGGLE_TABLE:
        return read_kaggle(table)
    boxes = _boxes_table(table, part=part)
    return read_physionet(table, boxes=boxes if boxes.is_file() else None, consensus=part == "test")


def _boxes_table(table: Path, *, part: Part) -> Path:
    return table if table.name == KAGGLE_TABLE else table.with_name(f"annotations_{part}.csv")


def _sizes(path: Path) -> pd.DataFrame | None:
    return read_sizes(path) if path.is_file() else None


def _notes(table: Path, *, part: Part, unlisted: int, unframed: int) -> tuple[str, ...]:
    notes = [NO_PATIENTS]
    boxes = _boxes_table(table, part=part)
    if not boxes.is_file():
        notes.append(f"There is no {boxes.name}, hence no boxes.")
    if unlisted:
        notes.append(f"Image files in {part}/ that are in no row of {table.name}: {unlisted}.")
    if unframed:
        notes.append(
            f"Boxes on PNG or JPEG files that are left out, since the size of the originals is not known: {unframed}. "
            f"Put {part}_meta.csv (image_id, dim0 = height, dim1 = width) beside {part}/ to have them."
        )
    return tuple(notes)
