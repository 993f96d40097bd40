"""Paths of a table's images, below the table's own folder."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxr_core.datasets.columns import check_filled, check_unique
from cxr_core.datasets.folders import Names
from cxr_core.datasets.tables import Table
from cxr_core.errors import DataError


@dataclass(frozen=True, kw_only=True)
class ListedFiles:
    """Which of a table's files there are.

    Attributes:
        files: The path of each row as the file system spells it; where there is no such file, as the table does.
        there: Shape ``(n,)``, whether there is such a file.
        respelt: How many are spelt otherwise on disk than in the table.
        unlisted: Image files beside the listed ones that no row names.
    """

    files: "pd.Series[str]"
    there: npt.NDArray[np.bool_]
    respelt: int
    unlisted: int


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


def find_files(folder: Path, *, table: Table, paths: "pd.Series[str]") -> ListedFiles:
    """Looks for the listed files, as far as one system writes a name otherwise than another: see `Names`.

    Raises:
        DataError: If none is there, or two rows lead to one file.
    """
    names = Names(folder)
    files = paths.map(names.file)
    there = files.notna().to_numpy(dtype=bool)
    if not there.any():
        raise DataError(
            f"{table.path}: expected image files below {folder}, found none of the {len(paths)} listed. Give each path "
            "from the table's own folder down."
        )
    twice = files.duplicated() & there
    if twice.any():
        second = int(twice.to_numpy().argmax())
        first = int((files == files.iloc[second]).to_numpy().argmax())
        raise table.fault(
            second,
            column="image",
            expected="each file once",
            found=f"the file of {table.place(first)} in another spelling",
            remedy="Remove one of the two rows.",
        )
    return ListedFiles(
        files=files.where(there, paths),
        there=there,
        respelt=int((files[there] != paths[there]).sum()),
        unlisted=len(names.images() - set(files[there])),
    )
