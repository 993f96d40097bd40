"""Attributes out of a table's further columns, those that are named and hold no identifier, date or free text."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxr_core.attributes import identifying, normalized
from cxr_core.datasets.table import column_names
from cxr_core.datasets.tables import Table
from cxr_core.errors import DataError, SettingsError
from cxr_core.manifest import ATTRIBUTE_COLUMNS, no_attributes

YEAR = "year"
"""A column of that name may hold many numbers, and is the same attribute as the year in a header."""

_TAKEN_FOR_STRATA = ("all",)
_LONGEST_NAME = 40
_MOST_VALUES = 100
_MOST_NUMBERS = 12
"""As many values of an attribute are looked at apart."""

_ALWAYS_TAKEN = 2
_EARLIEST_YEAR = 1900
_NUMBER = re.compile(r"[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:e[+-]?\d+)?", re.ASCII | re.IGNORECASE)


def names_typed(typed: Sequence[str], *, known: Sequence[str]) -> tuple[str, ...]:
    """The names of columns as a table's are read: each once, in lower case.

    Args:
        typed: As given with ``--attribute``.
        known: The columns that a table's reader takes anyway.

    Raises:
        SettingsError: If one cannot be the name of an attribute, or is taken anyway.
    """
    names = dict.fromkeys(unicodedata.normalize("NFC", name).strip().lower() for name in typed)
    for name in names:
        if name in known:
            raise SettingsError(f"--attribute {name}: that column of a table is always taken. Leave this out.")
        if name in _TAKEN_FOR_STRATA or not re.fullmatch(rf"[^\W\d_][\w .()/+-]{{0,{_LONGEST_NAME - 1}}}", name):
            raise SettingsError(
                f"--attribute expects the name of a column that begins with a letter, has at most {_LONGEST_NAME} "
                "letters, digits or spaces, and is not 'all'. Rename the column in the table."
            )
    return tuple(names)


def attribute_rows(
    table: Table,
    *,
    names: Sequence[str],
    image_id: "pd.Series[str]",
    patient_id: "pd.Series[str] | None",
    kept: npt.NDArray[np.int64],
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The manifest's attributes of the rows that are kept, in the order of `kept`, and which columns give none.

    Args:
        table: The table.
        names: From `names_typed`.
        image_id: Of each row.
        patient_id: Of each row, None where the table does not tell.
        kept: The rows; a column is judged by all of them.

    Raises:
        DataError: If a column may hold what no run keeps. The message gives the column and the line, never a cell.
    """
    frames, notes = [no_attributes()], []
    for name in names:
        if name not in table.cells:
            notes.append(f"No column {name}: no attribute of that name from this table.")
            continue
        if (what := column_names.held(name)) is not None:
            raise _refused(table, name, f"its name says that it holds {what}", "If it does not, rename it in the table")
        codes, cells = pd.factorize(table.cells[name])
        values = pd.Series(np.array([normalized(str(cell)) for cell in cells], dtype=object)[codes])
        if not (values != "").any():
            notes.append(f"The column {name} is blank: no attribute of that name from this table.")
            continue
        _check(table, name, values, patients=image_id if patient_id is None else patient_id)
        columns = (image_id.to_numpy(object)[kept], name, values.to_numpy(object)[kept])
        rows = pd.DataFrame(dict(zip(ATTRIBUTE_COLUMNS, columns, strict=True)))
        frames.append(rows[rows["value"] != ""])
    return pd.concat(frames, ignore_index=True).astype("str"), tuple(notes)


def _check(table: Table, name: str, values: "pd.Series[str]", *, patients: "pd.Series[str]") -> None:
    recorded = values != ""
    different = values[recorded].unique()
    if name == YEAR:
        _check_years(table, values)
        return
    if len(different) > _MOST_NUMBERS and all(_NUMBER.fullmatch(value) for value in different):
        reason = f"it holds numbers of {len(different)} different values"
        raise _refused(table, name, reason, f"Bin them (60-80, 80-100) into at most {_MOST_NUMBERS}")
    forms = {value: form for value in different if (form := identifying(value)) is not None}
    if forms:
        position = int(values.isin(list(forms)).to_numpy().argmax())
        raise table.fault(
            position,
            column=name,
            expected="an attribute that many images share",
            found=forms[values.iloc[position]],
            remedy="No run keeps such a thing. Leave out --attribute for this column, or correct that cell.",
        )
    holders = patients[recorded.to_numpy()].nunique()
    if len(different) > _MOST_VALUES or 2 * len(different) > max(holders, 2 * _ALWAYS_TAKEN):
        reason = f"it holds {len(different)} different values of {holders} patients, as an identifier or free text does"
        raise _refused(table, name, reason, f"Group its values into fewer, at most {_MOST_VALUES}")


def _check_years(table: Table, values: "pd.Series[str]") -> None:
    latest = date.today().year + 1  # noqa: DTZ011 -- a year to spare
    wrong = [value for value in values.unique() if value and not _is_year(value, latest=latest)]
    table.check(
        values.isin(wrong).to_numpy(dtype=bool),
        column=YEAR,
        expected=f"a year from {_EARLIEST_YEAR} to {latest}, or blank",
        remedy="Give the year alone, in four digits.",
    )


def _is_year(value: str, *, latest: int) -> bool:
    return re.fullmatch(r"\d{4}", value, re.ASCII) is not None and _EARLIEST_YEAR <= int(value) <= latest


def _refused(table: Table, name: str, reason: str, remedy: str) -> DataError:
    return DataError(
        f"{table.path}: the column {name!r} cannot be an attribute: {reason}, and no run keeps such a thing. {remedy}, "
        "or leave out --attribute for this column."
    )
