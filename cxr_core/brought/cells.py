"""Cells of a table of predictions as scores, flags, ids and words, whole columns at a time."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit

from cxr_core.attributes import SAYS_NOTHING
from cxr_core.brought import faults
from cxr_core.brought.records import Numbers, Words
from cxr_core.datasets.columns import scores
from cxr_core.datasets.kinds import kind
from cxr_core.datasets.tables import Table
from cxr_core.errors import DataError
from cxr_core.findings import spelling

_YES = ("yes", "y", "positive", "pos", "true", "t", "1", "1.0", "present", "detected")
_NO = ("no", "n", "negative", "neg", "false", "f", "0", "0.0", "absent", "not detected")
_NOTHING: Final = ("", *SAYS_NOTHING)
_FLAGS = {**dict.fromkeys(_NOTHING, np.nan), **dict.fromkeys(_YES, 1.0), **dict.fromkeys(_NO, 0.0)}
_CUT_OFF = r"\d+[.,]0+|[+-]?\d+(?:[.,]\d+)?[eE][+-]\d+"


def probabilities(table: Table, column: str, *, logits: bool, threshold: bool = False) -> npt.NDArray[np.float64]:
    """A column of scores in [0, 1], NaN where a cell is blank.

    Args:
        table: The table.
        column: Its column.
        logits: Whether the cells are logits, which become probabilities here.
        threshold: Whether they are thresholds of scores, as a message calls them.

    Raises:
        DataError: If a cell is no number, or a score that is no logit is outside [0, 1].
    """
    values = scores(table, column, remedy=faults.SCORES)
    if logits:
        return np.asarray(expit(values), dtype=np.float64)
    expected = f"{'a threshold' if threshold else 'a score'} from 0 to 1"
    table.check((values < 0) | (values > 1), column=column, expected=expected, remedy=faults.OUTSIDE)
    return values


def are_probabilities(table: Table, column: str, *, logits: bool) -> bool:
    """Whether a column holds scores, at least one and nothing else."""
    try:
        return not bool(np.isnan(probabilities(table, column, logits=logits)).all())
    except DataError:
        return False


def flags(table: Table, column: str) -> Numbers:
    """A column of yes and no as 1 and 0, NaN where a cell is blank.

    Raises:
        DataError: If a cell is neither.
    """
    values = _flags(table.cells[column])
    table.check(
        np.isinf(values),
        column=column,
        expected="yes or no, positive or negative, true or false, 1 or 0, or blank",
        remedy="Write one of these; a score belongs into a column 'score'.",
    )
    return values


def are_flags(table: Table, column: str) -> bool:
    """Whether a column holds yes and no, at least one of them and nothing else."""
    values = _flags(table.cells[column])
    return not bool(np.isinf(values).any() or np.isnan(values).all())


def may_be_flags(table: Table, column: str) -> bool:
    """Whether a column holds yes or no, whatever else it holds."""
    return bool(np.isfinite(_flags(table.cells[column])).any())


def ids(table: Table, column: str) -> Words:
    """A column of ids without spaces around them.

    Raises:
        DataError: If a cell is blank, or a spreadsheet has turned the id into a number.
    """
    cells = table.cells[column].str.strip()
    wrong = cells.str.lower().isin(_NOTHING).to_numpy() | cells.str.fullmatch(_CUT_OFF).to_numpy(dtype=bool)
    if wrong.any():
        position = int(wrong.argmax())
        raise table.fault(
            position, column=column, expected="an id", found=kind(str(cells.iat[position])), remedy=faults.IDS
        )
    return cells.to_numpy(dtype=object)


def words(table: Table, column: str | None) -> Words:
    """A column of words, None where a cell is blank or there is no column."""
    if column is None:
        return np.full(len(table.cells), None, dtype=object)
    stripped = table.cells[column].str.strip()
    found = stripped.to_numpy(dtype=object)
    found[stripped.str.lower().isin(_NOTHING).to_numpy()] = None
    return found


def _flags(cells: "pd.Series[str]") -> Numbers:
    codes, found = pd.factorize(cells)
    known = np.array([_FLAGS.get(spelling(str(cell)), np.inf) for cell in found], dtype=np.float32)
    return known[codes]
