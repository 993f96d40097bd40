"""The content of a table: its images and their findings."""

import unicodedata
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxr_core.datasets.columns import ages, check_exact, check_filled, coded, words
from cxr_core.datasets.frames import image_frame, label_frame
from cxr_core.datasets.tables import Table

REQUIRED = ("image",)
OPTIONAL = {
    "patient": "No column patient: each image is taken as a patient of its own, so that intervals are too narrow where "
    "a patient has several.",
    "view": "No column view: where a file's header does not tell it either, the view is unknown.",
    "sex": "No column sex: where a file's header does not tell it either, there are no results by sex.",
    "age": "No column age: where a file's header does not tell it either, there are no results by age.",
}
"""Columns that may be absent, and what that costs."""

_VIEWS = {"pa": "PA", "ap": "AP", "frontal": "frontal", "lateral": "lateral", "": None}
_SEXES = {"f": "F", "female": "F", "m": "M", "male": "M", "other": None, "unknown": None, "": None}
_FEW = 10
"""In a smaller table one patient may well have most images."""

_REMEDY = "Correct that cell; leave it blank where nothing is recorded."


def patients(table: Table) -> "pd.Series[str] | None":
    """The patient of each row as the table names them, None without such a column.

    Raises:
        DataError: If a cell of it is blank, or is no id but what a spreadsheet or a program made of one.
    """
    if "patient" not in table.cells:
        return None
    visible = table.cells["patient"].map(_visible)
    table = replace(table, cells=table.cells.assign(patient=visible))
    check_filled(table, "patient", remedy="Give that image's patient, or leave the whole column out.")
    check_exact(table, "patient", remedy="Export the ids as text: two patients may have become one.")
    named = table.cells["patient"].str.strip().map(lambda name: unicodedata.normalize("NFC", name))
    return named.reset_index(drop=True)


def patient_notes(patient_id: "pd.Series[str]") -> tuple[str, ...]:
    """What looks odd about the patients of a table, in numbers alone."""
    images = patient_id.value_counts()
    most, n = int(images.iloc[0]), len(patient_id)
    spelt = len(images) - images.index.map(_alike).nunique()
    notes = []
    if 1 < most == n:
        notes.append(
            f"All {n} images are of one patient: nothing can be held out by patient, and there are no intervals. Is "
            "the column patient what it should be?"
        )
    elif 2 * most > n >= _FEW:
        notes.append(f"One patient has {most} of {n} images. Is the column patient what it should be?")
    if spelt:
        notes.append(
            "Patients that differ from another in case, spaces, kinds of letters or leading zeros alone, and count as "
            f"others: {spelt}."
        )
    return tuple(notes)


def _visible(name: str) -> str:
    """A name without characters that show nothing, such as a byte order mark: they come in when files are joined."""
    return "".join(letter for letter in name if unicodedata.category(letter) != "Cf")


def _alike(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split()).lstrip("0")


def image_rows(table: Table, *, image_id: "pd.Series[str]", patient_id: "pd.Series[str] | None") -> pd.DataFrame:
    """The manifest's images, with pseudonyms given.

    Raises:
        DataError: If a view, sex or age is none of the known ones.
    """
    cells = table.cells
    return image_frame(
        image_id=image_id.tolist(),
        file=image_id.tolist(),
        patient_id=None if patient_id is None else patient_id.to_numpy(dtype=object),
        view=words(table, "view", meanings=_VIEWS, remedy=_REMEDY) if "view" in cells else None,
        sex=words(table, "sex", meanings=_SEXES, remedy=_REMEDY) if "sex" in cells else None,
        age_years=ages(table, "age", remedy=_REMEDY) if "age" in cells else None,
    )


def label_rows(
    table: Table, findings: Mapping[str, str], *, image_id: "pd.Series[str]", kept: npt.NDArray[np.int64]
) -> pd.DataFrame:
    """The manifest's labels of the rows that are kept, in the order of `kept`.

    Args:
        table: The table.
        findings: From its columns of labels to what they are called.
        image_id: Of each row.
        kept: The rows.

    Raises:
        DataError: If a label is not 1, 0, -1 or blank.
    """
    columns = [coded(table, name, values=(1, 0, -1), blank=True, remedy=_REMEDY) for name in findings]
    n = len(kept)
    return label_frame(
        np.stack(columns, axis=1)[kept],
        image_ids=image_id[kept].tolist(),
        image=np.arange(n),
        findings=tuple(findings.values()),
        readers=["table"],
        reader=np.zeros(n, dtype=np.int64),
    )
