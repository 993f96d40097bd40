"""Whose the rows of a table are: its patients and its studies, as the table names them."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pandas as pd

from cxr_core.datasets.checks import check_agrees, check_exact, check_filled, check_unique
from cxr_core.datasets.tables import Table

_FEW = 10
"""In a smaller table one patient may well have most images."""


def patients(table: Table) -> "pd.Series[str] | None":
    """The patient of each row as the table names them, None without such a column.

    Raises:
        DataError: If a cell of it is blank, or is no id but what a spreadsheet or a program made of one.
    """
    if "patient" not in table.cells:
        return None
    table = _with_visible(table, "patient")
    check_filled(table, "patient", remedy="Give that image's patient, or leave the whole column out.")
    check_exact(table, "patient", remedy="Export the ids as text: two patients may have become one.")
    return _composed(table, "patient")


def studies(table: Table) -> "pd.Series[str] | None":
    """The study of each row as the table names them, None where it is blank or without such a column.

    Raises:
        DataError: If a cell of it is no id but what a spreadsheet or a program made of one; if a row is of a study and
            its cell is blank, or the study is there twice; or if one study is of two patients.
    """
    if "study" not in table.cells:
        return None
    table = _with_visible(table, "study")
    of_studies = "image" not in table.cells
    filled = (table.cells["study"].str.strip() != "").to_numpy(dtype=bool) | of_studies
    named = replace(table, cells=table.cells[filled])
    check_filled(named, "study", remedy="Give that study's id, or name images in a column image.")
    check_exact(
        named, "study", remedy="Export the ids as text, since two studies may have become one, or leave the column out."
    )
    if "patient" in table.cells:
        remedy = "Give each study an id of its own, or leave the column out."
        check_agrees(named, "patient", key="study", remedy=remedy)
    found = _composed(table, "study")
    if of_studies:
        check_unique(table, found.to_frame(), what="study")
    return found.astype(object).where(filled, None)


def _with_visible(table: Table, column: str) -> Table:
    names = table.cells[column]
    return replace(table, cells=table.cells.assign(**{column: _changed(names, by=_visible)}))


def _composed(table: Table, column: str) -> "pd.Series[str]":
    names = _changed(table.cells[column].str.strip(), by=partial(unicodedata.normalize, "NFC"))
    return names.reset_index(drop=True)


def _changed(names: "pd.Series[str]", *, by: Callable[[str], str]) -> "pd.Series[str]":
    """The names after a change that leaves ASCII as it is, as most of a million are."""
    distinct = names.unique().tolist()
    return names if all(map(str.isascii, distinct)) else names.map({name: by(name) for name in distinct})


def patient_notes(patient_id: "pd.Series[str]", *, column: str = "patient") -> tuple[str, ...]:
    """What looks odd about the patients of a table, or the studies in their place, in numbers alone."""
    images = patient_id.value_counts()
    most, n = int(images.iloc[0]), len(patient_id)
    spelt = len(images) - images.index.map(_alike).nunique()
    notes = []
    if 1 < most == n:
        notes.append(
            f"All {n} images are of one {column}: nothing can be held out by {column}, and there are no intervals. Is "
            f"the column {column} what it should be?"
        )
    elif 2 * most > n >= _FEW:
        notes.append(f"One {column} has {most} of {n} images. Is the column {column} what it should be?")
    if spelt:
        which = "Patients" if column == "patient" else "Studies"
        notes.append(
            f"{which} that differ from another in case, spaces, kinds of letters or leading zeros alone, and count as "
            f"others: {spelt}."
        )
    return tuple(notes)


def _visible(name: str) -> str:
    """A name without characters that show nothing, such as a byte order mark: they come in when files are joined."""
    return "".join(letter for letter in name if unicodedata.category(letter) != "Cf")


def _alike(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split()).lstrip("0")
