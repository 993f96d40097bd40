"""Checks that every reader makes on the columns of a label table."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxr_core.datasets.tables import Table


def coded(table: Table, column: str, *, values: Sequence[int], blank: bool, remedy: str) -> npt.NDArray[np.float32]:
    """A column of a few numbers, in any spelling (``1``, ``1.0``); NaN for a blank cell.

    Args:
        table: The table.
        column: Its column.
        values: The numbers that may stand there.
        blank: Whether a cell may be blank.
        remedy: What to do about another cell.

    Raises:
        DataError: If a cell is none of the values.
    """
    codes, found = pd.factorize(table.cells[column])
    known: dict[float | str, float] = {value: value for value in values}
    if blank:
        known[""] = np.nan
    meant = np.array([known.get(_number(str(cell)), np.inf) for cell in found], dtype=np.float32)[codes]
    unknown = np.isinf(meant)
    if unknown.any():
        position = int(unknown.argmax())
        expected = "one of " + ", ".join(str(value) or "blank" for value in known)
        raise table.fault(
            position, column=column, expected=expected, found=table.shown(position, column), remedy=remedy
        )
    return meant


def positions(table: Table, column: str, *, known: Sequence[str], remedy: str) -> npt.NDArray[np.int64]:
    """Which of the known words stands in each cell of a column: indices into `known`.

    Raises:
        DataError: If a cell is none of them.
    """
    codes, found = pd.factorize(table.cells[column])
    cells = [str(cell).strip() for cell in found]
    words = [cell.lower() for cell in cells] if table.private else cells
    which = np.array([known.index(word) if word in known else -1 for word in words], dtype=np.int64)[codes]
    if (which < 0).any():
        position = int((which < 0).argmax())
        expected = "one of " + ", ".join(word or "blank" for word in known)
        raise table.fault(
            position, column=column, expected=expected, found=table.shown(position, column), remedy=remedy
        )
    return which


def words(table: Table, column: str, *, meanings: Mapping[str, str | None], remedy: str) -> npt.NDArray[np.object_]:
    """A column of known words as what each means, None where it means that nothing is recorded.

    Raises:
        DataError: If a cell is none of the words.
    """
    which = positions(table, column, known=list(meanings), remedy=remedy)
    return np.array(list(meanings.values()), dtype=object)[which]


def numbers(table: Table, column: str, *, expected: str, remedy: str) -> npt.NDArray[np.float64]:
    """A column of numbers at or above 0, NaN where a cell is blank.

    Raises:
        DataError: If a cell is neither blank nor such a number.
    """
    cells = table.cells[column]
    blank = (cells == "").to_numpy(dtype=bool)
    values = pd.to_numeric(cells.mask(blank), errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    wrong = ~blank & ~((values >= 0) & np.isfinite(values))
    if wrong.any():
        position = int(wrong.argmax())
        raise table.fault(
            position, column=column, expected=expected, found=table.shown(position, column), remedy=remedy
        )
    return values


def check_filled(table: Table, column: str, *, remedy: str) -> None:
    """That no cell of a column is blank.

    Raises:
        DataError: If one is.
    """
    blank = (table.cells[column].str.strip() == "").to_numpy(dtype=bool)
    if blank.any():
        raise table.fault(int(blank.argmax()), column=column, expected="a name", found="nothing", remedy=remedy)


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
            found=f"that of line {table.line(first)} again",
            remedy="Remove one of the two rows.",
        )


def _number(cell: str) -> float | str:
    try:
        return float(cell)
    except ValueError:
        return cell.strip()
