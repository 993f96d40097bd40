"""Paths of a table's images, below the table's own folder."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxr_core.datasets.checks import check_filled, check_unique
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


_ELSEWHERE = r"^[/~]|^[A-Za-z]:|\\|(?:^|/)\.\.(?:/|$)"

_LONGER = r"(?:^|/)\.?(?:/|$)"
"""A path with doubled slashes, or with ``.`` among its folders."""


def image_names(table: Table, *, needs_images: bool) -> "pd.Series[str]":
    """The column ``image``, a path below the table's folder in one spelling: without ``.`` and doubled slashes.

    Where no image is needed, a path that leads elsewhere is a name like another, as it stands there.

    Raises:
        DataError: If a path is blank or stands there twice; or is absolute or leads out of the table's folder although
            images are needed.
    """
    check_filled(table, "image", remedy=_REMEDY)
    paths = table.cells["image"].str.strip()
    out = is_elsewhere(paths)
    if needs_images and out.any():
        raise table.fault(
            int(out.argmax()),
            column="image",
            expected="a path below the table's folder",
            found="an absolute path, a backslash or '..'",
            remedy=_REMEDY,
        )
    longer = paths.str.contains(_LONGER, regex=True).to_numpy(dtype=bool) & ~out
    paths = paths.mask(longer, paths[longer].map(lambda path: str(PurePosixPath(path))))
    check_unique(table, paths.to_frame(), what="image")
    return paths.reset_index(drop=True)


def is_elsewhere(paths: "pd.Series[str]") -> npt.NDArray[np.bool_]:
    """Which paths do not lead to a file below the table's folder."""
    return paths.str.contains(_ELSEWHERE, regex=True).to_numpy(dtype=bool)


def find_files(folder: Path, *, table: Table, paths: "pd.Series[str]", needs_images: bool) -> ListedFiles:
    """Looks for the listed files, as far as one system writes a name otherwise than another: see `Names`.

    Raises:
        DataError: If none is there although images are needed, or two rows lead to one file.
    """
    names = Names(folder)
    files = paths.where(~is_elsewhere(paths), None).map(names.file, na_action="ignore")
    there = files.notna().to_numpy(dtype=bool)
    if needs_images and not there.any():
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
        files=files.where(there, paths).astype("str"),
        there=there,
        respelt=int((files[there] != paths[there]).sum()),
        unlisted=len(names.images() - set(files[there])) if there.any() else 0,
    )
