"""Checks that every reader makes on the ids of a label table."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cxr_core.datasets.kinds import NOTHING, POINT_ZERO, SCIENTIFIC, SHEET_ERROR, kind
from cxr_core.datasets.tables import Table


def check_filled(table: Table, column: str, *, remedy: str) -> None:
    """That a name stands in every cell of a column.

    Raises:
        DataError: If a cell is blank, or holds what a program or a spreadsheet writes where there is no name.
    """
    _refuse_kinds(table, column, kinds=("nothing", NOTHING, SHEET_ERROR), expected="a name", remedy=remedy)


def check_exact(table: Table, column: str, *, remedy: str) -> None:
    """That no cell of a column is an id that a spreadsheet has turned into a number, so that two may have become one.

    Raises:
        DataError: If one is: ``1.23457E+11``, ``12345.0``.
    """
    _refuse_kinds(table, column, kinds=(SCIENTIFIC, POINT_ZERO), expected="an id as it was given", remedy=remedy)


def _refuse_kinds(table: Table, column: str, *, kinds: Sequence[str], expected: str, remedy: str) -> None:
    codes, found = pd.factorize(table.cells[column])
    of_cells = [kind(cell) for cell in found.to_numpy(dtype=object)]
    wrong = np.array([one in kinds for one in of_cells], dtype=bool)[codes]
    if wrong.any():
        position = int(wrong.argmax())
        raise table.fault(
            position, column=column, expected=expected, found=of_cells[int(codes[position])], remedy=remedy
        )


def check_unique(table: Table, keys: pd.DataFrame, *, what: str) -> None:
    """That no row has the same keys as an earlier one.

    Args:
        table: The table.
        keys: One row for each of the table's, named after the columns that they come from.
        what: What the keys name, in words.

    Raises:
        DataError: If one has. The message gives both lines.
    """
    again = keys.duplicated().to_numpy()
    if again.any():
        second = int(again.argmax())
        first = int((keys == keys.iloc[second]).all(axis=1).to_numpy().argmax())
        raise table.fault(
            second,
            column=str(keys.columns[0]),
            expected=f"each {what} once",
            found=f"that of {table.place(first)} again",
            remedy="Remove one of the two rows.",
        )


def check_agrees(table: Table, column: str, *, key: str, remedy: str) -> None:
    """That all rows of one key say the same in a column, where it is filled.

    Raises:
        DataError: If one says otherwise than an earlier one.
    """
    stated = table.cells.loc[table.cells[column].str.strip() != "", [key, column]].apply(
        lambda cells: cells.str.strip()
    )
    pairs = stated.drop_duplicates()
    others = pairs[key].duplicated().to_numpy()
    if others.any():
        row = int(table.cells.index.get_indexer(pairs.index[others][:1])[0])
        expected = f"the same in all rows of one {key}"
        raise table.fault(row, column=column, expected=expected, found="another than further up", remedy=remedy)
