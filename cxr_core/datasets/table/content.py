"""The content of a table: its images and their findings."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxr_core.datasets.columns import ages, coded, words
from cxr_core.datasets.frames import image_frame, label_frame
from cxr_core.datasets.tables import Table

NAMING = ("image", "study")
"""Columns that say what a row is of: an image, of a study where that is known, or else a whole study."""

OPTIONAL = ("patient", "view", "sex", "age")
"""Columns that may be absent."""

_VIEWS = {
    "pa": "PA",
    "ap": "AP",
    "frontal": "frontal",
    "lateral": "lateral",
    "": None,
    **dict.fromkeys(("ll", "rl", "lat"), "lateral"),
}
_SEXES = {
    "f": "F",
    "female": "F",
    "m": "M",
    "male": "M",
    "other": None,
    "unknown": None,
    "": None,
    "o": None,
    "u": None,
}
_LABELS = {
    "yes": 1,
    "no": 0,
    "positive": 1,
    "negative": 0,
    "present": 1,
    "absent": 0,
    "uncertain": -1,
    "unclear": -1,
    "true": 1,
    "false": 0,
    "pos": 1,
    "neg": 0,
    "y": 1,
    "n": 0,
    "equivocal": -1,
    "indeterminate": -1,
}
_YEARS_OF = {"y": 1.0, "m": 12.0, "w": 52.1775, "d": 365.25}
_DICOM_AGE = re.compile(r"(\d{1,3})([ymwd])", re.ASCII | re.IGNORECASE)
_REMEDY = "Correct that cell; leave it blank where nothing is recorded."


def absent_notes(table: Table) -> tuple[str, ...]:
    """What it costs that columns of `OPTIONAL` are absent, if any are."""
    absent = [column for column in OPTIONAL if column not in table.cells]
    groups = [column for column in absent if column != "patient"]
    notes = []
    if "patient" in absent:
        unit = "study" if "study" in table.cells else "image"
        notes.append(
            f"No column patient: each {unit} is taken as a patient of its own, so that intervals are too narrow where "
            "a patient has several."
        )
    if groups:
        names = groups[0] if len(groups) == 1 else f"{', '.join(groups[:-1])} or {groups[-1]}"
        notes.append(f"No column {names}: unless a file's header tells, it is unknown, and there are no results by it.")
    return tuple(notes)


def image_rows(table: Table, *, names: pd.DataFrame, there: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """The manifest's images.

    Args:
        table: The table.
        names: One row for each of its, with the pseudonyms ``image_id`` and, as far as known, ``patient_id`` and
            ``study_id``.
        there: Whether each has an image file.

    Raises:
        DataError: If a view, sex or age is none of the known ones.
    """
    cells = table.cells
    return image_frame(
        image_id=names["image_id"],
        file=names["image_id"].astype(object).where(there, None).tolist(),
        patient_id=names["patient_id"].to_numpy(dtype=object) if "patient_id" in names else None,
        study_id=names["study_id"].to_numpy(dtype=object) if "study_id" in names else None,
        view=words(table, "view", meanings=_VIEWS, remedy=_REMEDY) if "view" in cells else None,
        sex=words(table, "sex", meanings=_SEXES, remedy=_REMEDY) if "sex" in cells else None,
        age_years=ages(_with_years(table), "age", remedy=_REMEDY) if "age" in cells else None,
    )


def _with_years(table: Table) -> Table:
    """The table with ages in years where they are as in DICOM: ``045Y``, ``006M``."""
    cells = table.cells["age"]
    years = {cell: _years(cell) for cell in cells.unique()}
    return replace(table, cells=table.cells.assign(age=cells.map(years)))


def _years(cell: str) -> str:
    dicom = _DICOM_AGE.fullmatch(cell.strip())
    return cell if dicom is None else f"{int(dicom[1]) / _YEARS_OF[dicom[2].lower()]}"


def label_values(table: Table, findings: Sequence[str], *, kept: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """The labels of the rows that are kept, in the order of `kept`, shape ``(rows, findings)``: 1, 0, -1, NaN.

    Args:
        table: The table.
        findings: Its columns of labels.
        kept: The rows.

    Raises:
        DataError: If a label is not 1, 0, -1, a word for one of them, or blank.
    """
    values = np.empty((len(kept), len(findings)), dtype=np.float32)
    for column, name in enumerate(findings):
        stated = coded(table, name, values=(1, 0, -1), blank=True, words=_LABELS, remedy=_REMEDY)
        values[:, column] = stated[kept]
    return values


def label_rows(values: npt.NDArray[np.float32], *, findings: Sequence[str], image_id: "pd.Series[str]") -> pd.DataFrame:
    """The manifest's labels.

    Args:
        values: From `label_values`.
        findings: What their columns are called.
        image_id: Of each row of `values`.
    """
    n = len(values)
    return label_frame(
        values,
        image_ids=image_id,
        image=np.arange(n),
        findings=findings,
        readers=["table"],
        reader=np.zeros(n, dtype=np.int64),
    )
