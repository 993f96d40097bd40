"""What the rows of a table are of: images with their files, images without, or whole studies."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxr_core.datasets.table.owners import patients, studies
from cxr_core.datasets.table.paths import ListedFiles, find_files, image_names
from cxr_core.datasets.tables import Table
from cxr_core.errors import DataError


@dataclass(frozen=True, kw_only=True)
class TableRows:
    """The rows of a table by the site's own names.

    Attributes:
        names: One row for each of the table's: its own names for `hide`.
        there: Shape ``(n,)``, whether each has an image file.
        kept: The rows that become images, in the order of the images.
        files: The files that were looked for; None where rows are studies.
    """

    names: pd.DataFrame
    there: npt.NDArray[np.bool_]
    kept: npt.NDArray[np.int64]
    files: ListedFiles | None


def rows(table: Table, *, folder: Path, needs_images: bool) -> TableRows:
    """What the rows of a table are of.

    Args:
        table: The table, its columns named as in `HEADINGS`.
        folder: Where its images lie.
        needs_images: Whether only images with a file count.

    Raises:
        DataError: If neither images nor studies are named, or only studies although images are needed; if a name is
            blank, damaged or there twice.
    """
    who, study = patients(table), studies(table)
    found = None
    if "image" in table.cells:
        own = image_names(table, needs_images=needs_images)
        found = find_files(folder, table=table, paths=own, needs_images=needs_images)
    elif study is not None and not needs_images:
        own = study
    else:
        raise _unnamed(table)
    there = np.zeros(len(own), dtype=bool) if found is None else found.there
    names = pd.DataFrame({"image_id": own, "file": own if found is None else found.files})
    if who is not None:
        names = names.assign(patient_id=who, patient=who)
    if study is not None:
        names = names.assign(study_id=study, study=study)
    # Batches are drawn by place: a table that somebody sorted otherwise must give the same networks.
    kept = (own[there] if needs_images else own).sort_values().index.to_numpy()
    return TableRows(names=names, there=there, kept=kept, files=found)


def _unnamed(table: Table) -> DataError:
    if "study" in table.cells:
        return DataError(
            f"{table.path}:1: expected the column image, found one row a study: a network reads image files. Give a "
            "row for each file; only predictions made elsewhere, with score, are judged by study."
        )
    return DataError(
        f"{table.path}:1: expected the column image, or study where a row is a whole study, found "
        f"{len(table.cells.columns)} columns without. The first row must name the columns."
    )


def notes(found: TableRows, *, needs_images: bool) -> tuple[str, ...]:
    """What a user must know of the files."""
    if found.files is None:
        return ("Rows are whole studies, without image files: there are no pixels here and no saliency.",)
    said = []
    missing = int((~found.there).sum())
    if missing and not needs_images:
        count = "all" if missing == len(found.there) else f"{missing:,} of {len(found.there):,}"
        said.append(f"Images without a file: {count}. They have no pixels and no saliency.")
    if found.files.unlisted:
        said.append(f"Image files beside the listed ones that are in no row of the table: {found.files.unlisted}.")
    if found.files.respelt:
        said.append(f"Files found under another case, accent or suffix than the table's: {found.files.respelt}.")
    return tuple(said)
