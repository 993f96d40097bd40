"""VinBigData's label tables as the manifest's labels and boxes. The images themselves are not looked for."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxr_core.datasets.checks import check_agrees, check_filled, check_unique
from cxr_core.datasets.columns import coded, positions
from cxr_core.datasets.frames import label_frame, no_boxes
from cxr_core.datasets.tables import Table
from cxr_core.datasets.vinbigdata.boxes import CORNERS, box_frame, image_table
from cxr_core.datasets.vinbigdata.names import KAGGLE_FINDINGS, PHYSIONET_FINDINGS, SIX
from cxr_core.errors import DataError

CONSENSUS = "consensus"
_REMEDY = "Correct the cell, or get the table again."


@dataclass(frozen=True, kw_only=True)
class Readings:
    """What the readers said.

    Attributes:
        image_ids: Of every image that a reader saw, sorted.
        labels: As in `Manifest`.
        boxes: As in `Manifest`, their frame as far as the table tells it.
    """

    image_ids: pd.Index
    labels: pd.DataFrame
    boxes: pd.DataFrame


def read_kaggle(path: Path) -> Readings:
    """The competition's ``train.csv``: one row for each box of a reader, or for a reader's "No finding".

    A reader with a row for an image saw it: every finding that has no row of this reader is 0.

    Raises:
        DataError: If it is not as published.
    """
    table = image_table(path, required=("image_id", "class_name", "rad_id", *CORNERS))
    finding = positions(table, "class_name", known=KAGGLE_FINDINGS, remedy=_REMEDY)
    if "class_id" in table.cells:
        check_agrees(table, "class_name", key="class_id", remedy=_REMEDY)
        check_agrees(table, "class_id", key="class_name", remedy=_REMEDY)
    _check_spelt_once(table, "rad_id")
    image, image_ids = _ranked(table, "image_id")
    reader, readers = _ranked(table, "rad_id")
    pairs, reading = np.unique(image * len(readers) + reader, return_inverse=True)
    values = np.zeros((len(pairs), len(KAGGLE_FINDINGS)), dtype=np.float32)
    values[reading, finding] = 1
    labels = label_frame(
        values,
        image_ids=image_ids.tolist(),
        image=pairs // len(readers),
        findings=KAGGLE_FINDINGS,
        readers=readers.tolist(),
        reader=pairs % len(readers),
    )
    return Readings(image_ids=image_ids, labels=labels, boxes=box_frame(table, readers=table.cells["rad_id"]))


def read_physionet(path: Path, *, boxes: Path | None, consensus: bool) -> Readings:
    """The full release's ``image_labels_*.csv``: a row for each image and reader, a column of 0 or 1 for each finding.

    Args:
        path: The labels.
        boxes: The boxes, ``annotations_*.csv``, if they are at hand.
        consensus: Whether they are the readers' consensus (the test set), which has no column ``rad_id``.

    Raises:
        DataError: If a table is not as published.
    """
    table = image_table(path, required=("image_id", *SIX))
    image, image_ids = _ranked(table, "image_id")
    who = _readers(table, consensus=consensus)
    check_unique(table, pd.DataFrame({"image_id": image, "rad_id": who}), what="image and reader")
    readers = pd.Index(sorted(who.unique(), key=_natural), dtype="str")
    reader = readers.get_indexer(pd.Index(who)).astype(np.int64)
    findings = [name for name in PHYSIONET_FINDINGS if name in table.cells]
    values = np.stack([coded(table, name, values=(1, 0), blank=False, remedy=_REMEDY) for name in findings], axis=1)
    order = np.lexsort((reader, image))
    labels = label_frame(
        values[order],
        image_ids=image_ids.tolist(),
        image=image[order],
        findings=findings,
        readers=readers.tolist(),
        reader=reader[order],
    )
    drawn = no_boxes() if boxes is None else _boxes(boxes, image_ids=image_ids, consensus=consensus, labels=path.name)
    return Readings(image_ids=image_ids, labels=labels, boxes=drawn)


def _boxes(path: Path, *, image_ids: pd.Index, consensus: bool, labels: str) -> pd.DataFrame:
    table = image_table(path, required=("image_id", "class_name", *CORNERS))
    positions(table, "class_name", known=PHYSIONET_FINDINGS, remedy=_REMEDY)
    unknown = ~table.cells["image_id"].isin(image_ids).to_numpy()
    if unknown.any():
        position = int(unknown.argmax())
        found = table.shown(position, "image_id")
        raise table.fault(position, column="image_id", expected=f"an image of {labels}", found=found, remedy=_REMEDY)
    return box_frame(table, readers=_readers(table, consensus=consensus))


def _readers(table: Table, *, consensus: bool) -> "pd.Series[str]":
    if consensus:
        return pd.Series(CONSENSUS, index=table.cells.index, dtype="str")
    # The release spells it rad_id in one of its tables and rad_ID in the other.
    columns = [str(name) for name in table.cells]
    column = next((name for name in columns if name.lower() == "rad_id"), None)
    if column is None:
        found = ", ".join(columns)
        raise DataError(f"{table.path}:1: expected the column rad_id, found {found}. Get the table again.")
    check_filled(table, column, remedy=_REMEDY)
    _check_spelt_once(table, column)
    return table.cells[column]


def _check_spelt_once(table: Table, column: str) -> None:
    """A reader in two spellings would count as two, and a majority needs more than half of them."""
    spelt = table.cells[column].drop_duplicates()
    again = spelt.str.casefold().duplicated()
    if again.any():
        row = int(table.cells.index.get_indexer(spelt.index[again][:1])[0])
        found = "one that differs from another in case alone"
        raise table.fault(row, column=column, expected="each reader in one spelling", found=found, remedy=_REMEDY)


def _ranked(table: Table, column: str) -> tuple[npt.NDArray[np.int64], pd.Index]:
    """Which name stands in each cell of a column, and the names in order."""
    check_filled(table, column, remedy=_REMEDY)
    names = pd.Index(sorted(table.cells[column].unique(), key=_natural), dtype="str")
    return names.get_indexer(pd.Index(table.cells[column])).astype(np.int64), names


def _natural(name: str) -> tuple[int, str]:
    """R2 before R10."""
    return len(name), name
