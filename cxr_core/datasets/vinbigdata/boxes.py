"""Readers' boxes, and the frame that their pixels are counted in."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxr_core.datasets.checks import check_agrees, check_filled, check_unique
from cxr_core.datasets.columns import numbers
from cxr_core.datasets.folders import is_original, without_suffix
from cxr_core.datasets.tables import Table, read_table
from cxr_core.datasets.vinbigdata.names import NOTHING_FOUND
from cxr_core.manifest import BOX_COLUMNS

Mask = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.float64]

CORNERS = ("x_min", "y_min", "x_max", "y_max")
_SIZE = ("width", "height")
_NAMES = ("image_id", "class_name", "rad_id")
_LARGEST_PX = 65_535
"""The largest height and width that a DICOM file can state."""
_REMEDY = "Correct the row, or get the table again."


def image_table(path: Path, *, required: Sequence[str]) -> Table:
    """A table with a column ``image_id``, which may name the image's file: then its suffix is taken off.

    Names stand there without the spaces around them, which would make another reader or finding of each.

    Raises:
        DataError: As `read_table`.
    """
    table = read_table(path, required=required)
    names = {column: table.cells[column].str.strip() for column in table.cells if str(column).lower() in _NAMES}
    image_id = names["image_id"].map(without_suffix)
    return replace(table, cells=table.cells.assign(**names | {"image_id": image_id}))


def box_frame(table: Table, *, readers: "pd.Series[str]") -> pd.DataFrame:
    """The manifest's boxes, with the table's ``width`` and ``height`` as their frame, NaN where it has none.

    Args:
        table: With ``image_id``, ``class_name`` and the corners; "No finding" has no box, whatever stands there.
        readers: Who drew the box of each row.

    Raises:
        DataError: If a corner is no number, a box has some corners only, or they are the wrong way round, in fractions
            of the image or beyond it; if two rows give an image another size.
    """
    corners = np.stack([_pixels(table, name) for name in CORNERS], axis=1)
    given = np.isfinite(corners).sum(axis=1)
    drawn: Mask = given == len(CORNERS)
    _refuse(table, (given > 0) & ~drawn, expected="all four corners or none", found="some of them")
    turned = np.logical_or(corners[:, 0] > corners[:, 2], corners[:, 1] > corners[:, 3])
    _refuse(table, turned, expected="x_min <= x_max and y_min <= y_max", found="a box the other way round")
    findings = table.cells["class_name"]
    drawn &= (findings != NOTHING_FOUND).to_numpy()
    width, height = (_size(table, name) for name in _SIZE)
    _check_place(table, corners, drawn=drawn, width=width, height=height)
    columns = (table.cells["image_id"], findings, readers, *corners.T, width, height)
    boxes = pd.DataFrame(dict(zip(BOX_COLUMNS, columns, strict=True)))
    return boxes[drawn].drop_duplicates(ignore_index=True)


def read_sizes(path: Path) -> pd.DataFrame:
    """The originals' sizes, as resized copies bring them in ``train_meta.csv``: ``dim0`` rows by ``dim1`` columns.

    Returns:
        Columns ``frame_width`` and ``frame_height``, the index is the image id.

    Raises:
        DataError: If it is not such a table.
    """
    table = image_table(path, required=("image_id", "dim0", "dim1"))
    check_filled(table, "image_id", remedy=_REMEDY)
    check_unique(table, table.cells[["image_id"]], what="image")
    sizes = {"frame_width": _pixels(table, "dim1"), "frame_height": _pixels(table, "dim0")}
    return pd.DataFrame(sizes, index=pd.Index(table.cells["image_id"]))


def fit_frames(boxes: pd.DataFrame, *, files: Mapping[str, Path], sizes: pd.DataFrame | None) -> pd.DataFrame:
    """The boxes whose frame is known, each with the frame that fits its image's file.

    A DICOM file is the original: its own size is the frame (NaN). A PNG or JPEG file may be a resized copy: the frame
    is the original's size, from the label table or else from `sizes`; without one the box is left out.

    Args:
        boxes: As in `Manifest`.
        files: From image id to file.
        sizes: As from `read_sizes`.
    """
    frame = boxes[list(BOX_COLUMNS[-2:])]
    if sizes is not None:
        frame = frame.fillna(sizes.reindex(boxes["image_id"]).set_index(frame.index))
    originals = {image_id: is_original(files[image_id]) for image_id in boxes["image_id"].unique()}
    original = boxes["image_id"].map(originals).astype(bool)
    frame = frame.mask(original, np.nan)
    known = original | (frame > 0).all(axis=1)
    boxes = boxes.assign(frame_width=frame["frame_width"], frame_height=frame["frame_height"])
    return boxes[known].reset_index(drop=True)


def _check_place(table: Table, corners: Pixels, *, drawn: Mask, width: Pixels, height: Pixels) -> None:
    """A box that lies nowhere on its image would count as one that no map can hit."""
    are_fractions = bool(drawn.any()) and corners[drawn].max() <= 1
    _refuse(table, drawn & are_fractions, expected="pixels", found="fractions of the image, in all rows")
    outside = drawn & ((corners[:, 0] >= width) | (corners[:, 1] >= height))
    _refuse(table, outside, expected="a box on the image, of the width and height in its row", found="one beside it")


def _size(table: Table, column: str) -> Pixels:
    if column not in table.cells:
        return np.full(len(table.cells), np.nan)
    check_agrees(table, column, key="image_id", remedy=_REMEDY)
    return _pixels(table, column)


def _pixels(table: Table, column: str) -> Pixels:
    expected = f"a number of pixels up to {_LARGEST_PX}, or blank"
    return numbers(table, column, highest=_LARGEST_PX, expected=expected, remedy=_REMEDY)


def _refuse(table: Table, wrong: Mask, *, expected: str, found: str) -> None:
    if wrong.any():
        raise table.fault(int(wrong.argmax()), column="x_min", expected=expected, found=found, remedy=_REMEDY)
