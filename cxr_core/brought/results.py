"""Which columns of a long table hold the finding, the score and the flag: by name, else by what their cells are."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from cxr_core.brought import cells
from cxr_core.brought.headers import Columns
from cxr_core.brought.names import meant
from cxr_core.datasets.tables import Table


@dataclass(frozen=True, kw_only=True)
class Results:
    """The columns of a long table, each None where there is none."""

    finding: str | None
    score: str | None
    flag: str | None


def results(table: Table, columns: Columns, *, asked: Sequence[str] | None, logits: bool) -> Results:
    """The columns that say the finding, the score and the flag.

    A column that a registry calls *AI Result* or *Result Indicator* may be any of them: it is the flag where it holds
    yes and no alone, the score where it holds scores alone, the finding where it names a known one.

    Args:
        table: The table.
        columns: What its columns are.
        asked: The findings that were asked for, None for all.
        logits: Whether scores are logits.
    """
    finding, score, flag = (columns.of.get(role) for role in ("finding", "score", "flag"))
    for name in columns.results:
        if cells.are_flags(table, name):
            flag = flag or name
        elif score is None and cells.are_probabilities(table, name, logits=logits):
            score = name
        elif finding is None and _names_findings(table, name, asked=asked):
            finding = name
    if flag is None and score is None:
        flag = next((name for name in columns.results if cells.may_be_flags(table, name)), None)
    return Results(finding=finding, score=score, flag=flag)


def _names_findings(table: Table, column: str, *, asked: Sequence[str] | None) -> bool:
    return any(meant(str(cell), asked=asked) for cell in pd.unique(table.cells[column]))
