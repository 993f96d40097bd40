"""Where a table's images lie: paths below the table's own folder."""

import os
from pathlib import Path, PurePosixPath

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxr_core.datasets.columns import check_filled, check_unique
from cxr_core.datasets.folders import IMAGE_SUFFIXES
from cxr_core.datasets.tables import Table

_REMEDY = "Give the path from the table's own folder down, with forward slashes."


def relative_paths(table: Table) -> "pd.Series[str]":
    """The column ``image`` in one spelling: without ``.`` and doubled slashes.

    Raises:
        DataError: If a path is blank, absolute, leads out of the table's folder, or stands there twice.
    """
    check_filled(table, "image", remedy=_REMEDY)
    paths = table.cells["image"].str.strip()
    out = paths.str.contains(r"^[/~]|^[A-Za-z]:|\\|(?:^|/)\.\.(?:/|$)", regex=True).to_numpy(dtype=bool)
    if out.any():
        raise table.fault(
            int(out.argmax()),
            column="image",
            expected="a path below the table's folder",
            found="an absolute path, a backslash or '..'",
            remedy=_REMEDY,
        )
    paths = paths.map(lambda path: str(PurePosixPath(path)))
    check_unique(table, paths.to_frame(), what="image")
    return paths.reset_index(drop=True)


def find_files(folder: Path, *, paths: "pd.Series[str]") -> tuple[npt.NDArray[np.bool_], int]:
    """Which of the paths are files, and how many image files lie beside them that no path names.

    Each folder that a path names is listed once.
    """
    listed = set(paths)
    found: set[str] = set()
    for parent in {str(PurePosixPath(path).parent) for path in listed}:
        found |= _files(folder, parent=parent)
    unlisted = sum(PurePosixPath(name).suffix.lower() in IMAGE_SUFFIXES for name in found - listed)
    return paths.isin(found).to_numpy(), unlisted


def _files(folder: Path, *, parent: str) -> set[str]:
    try:
        with os.scandir(folder / parent) as entries:
            return {str(PurePosixPath(parent, entry.name)) for entry in entries if entry.is_file()}
    except OSError:
        return set()
