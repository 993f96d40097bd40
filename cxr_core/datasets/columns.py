"""Columns of a label table as values; a cell that is none is an error that names its place."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cxr_core.datasets.tables import Table

OLDEST_YEARS = 130.0
"""No patient is older; what is above is a birth date, a year or a slip."""

_SHOWN_WORDS = 6
_BLANK = ("", "na", "nan")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


def coded(
    table: Table,
    column: str,
    *,
    values: Sequence[int],
    blank: bool,
    remedy: str,
    words: Mapping[str, int] = MappingProxyType({}),
) -> npt.NDArray[np.float32]:
    """A column of a few numbers, in any spelling (``1``, ``1.0``); NaN for a blank cell.

    Args:
        table: The table.
        column: Its column.
        values: The numbers that may stand there.
        blank: Whether a cell may be blank.
        remedy: What to do about another cell.
        words: From words that may stand there too, in lower case, to the number of each; a cell's case is nothing.

    Raises:
        DataError: If a cell is none of the values.
    """
    codes, found = pd.factorize(table.cells[column])
    known: dict[float | str, float] = {value: value for value in values}
    if blank:
        known[""] = np.nan
    meanings = known | {word: float(value) for word, value in words.items()}
    read = [_number(_pointed(table, str(cell)).lower()) for cell in found]
    meant = np.array([meanings.get(cell, np.inf) for cell in read], dtype=np.float32)[codes]
    expected = "one of " + ", ".join(str(value) or "blank" for value in known)
    expected += f", or a word such as {', '.join(list(words)[:_SHOWN_WORDS])}" if words else ""
    table.check(np.isinf(meant), column=column, expected=expected, remedy=remedy)
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
    expected = "one of " + ", ".join(word or "blank" for word in known)
    table.check(which < 0, column=column, expected=expected, remedy=remedy)
    return which


def words(table: Table, column: str, *, meanings: Mapping[str, str | None], remedy: str) -> npt.NDArray[np.object_]:
    """A column of known words as what each means, None where it means that nothing is recorded.

    Raises:
        DataError: If a cell is none of the words.
    """
    which = positions(table, column, known=list(meanings), remedy=remedy)
    return np.array(list(meanings.values()), dtype=object)[which]


def numbers(table: Table, column: str, *, highest: float, expected: str, remedy: str) -> npt.NDArray[np.float64]:
    """A column of numbers from 0 to a highest, NaN where a cell is blank.

    Raises:
        DataError: If a cell is neither blank nor such a number.
    """
    codes, found = pd.factorize(table.cells[column])
    values = np.array([_measured(_pointed(table, str(cell)).strip()) for cell in found])[codes]
    wrong = ~np.isnan(values) & ~((values >= 0) & (values <= highest))
    table.check(wrong, column=column, expected=expected, remedy=remedy)
    return values


def scores(table: Table, column: str, *, remedy: str) -> npt.NDArray[np.float64]:
    """A column of numbers of any size, NaN where a cell is blank, ``NA`` or ``nan``.

    A number may have an exponent, and a decimal comma where columns are separated by something else.

    Raises:
        DataError: If a cell is none of these.
    """
    cells = pc.utf8_trim_whitespace(pa.array(table.cells[column], type=pa.large_string()))
    blank = pc.is_in(pc.utf8_lower(cells), value_set=pa.array(_BLANK, type=pa.large_string()))
    point = "[.]" if table.delimiter == "," else "[.,]"
    form = rf"^[+-]?(?:\d+{point}?\d*|{point}\d+)(?:[eE][+-]?\d+)?$"
    is_number = pc.match_substring_regex(cells, form)
    digits = pc.if_else(is_number, pc.replace_substring(cells, ",", "."), None)
    values = np.array(pc.cast(digits, pa.float64()).to_numpy(zero_copy_only=False))
    wrong = ~blank.to_numpy(zero_copy_only=False) & ~np.isfinite(values)
    table.check(wrong, column=column, expected="a number, or blank", remedy=remedy)
    return values


def ages(table: Table, column: str, *, remedy: str) -> npt.NDArray[np.float64]:
    """A column of ages in years, NaN where a cell is blank.

    Raises:
        DataError: If a cell is neither blank nor a number of years that somebody can be old, such as a birth date.
    """
    expected = f"years from 0 to {OLDEST_YEARS:.0f}, or blank"
    return numbers(table, column, highest=OLDEST_YEARS, expected=expected, remedy=remedy)


def _pointed(table: Table, cell: str) -> str:
    """A number with a point for its decimal comma, where columns are separated by something else."""
    return cell if table.delimiter == "," else cell.replace(",", ".")


def _number(cell: str) -> float | str:
    return float(cell) if _NUMBER.fullmatch(cell.strip()) else cell.strip()


def _measured(cell: str) -> float:
    """A number; NaN for a blank cell, infinite for anything else, so that it is above every bound."""
    if not cell:
        return float("nan")
    return float(cell) if _NUMBER.fullmatch(cell) else float("inf")
